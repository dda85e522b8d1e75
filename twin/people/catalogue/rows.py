"""One row of a catalogue: what it says, and what would become of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from twin.people.catalogue.messages import REFUSES
from twin.people.models import TagCatalogueRow
from twin.people.roster.rows import NotedRow

Kind = TagCatalogueRow.Kind
Verdict = TagCatalogueRow.Verdict


@dataclass(slots=True)
class CatalogueRow(NotedRow):
    """said: our field -> what a cell says, tidied; without the fields whose cells are empty. changes: field -> (then, now),
    of a new one then is None. about_id: the tag or class that there is."""

    refuses: ClassVar[frozenset[str]] = REFUSES

    kind: str = Kind.TAG
    code: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    way: tuple[str, ...] = ()
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    about_id: int | None = None

    @property
    def is_refused(self) -> bool:
        return self.verdict == Verdict.REFUSE
