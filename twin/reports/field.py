"""A field that can be ticked in a report: declared once, as data. List, table, spreadsheet and leak test follow from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from twin.access.roles import Personal
from twin.base.scope import Scope

if TYPE_CHECKING:
    from twin.reports.facts import Facts, Row

Cell = str | int | date | None
"""What stands in one cell: words in the reader's language, a number, a day, or nothing."""


class Subject(models.TextChoices):
    """What a row is about: a household, or a person in a home."""

    HOUSEHOLD = "household", _("household")
    PERSON = "person", _("person")


class Group(models.TextChoices):
    """Under which heading a field is offered."""

    PLACE = "place", _("place")
    HOUSEHOLD = "household", _("household")
    PERSON = "person", _("person")
    TAGS = "tags", _("tags")
    POINTS = "points", _("points")
    DEVICES = "devices", _("devices")


class Kind(models.TextChoices):
    TEXT = "text", _("text")
    NUMBER = "number", _("number")
    DATE = "date", _("date")
    CHOICE = "choice", _("choice")
    TAGS = "tags", _("tags")


@dataclass(frozen=True, slots=True)
class Words:
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ReportField:
    """`reads`: the columns that it tells something of, `room.Model.field`. `needs`: the personal right without which nothing
    is told; `masked`: what is told is not the whole. `order`: lookups to sort by, where that tells nothing that the cell
    hides. `cell` is asked only for rows at which the right is granted."""

    id: str
    of: Subject
    group: Group
    name: Words
    reads: tuple[str, ...]
    cell: Callable[[Facts, Row], Cell]
    kind: Kind = Kind.TEXT
    needs: str = Personal.NAME
    masked: bool = False
    order: tuple[str, ...] = ()
    width: int = 14
    """Of its column in a spreadsheet, in characters."""

    def offered_to(self, scope: Scope) -> bool:
        """Whether any of the viewer's grants opens it; row by row the right at that place decides."""
        return any(grant.facts and self.needs in grant.people for grant in scope.grants)
