"""Events: what has happened, told once to whoever listens.

`emit()` has two phases. A listener with `within=True` runs at once, inside the writer's transaction, and may only write to
the database; its failure rolls everything back. A plain listener runs after commit, may be lost in a crash, and therefore
only wakes someone who re-reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.db import transaction

from twin.base.verbs import in_unit_of_work


@dataclass(frozen=True, slots=True)
class Event:
    """Past tense, frozen; ids and new facts only."""

    community_id: int


E = TypeVar("E", bound=Event)
Listener = Callable[[Any], None]

_within: dict[type[Event], list[Listener]] = defaultdict(list)
_after: dict[type[Event], list[Listener]] = defaultdict(list)


def listen(event: type[E], *, within: bool = False) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a listener; registering the same one again changes nothing (ready() may run twice)."""

    def register(listener: Callable[[E], None]) -> Callable[[E], None]:
        listeners = (_within if within else _after)[event]
        if listener not in listeners:
            listeners.append(listener)
        return listener

    return register


def emit(event: Event) -> None:
    """Tell the listeners of exactly this event class. Only a verb may emit: an event without its write would be a lie."""
    if not in_unit_of_work():
        raise RuntimeError(f"{type(event).__name__} emitted outside a verb")
    for listener in _within[type(event)]:
        listener(event)
    for listener in _after[type(event)]:
        transaction.on_commit(partial(listener, event), robust=True)
