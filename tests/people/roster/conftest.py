"""A yard with three buildings, and spreadsheets made for one test each. Every name and number is made up."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import Workbook

from tests.conftest import a_building, box
from twin.people.models import Person, Residence
from twin.people.roster.plan import Options, RosterPlan, RosterRequest, make_plan
from twin.people.roster.runs import import_roster
from twin.places.actions import add_compound, cut_building
from twin.places.models import Building, Community, Dwelling, Grid

HEADER = ("户号", "姓名", "与户主关系", "性别", "身份证号码", "联系电话", "现住址")
Import = Callable[..., RosterPlan]


@pytest.fixture
def yard(community: Community, west: Grid) -> list[Building]:
    """船厂大院 1栋 to 3栋: two units, six floors, two flats each."""
    compound = add_compound(
        community=community, name="船厂大院", geometry=box(122.6001, 31.0503, 122.6019, 31.0518)
    )
    made = []
    for n in (1, 2, 3):
        building = a_building(
            community, 122.6002 + 0.0005 * n, compound=compound, name=f"船厂大院{n}栋", number=f"{n}栋",
            address=f"环岛路1576号船厂大院{n}栋",
        )  # fmt: skip
        cut_building(building=building)
        made.append(building)
    return made


def home(building: Building, unit: str, room: str) -> Dwelling:
    return Dwelling.objects.standing().get(building=building, unit__number=unit, room=room)


def xlsx(
    *rows: Sequence[Any], sheets: dict[str, Sequence[Sequence[Any]]] | None = None, merge: str = ""
) -> bytes:
    """A workbook of one sheet with these rows, or of several; cells may be anything that a spreadsheet holds."""
    book = Workbook()
    book.remove(book.active)
    for name, lines in (sheets or {"名册": rows}).items():
        page = book.create_sheet(name)
        for line in lines:
            page.append(list(line))
        if merge:
            page.merge_cells(merge)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def csv_of(*rows: Sequence[Any], encoding: str = "utf-8") -> bytes:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.fixture
def plan(community: Community, yard: list[Building]) -> Import:
    """The dry run of a workbook."""

    def make(data: bytes, *, source: str = "花名册", **options: Any) -> RosterPlan:
        return make_plan(RosterRequest(community, data, "花名册.xlsx", source, Options(**options)))

    return make


@pytest.fixture
def bring_in(community: Community, yard: list[Building]) -> Import:
    def make(data: bytes, *, source: str = "花名册", **options: Any) -> RosterPlan:
        return import_roster(
            request=RosterRequest(community, data, "花名册.xlsx", source, Options(**options))
        )

    return make


def codes(plan: RosterPlan) -> list[list[str]]:
    """The codes of the notes of every row."""
    return [[one.code for one in row.notes] for row in plan.rows]


def verdicts(plan: RosterPlan) -> list[str]:
    return [str(row.verdict) for row in plan.rows]


def lives(name: str) -> list[str]:
    """Where somebody of this name lives now: building, unit and room."""
    rows = Residence.objects.current().actual().filter(person__name=name, person__ended_at=None)
    homes = [row.dwelling for row in rows.select_related("dwelling__building", "dwelling__unit")]
    return sorted(f"{home.building}/{home.unit.number}/{home.room}" for home in homes)


def somebody(name: str) -> Person:
    return Person.objects.standing().get(name=name)
