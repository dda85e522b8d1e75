"""A facade mode colours every window by one fact. It is declared once, as data: legend, colours and news derive from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from layers.layer import Text
from twin.base.events import Event
from twin.base.scope import Grant, Scope

Facts = Callable[[QuerySet[Any], Scope], QuerySet[Any] | Sequence[QuerySet[Any]]]
"""(homes, opened) -> the category of each home. Both hold no more than what opens the facade; what is read beside homes is
read through the gate. Either `values_list(dwelling id, key)`, at most one row a home; or several querysets of
`values_list(dwelling id, key, rank)`: then the row of the lowest rank counts. Without a row, or with None for a key, a
home has no colour."""
Ends = Callable[[QuerySet[Any], Scope], datetime | None]
"""(homes, opened), like `Facts`: the next moment (UTC) at which something ends that nobody will tell of; None: never."""
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
    """`ends`: when the first of what is shown runs out by itself.

    `group` is the heading under which it is offered; `rest` says what a home without a category is; `note` what one has to
    know to read it. `opened_by`: which of the grants that open facts open this one, at their own place and nowhere else."""

    name: str
    title: Text
    group: Text
    about: Subject
    categories: tuple[Category, ...]
    facts: Facts
    rest: Text
    note: Text | None = None
    ends: Ends | None = None
    opened_by: Callable[[Grant], bool] = lambda grant: True

    def __post_init__(self) -> None:
        keys = [category.key for category in self.categories]
        if len(set(keys)) < len(keys):
            raise ValueError(f"facade {self.name} has two categories of one key")

    def opened(self, scope: Scope, community_id: int) -> Scope:
        """The same viewer with only those grants that open it in this community."""
        return scope.where(lambda g: g.facts and g.community_id == community_id and self.opened_by(g))

    def __str__(self) -> str:
        return self.name
