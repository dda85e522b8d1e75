"""The answer to a report: how many rows, and their cells, in as few queries for a hundred rows as for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from twin.access.gate import visible
from twin.base.errors import TooLarge
from twin.people.models import Household
from twin.reports.asking import Question
from twin.reports.choosing import ordered, rows_of, with_places
from twin.reports.facts import Facts, Row
from twin.reports.field import Cell, Subject

MOST_EXPORTED = 20_000
MOST_CELLS = 400_000
"""Some ten seconds of work for a spreadsheet."""
AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class Counted:
    """`rows` of the report, and how many different households and people they tell of."""

    rows: int
    households: int
    people: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row. Where the dwelling no longer stands there is none to fly to."""

    dwelling_id: int | None
    household_id: int | None
    person_id: int | None
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class Told:
    """Who was on the lines that were passed on: what the audit keeps of a list."""

    rows: int = 0
    households: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)

    def passing(self, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            self.rows += 1
            if line.household_id is not None:
                self.households.add(line.household_id)
            if line.person_id is not None:
                self.people.add(line.person_id)
            yield line


def count(question: Question) -> Counted:
    """Exact, in one query."""
    rows = rows_of(question).order_by()
    if question.of is Subject.HOUSEHOLD:
        total = rows.count()
        return Counted(total, total, 0)
    told = rows.aggregate(
        rows=Count("pk"), households=Count("household", distinct=True), people=Count("person", distinct=True)
    )
    return Counted(**told)


def page_of(question: Question, page: int, page_size: int) -> list[Line]:
    """`page` counts from 1."""
    begin = (page - 1) * page_size
    rows = ordered(rows_of(question), question)[begin : begin + page_size]
    return list(_lines(question, with_places(_with_people(rows, question))))


def all_lines(question: Question) -> Iterator[Line]:
    """Every row, a thousand at a time; which they are is asked once, so that nobody is told of twice or left out.

    Raises TooLarge, before the first line, for more than 20 000 rows.
    """
    ids = list(ordered(rows_of(question), question).values_list("pk", flat=True)[: MOST_EXPORTED + 1])
    if len(ids) > MOST_EXPORTED:
        raise TooLarge(
            "The report has more than %(most)d rows: choose a smaller area, or ask for less.",
            most=MOST_EXPORTED,
        )
    return _in_pieces(question, ids)


def _in_pieces(question: Question, ids: Sequence[int]) -> Iterator[Line]:
    for begin in range(0, len(ids), AT_A_TIME):
        rows = ordered(rows_of(question).filter(pk__in=ids[begin : begin + AT_A_TIME]), question)
        yield from _lines(question, with_places(_with_people(rows, question)))


def _with_people(rows: Any, question: Question) -> Any:
    return (
        rows
        if question.of is Subject.HOUSEHOLD
        else rows.select_related("person").prefetch_related("household")
    )


def _lines(question: Question, found: Any) -> Iterator[Line]:
    rows = list(_rows(question, list(found)))
    facts = Facts(rows, question.community, question.scope)
    for row in rows:
        told = facts.rights(row).people
        yield Line(
            row.dwelling.pk if row.dwelling.ended_at is None else None,
            row.household.pk if row.household else None,
            row.residence.person_id if row.residence else None,
            tuple(each.cell(facts, row) if each.needs in told else None for each in question.fields),
        )


def _rows(question: Question, found: Sequence[Any]) -> Iterator[Row]:
    """Who is registered here may belong to a household elsewhere, which is not the viewer's to know."""
    if question.of is Subject.HOUSEHOLD:
        yield from (Row(household.dwelling, household) for household in found)
        return
    ids = {residence.household_id for residence in found}
    seen = set(visible(Household.objects.filter(pk__in=ids), to=question.scope).values_list("pk", flat=True))
    for residence in found:
        household = residence.household if residence.household_id in seen else None
        yield Row(residence.dwelling, household, residence)
