"""A facade mode colours every window by one fact. It is declared once, as data: legend, colours and news derive from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from layers.layer import Text
from twin.base.events import Event
from twin.base.scope import Scope

Facts = Callable[[QuerySet[Any], Scope], QuerySet[Any]]
"""(homes, scope) -> `values_list(dwelling id, category key)`, at most one row a home. `homes` are dwellings whose facts are
granted; what is read beside them is read through the gate. A home without a row keeps no colour."""
Touched = Callable[[Sequence[Any]], Iterable[int | None]]
"""Events of one class and one transaction -> the dwellings that may look different now; None is nobody's."""


class Pattern(StrEnum):
    """What is drawn over the colour, because colour is never the only sign. Tags have the same; so has the shader."""

    PLAIN = "plain"
    STRIPES = "stripes"
    STRIPES_BACK = "stripes_back"
    BARS = "bars"
    DOTS = "dots"
    CROSS = "cross"
    RINGS = "rings"
    CHECKS = "checks"


@dataclass(frozen=True, slots=True)
class Category:
    """One line of the legend. The key is what travels."""

    key: str
    label: Text
    colour: str
    pattern: Pattern = Pattern.PLAIN


@dataclass(frozen=True, slots=True)
class Subject:
    """What facades are about: facts that change together. `events` say whose windows to colour anew."""

    name: str
    events: Mapping[type[Event], Touched]


@dataclass(frozen=True, slots=True)
class Facade:
    """`group` is the heading under which it is offered; `rest` says what a home without a category is."""

    name: str
    title: Text
    group: Text
    about: Subject
    categories: tuple[Category, ...]
    facts: Facts
    rest: Text

    def __post_init__(self) -> None:
        keys = [category.key for category in self.categories]
        if len(set(keys)) < len(keys):
            raise ValueError(f"facade {self.name} has two categories of one key")
        looks = [(category.colour, category.pattern) for category in self.categories]
        if len({pattern for _, pattern in looks}) < min(len(looks), len(Pattern)):
            raise ValueError(
                f"facade {self.name}: tell its categories apart by pattern too, not by colour alone"
            )

    def __str__(self) -> str:
        return self.name
