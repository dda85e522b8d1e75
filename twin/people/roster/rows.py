"""One row of a roster: what it says, and what would become of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from twin.base.notes import Note, note
from twin.people.models.roster import RosterRow
from twin.people.roster.header import Column
from twin.people.roster.messages import REFUSES

Verdict = RosterRow.Verdict


@dataclass(slots=True)
class Said:
    """What a row says of a person, tidied. Empty where it says nothing.

    bases: "registered", "actual" or both. address: as written or put together from its parts; place: the compound in which
    it lies by another column. household: the household's number in the office's books.
    """

    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    identity: str = ""
    identity_kind: str = ""
    phone: str = ""
    relation: str = ""
    household: str = ""
    address: str = ""
    compound: str = ""
    registered_address: str = ""
    bases: tuple[str, ...] = ()
    tenure: str = ""
    since: date | None = None

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        kept: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            if value:
                kept[name] = value.isoformat() if isinstance(value, date) else value
        return kept

    @classmethod
    def from_stored(cls, kept: dict[str, Any]) -> Said:
        dates: dict[str, Any] = {
            name: date.fromisoformat(kept[name]) for name in ("birth_date", "since") if name in kept
        }
        bases = {"bases": tuple(kept["bases"])} if "bases" in kept else {}
        said: dict[str, Any] = {**kept, **dates, **bases}
        return cls(**said)


@dataclass(slots=True)
class NotedRow:
    """number: as the sheet shows it. columns: of its sheet, our field -> column. `refuses`: codes of notes with which a row
    does not come in."""

    refuses: ClassVar[frozenset[str]] = REFUSES

    sheet: str
    number: int
    columns: dict[str, Column]
    verdict: str = Verdict.CREATE
    notes: list[Note] = field(default_factory=list)

    @property
    def where(self) -> str:
        """How other rows are told of it."""
        return str(self.number)

    def label(self, name: str) -> str:
        """The column as people are told of it: its title and letter."""
        column = self.columns.get(name)
        return column.label if column else name

    def note(self, code: str, of: str = "", **details: Any) -> None:
        """of: our field whose cell is meant. A fault refuses the row and comes first."""
        if of:
            column = self.columns.get(of)
            details = {
                "column": self.label(of),
                "field": of,
                "letter": column.letter if column else "",
                **details,
            }
        if code in self.refuses:
            at = sum(1 for one in self.notes if one.code in self.refuses)
            self.notes.insert(at, note(code, **details))
            self.verdict = Verdict.REFUSE
        else:
            self.notes.append(note(code, **details))


@dataclass(slots=True)
class Row(NotedRow):
    """changes: field -> (then, now), without sealed texts. group: number of the household among those of the file."""

    said: Said = field(default_factory=Said)
    group: int = 0
    dwelling_id: int | None = None
    registered_dwelling_id: int | None = None
    address_id: int | None = None
    person_id: int | None = None
    household_id: int | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def is_wanted(self) -> bool:
        return self.verdict not in (Verdict.REFUSE, Verdict.WAIT)
