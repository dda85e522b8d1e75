"""The plan: what would be done with every row of a roster. A dry run is a plan that is looked at; nothing is written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from twin.base.notes import Note, note
from twin.base.runs import Progress, report_of, silent
from twin.people.roster.comparing import Decisions, compare
from twin.people.roster.households import Group, group_rows, repeats
from twin.people.roster.known import read_known
from twin.people.roster.messages import REMARKS
from twin.people.roster.placing import Places, place_rows, places_of
from twin.people.roster.reading import read_roster
from twin.people.roster.rows import Row, Verdict
from twin.people.roster.workbook import open_workbook
from twin.places.addresses.gazetteer import Gazetteer, gazetteer_of
from twin.places.models import Community


@dataclass(frozen=True, slots=True)
class Options:
    """How to read the file. sheet: its name, None for all that have a header. fields: our field -> column, by name or
    letter, "" to leave one out. compound: where addresses lie that name no place. encoding: of a CSV."""

    sheet: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    compound: str = ""
    encoding: str | None = None

    def stored(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "fields": dict(self.fields),
            "compound": self.compound,
            "encoding": self.encoding,
        }


@dataclass(frozen=True, slots=True)
class RosterRequest:
    """One roster for one community. source: under which name its people are known, so that a later one updates them."""

    community: Community
    data: bytes
    file_name: str
    source: str
    options: Options = field(default_factory=Options)


@dataclass(slots=True)
class RosterPlan:
    """rows: every row of the file, in its order."""

    community: Community
    source: str
    rows: list[Row]
    groups: list[Group]
    decisions: Decisions
    places: Places
    notes: list[Note] = field(default_factory=list)
    read_as: dict[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by verdict; households; how many doubtful addresses wait."""
        by_verdict = Counter(row.verdict for row in self.rows)
        waiting = {one.said.compound + one.said.address for one in self.rows if one.verdict == Verdict.WAIT}
        return {
            "rows": len(self.rows),
            **{verdict: by_verdict.get(verdict, 0) for verdict in Verdict.values},
            "households": sum(1 for group in self.groups if group.wanted),
            "addresses": len(waiting),
            "faults": sum(1 for row in self.rows for one in row.notes if one.code not in REMARKS),
        }

    def digest(self) -> str:
        """The same for the same plan: what was shown is what may be applied."""
        seen = sha256()
        for row in self.rows:
            codes = ",".join(one.code for one in row.notes)
            seen.update(
                f"{row.sheet}|{row.number}|{row.verdict}|{row.person_id}|{row.household_id}|{row.dwelling_id}|"
                f"{row.registered_dwelling_id}|{row.changes}|{codes}\n".encode()
            )
            seen.update(json.dumps(row.said.stored(), ensure_ascii=False).encode())
        return seen.hexdigest()

    def report(self) -> dict[str, Any]:
        """As stored and sent."""
        return report_of(
            read_as=self.read_as, counts=self.counts, notes=self.notes, rows=self.rows, digest=self.digest()
        )


def make_plan(request: RosterRequest, *, progress: Progress = silent) -> RosterPlan:
    """Read a roster and say what would become of each row. Raises FileRefused for the whole of it."""
    progress("read", 0, 1)
    options = request.options
    book = open_workbook(request.data, encoding=options.encoding)
    progress("read", 1, 1)
    today = request.community.today()
    roster = read_roster(book, sheet=options.sheet, fields=options.fields, today=today, progress=progress)
    gazetteer = gazetteer_of(request.community)
    places = places_of(gazetteer, request.source, options.compound, roster)
    repeats(roster.rows)
    relations = all(one.code != "roster_has_no_relations" for one in roster.notes)
    groups = group_rows(roster.rows, tells_relations=relations)
    place_rows(roster.rows, places, progress)
    if not gazetteer.says_division:
        roster.notes.append(note("roster_division_missing"))
    decisions = compare_groups(groups, request.community, places, request.source, progress)
    return RosterPlan(
        request.community,
        request.source,
        roster.rows,
        groups,
        decisions,
        places,
        roster.notes,
        roster.read_as,
    )


def plan_waiting(
    community: Community, source: str, rows: Sequence[Row], gazetteer: Gazetteer, compound_id: int | None
) -> RosterPlan:
    """The plan for rows that waited, with what has been decided since. Rows of one group are one household."""
    places = Places(gazetteer, source, compound_id)
    by_index: dict[int, Group] = {}
    for row in rows:
        group = by_index.setdefault(row.group, Group(row.group, row.said.household))
        group.rows.append(row)
    place_rows(rows, places, silent)
    groups = list(by_index.values())
    return RosterPlan(
        community,
        source,
        list(rows),
        groups,
        compare_groups(groups, community, places, source, silent),
        places,
    )


def compare_groups(
    groups: Sequence[Group], community: Community, places: Places, source: str, progress: Progress
) -> Decisions:
    progress("compare", 0, 1)
    wanted = [row for group in groups for row in group.wanted]
    known = read_known(
        community.pk,
        identities={row.said.identity for row in wanted if row.said.identity},
        dwelling_ids={row.dwelling_id for row in wanted if row.dwelling_id is not None},
        source=source,
        numbers={group.number for group in groups if group.number},
    )
    decisions = compare(groups, known, places, source)
    progress("compare", 1, 1)
    return decisions
