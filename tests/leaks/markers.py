"""Unique marks, one for every free field of every row of the world, so that a leak names itself.

The fields come from the models: a new text, JSON or point field is marked without anybody remembering to. Fields that mean
something to the program (choices, paths, hashes, codes with a checked form) cannot hold a mark and are listed. A point is
marked by its latitude: on none of the shapes of the world, and written the same way wherever it is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.db import connection, models

from twin.access.models import AuditEntry
from twin.points.models import Entry, RuleVersion

MARK = re.compile(
    r"zq[0-9]{5}qz|31\.9[0-9]{5}1(?![0-9])"
    r"|[\u3400-\u4dbf]\*\*|199\*{4}[0-9]{4}|199[0-9]{8}|999999[0-9]{11}[0-9X]|1899-[0-9]{2}-[0-9]{2}"  # of people
    r"|189[78]-[0-9]{2}-[0-9]{2}"  # days on which something was done for points
)
APPEND_ONLY: dict[type[models.Model], str] = {
    AuditEntry: "audit_is_append_only",
    Entry: "ledger_is_append_only",
    RuleVersion: "rule_history_is_append_only",
}
PLANTED = {
    "patrol.Visit": {"withdrawn_why"},  # only one that was withdrawn has it
    "people.Person": {"name"}, "people.EmergencyContact": {"name"}, "people.Organisation": {"contact_name"},
    "places.CutRow": {"why"}, "people.RosterAddress": {"reasons", "candidates"}, "people.RosterRow": {"changes", "notes"},
}  # fmt: skip
"""Fields that are masked where they are told or hold documents of their own form: `tests.leaks.people` puts marks in."""
FORMS_ARE_CHECKED = {
    "path", "colour", "code", "time_zone", "password", "username", "photo", "action", "subject", "event", "clear_event",
    "metric", "icon", "home", "sha256", "step", "report", "options", "error", "symbol", "changes", "notes",
    "question",
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """Which field of which row, and where that row belongs."""

    text: str
    label: str
    pk: int
    field: str
    belongs: str
    """"home" or "away" grid of the community, "community" for what all its staff share, "other" community."""
    level: int = 0
    """Of a tag, L1 to L5."""

    def __str__(self) -> str:
        return f"{self.label}.{self.field} of row {self.pk} ({self.belongs})"


def free_fields(model: type[models.Model]) -> Iterator[models.Field]:
    for field in model._meta.concrete_fields:
        text = isinstance(field, (models.CharField, models.TextField)) and not isinstance(
            field, models.FileField
        )
        if (
            (text or isinstance(field, models.JSONField))
            and not field.choices
            and field.name not in FORMS_ARE_CHECKED
            and field.name not in PLANTED.get(model._meta.label, ())
        ):
            yield field


def free_points(model: type[models.Model]) -> Iterator[PointField]:
    for field in model._meta.concrete_fields:
        if isinstance(field, PointField):
            yield field


@contextmanager
def changeable(model: type[models.Model]) -> Iterator[None]:
    """Tables that only grow refuse every change; a test must take the trigger away to mark their rows."""
    if model not in APPEND_ONLY:
        yield
        return
    table, trigger = model._meta.db_table, APPEND_ONLY[model]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


class Marker:
    """Puts marks into rows and remembers them."""

    def __init__(self) -> None:
        self.marks: dict[str, Mark] = {}
        self._next = count(1)

    def mark(self, row: models.Model, belongs: str, level: int = 0) -> None:
        """Overwrite every free field of a stored row; straight in the table, since most have no verb that changes them."""
        changes: dict[str, object] = {}
        for field in free_fields(type(row)):
            text = f"zq{next(self._next):05d}qz"
            longest = getattr(field, "max_length", None)
            assert longest is None or longest >= len(text) or isinstance(field, models.JSONField), (
                f"{type(row).__name__}.{field.name} is too short for a mark: list it in FORMS_ARE_CHECKED and say why"
            )
            changes[field.name] = {text: text} if isinstance(field, models.JSONField) else text
            self.marks[text] = Mark(text, row._meta.label, row.pk, field.name, belongs, level)
        for point in free_points(type(row)):
            if getattr(row, point.name) is not None:
                latitude = self.latitude(row._meta.label, row.pk, point.name, belongs)
                changes[point.name] = Point(getattr(row, point.name).x, latitude, srid=4326)
        if changes:
            with changeable(type(row)):
                type(row)._base_manager.filter(pk=row.pk).update(**changes)

    def word(self, label: str, pk: int, field: str, belongs: str) -> str:
        """A word that is nobody else's."""
        text = f"zq{next(self._next):05d}qz"
        self.marks[text] = Mark(text, label, pk, field, belongs)
        return text

    def latitude(self, label: str, pk: int, field: str, belongs: str) -> float:
        """A latitude (degrees) that is nobody else's."""
        text = f"31.9{next(self._next):05d}1"
        self.marks[text] = Mark(text, label, pk, field, belongs)
        return float(text)

    def found_in(self, text: str) -> set[Mark]:
        return {self.marks[found] for found in MARK.findall(text) if found in self.marks}
