"""What the person at the terminal sees: steps with their time, and lines of running programs, each with its name."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

COLOURS = ("36", "35", "33", "32", "34", "96", "95", "93")
WIDTH_OF_NAMES = 9


class Terminal:
    """Writes to `out`; colours and a moving step line only when that is a terminal (and NO_COLOR is unset)."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._moves = self._out.isatty()
        self._colours = self._moves and "NO_COLOR" not in os.environ
        self._names: dict[str, str] = {}

    def line(self, text: str = "") -> None:
        self._write(text + "\n")

    def warn(self, text: str) -> None:
        self.line(self.coloured(f"! {text}", "33"))

    def failed(self, text: str) -> None:
        self.line(self.coloured(f"✗ {text}", "31"))

    def said(self, name: str, text: str) -> None:
        """One line that the program `name` wrote."""
        colour = self._names.setdefault(name, COLOURS[len(self._names) % len(COLOURS)])
        self.line(f"{self.coloured(f'{name:<{WIDTH_OF_NAMES}}|', colour)} {text}")

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """A step that may take a while: named before, timed after."""
        started = time.monotonic()
        self._write(f"  {title} …" + ("" if self._moves else "\n"))
        try:
            yield
        except BaseException:
            self._write(("\r\033[K" if self._moves else "") + self.coloured(f"✗ {title}", "31") + "\n")
            raise
        taken = time.monotonic() - started
        self._write(
            ("\r\033[K" if self._moves else "") + f"{self.coloured('✓', '32')} {title} ({taken:.1f} s)\n"
        )

    def progress(self, title: str, text: str) -> None:
        """Replaces the line of the step `title` with what it is doing now; nothing where lines cannot be replaced."""
        if self._moves:
            width = max(20, os.get_terminal_size(self._out.fileno()).columns - len(title) - 6)
            self._write(f"\r\033[K  {title} … {self.coloured(text.strip()[:width], '2')}")

    def coloured(self, text: str, colour: str) -> str:
        return f"\033[{colour}m{text}\033[0m" if self._colours else text

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except (OSError, ValueError):
            pass  # the terminal was closed: stopping tidily matters more than telling about it
