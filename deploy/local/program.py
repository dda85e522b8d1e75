"""What a supervised program is: data, so that the list of them can be read in one place."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


def always() -> bool:
    return True


def nothing() -> None:
    return None


@dataclass(frozen=True)
class Program:
    """One program to keep running.

    `ready` says, without waiting, whether it serves; `clear` removes what a killed predecessor left and runs before
    every start; `stop_signal` is the one it ends tidily on; `shown` sends its output to the terminal too; `marked` lets a
    later start find and end it by its mark, for all that have no such `clear` of their own.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    ready: Callable[[], bool] = field(default=always)
    clear: Callable[[], None] = field(default=nothing)
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within_s: float = 10.0
    shown: bool = True
    marked: bool = True


class SetUpError(Exception):
    """Something that the person at the terminal has to know or do; shown without a traceback."""
