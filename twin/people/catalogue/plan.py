"""The plan: what would be done with every row of a catalogue. A dry run is a plan that is looked at; nothing is written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from twin.base.errors import Invalid
from twin.base.notes import FileRefused, Note, note, storable
from twin.base.runs import Progress, report_of, silent
from twin.people.catalogue.classes import Node, Tree
from twin.people.catalogue.comparing import Comparing
from twin.people.catalogue.messages import REMARKS
from twin.people.catalogue.reading import read_catalogue
from twin.people.catalogue.rows import CatalogueRow, Kind, Verdict
from twin.people.models import Tag, TagClass
from twin.people.roster.workbook import open_workbook
from twin.places.models import Community

MOST_ROWS = 2000
SHORTEST_REASON = 2


@dataclass(frozen=True, slots=True)
class Options:
    """How to read the file: like rosters. lower: codes of tags whose level may fall, and `why`."""

    sheet: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    lower: tuple[str, ...] = ()
    why: str = ""

    def stored(self) -> dict[str, Any]:
        return {"sheet": self.sheet, "fields": dict(self.fields), "encoding": self.encoding, "lower": list(self.lower),
                "why": self.why}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CatalogueRequest:
    community: Community
    data: bytes
    file_name: str
    source: str
    options: Options = field(default_factory=Options)


@dataclass(slots=True)
class CataloguePlan:
    """rows: every row of the file, in its order. classes: those to be written, parents first. of_class: for rows of tags by
    their place in `rows`, in which class the tag will be."""

    community: Community
    rows: list[CatalogueRow]
    classes: list[Node]
    of_class: dict[int, Node]
    options: Options
    notes: list[Note] = field(default_factory=list)
    read_as: dict[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by verdict; classes that come in new; levels that fall; faults."""
        by_verdict = Counter(row.verdict for row in self.rows)
        return {
            "rows": len(self.rows),
            **{verdict: by_verdict.get(verdict, 0) for verdict in Verdict.values},
            "classes": sum(1 for node in self.classes if node.is_new),
            "lowered": sum(1 for row in self.rows for one in row.notes if one.code == "tag_level_falls"),
            "faults": sum(1 for row in self.rows for one in row.notes if one.code not in REMARKS),
        }

    def digest(self) -> str:
        """The same for the same plan: what was shown is what may be applied."""
        seen = sha256(json.dumps(self.options.stored(), ensure_ascii=False).encode())
        for row in self.rows:
            codes = [one.code for one in row.notes]
            told = [row.sheet, row.number, row.kind, row.code, row.verdict, row.about_id, row.changes, codes]
            seen.update(json.dumps(storable(told), ensure_ascii=False, default=str).encode())
        return seen.hexdigest()

    def report(self) -> dict[str, Any]:
        """As stored and sent."""
        return report_of(
            read_as=self.read_as, counts=self.counts, notes=self.notes, rows=self.rows, digest=self.digest()
        )


def make_plan(request: CatalogueRequest, *, progress: Progress = silent) -> CataloguePlan:
    """Read a catalogue and say what would become of each row. Raises FileRefused for the whole of it, Invalid for levels
    that may fall without a reason."""
    progress("read", 0, 1)
    options = request.options
    if options.lower and len(options.why.strip()) < SHORTEST_REASON:
        raise Invalid("Say why the levels may fall.", where="why", code="lowering_needs_a_reason")
    book = open_workbook(request.data, encoding=options.encoding)
    read = read_catalogue(book, sheet=options.sheet, fields=options.fields)
    if len(read.rows) > MOST_ROWS:
        raise FileRefused("roster_has_too_many_rows", where="file", most=MOST_ROWS)
    progress("compare", 0, len(read.rows))
    tree = Tree(TagClass.objects.in_force().filter(community=request.community).order_by("pk"))
    tree.read(row for row in read.rows if row.kind == Kind.CLASS)
    tags = Tag.objects.in_force().filter(community=request.community).select_related("tag_class")
    comparing = Comparing(
        tree, {tag.code: tag for tag in tags}, dict.fromkeys(options.lower, options.why.strip())
    )
    of_class = _compare(comparing, read.rows)
    unused = [code for code in options.lower if code not in comparing.fell]
    if unused:
        read.notes.append(note("tags_lower_not_used", codes=", ".join(unused)))
    return CataloguePlan(
        request.community, read.rows, tree.written(), of_class, options, read.notes, read.read_as
    )


def _compare(comparing: Comparing, rows: Sequence[CatalogueRow]) -> dict[int, Node]:
    found = {at: comparing.compare(row) for at, row in enumerate(rows) if row.kind == Kind.TAG}
    return {at: node for at, node in found.items() if node is not None}
