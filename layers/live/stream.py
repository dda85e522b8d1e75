"""A stream is declared once, as data: what its topics are, who may join them, what they hold and which events feed them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from layers.layer import Audience
from layers.live.facts import Fact, Moved
from twin.base.events import Event
from twin.base.scope import Scope

Snapshot = Callable[[Collection[int], Scope], Iterable[tuple[int, Fact]]]
"""(keys, scope) -> (key, fact) of everything that those topics hold, read through the gate."""
Tell = Callable[[Sequence[Any]], Iterable[tuple[int, Fact]]]
"""Events of one class and one transaction -> (key, fact), as things stand at the transaction's end."""
Move = Callable[[Any], Iterable[tuple[int, Moved]]]
"""An event after its commit -> (key, position)."""


class Level(StrEnum):
    """What the number in a topic's name is the id of."""

    LEAF = "leaf"
    ROOT = "root"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Stream:
    """`tag_level`: to follow it, tags of this level have to be granted at the place.

    `facts`: numbered, logged, without holes. `frames`: positions that only move, latest wins, neither numbered nor
    logged. A fact's thing is its `id`; of several facts about one thing in one transaction only the last is told."""

    name: str
    level: Level
    audience: Audience
    snapshot: Snapshot
    facts: Mapping[type[Event], Tell]
    frames: Mapping[type[Event], Move] = field(default_factory=dict)
    tag_level: int = 0

    def __str__(self) -> str:
        return self.name
