"""One row of an import: what it is, and what would become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from twin.places.importing.columns import Columns
from twin.places.importing.notes import Note, note
from twin.places.importing.numbers import is_nothing
from twin.places.importing.table import Table
from twin.places.models.importing import ImportRow

Verdict = ImportRow.Verdict


@dataclass(slots=True)
class Row:
    """number: counted from 1 in the file; 0 for a place that the file does not have. shape: EPSG:4326. values: field of the
    model -> value, of what the file says; derived: those of them that were worked out, and from which other field ("" for a
    default). changes: field -> (then, now). place_id: the place that it is already."""

    number: int
    source_id: str
    shape: BaseGeometry | None = None
    verdict: str = Verdict.CREATE
    values: dict[str, Any] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    place_id: int | None = None
    joined_into: int | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether this row stands for a place of its own."""
        return self.verdict not in (Verdict.REFUSE, Verdict.JOIN)

    def note(self, code: str, **details: Any) -> None:
        self.notes.append(note(code, **details))

    def refuse(self, code: str, **details: Any) -> None:
        """The reason comes first among the notes."""
        self.verdict = Verdict.REFUSE
        self.notes.insert(0, note(code, **details))

    def join(self, into: Row) -> None:
        self.verdict, self.joined_into = Verdict.JOIN, into.number


@dataclass(slots=True)
class Cells:
    """The cells of one thing: of its row, and of the other rows that are pieces of it."""

    table: Table
    columns: Columns
    rows: list[int]
    differing: list[str] = field(default_factory=list)

    def get(self, name: str) -> Any:
        """The first value; when pieces say different things, the field is remembered in `differing`."""
        values = [self.columns.cell(self.table, row, name) for row in self.rows]
        said = [value for value in values if value is not None]
        if len(said) > 1 and any(value != said[0] for value in said[1:]) and name not in self.differing:
            self.differing.append(name)
        return said[0] if said else None

    def all(self, name: str) -> list[Any]:
        """Every value that any column for this field holds, best first."""
        if name in self.columns.constants:
            return [self.columns.constants[name]]
        columns = self.columns.of.get(name, ())
        return [self.table.columns[column][row] for row in self.rows for column in columns]

    def column(self, name: str) -> str:
        """The column that `get` reads for this field, or ""."""
        for column in self.columns.of.get(name, ()):
            if any(not is_nothing(self.table.columns[column][row]) for row in self.rows):
                return column
        return ""


Values = Callable[[Cells, Row], None]
"""Fills `row.values` from cells. Raises RowRefused."""
