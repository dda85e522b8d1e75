from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from twin.places.importing.identity import Rule
from twin.places.importing.rows import Cells, Row
from twin.places.models import Community, Place


@dataclass(slots=True)
class Context:
    """What rows are read against: the community, its compounds by name, and what a building without a height gets.

    unknown_words: words of a column that stand for nothing we know, counted.
    """

    community: Community
    default_floors: int = 1
    compounds: dict[str, int] = field(default_factory=dict)
    unknown_words: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """model, and the field of its shape; lines: whether that is a line; read: fills the values of a row; fields: what is
    compared with what is known."""

    name: str
    model: type[Place]
    shape: str
    rule: Rule
    fields: tuple[str, ...]
    read: Callable[[Cells, Row, Context], None]
    lines: bool = False
