"""A messy roster with a hundred planted faults: every one is named with row, column and remedy, and nothing else is."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from bench.harness.rosters import FAULTS, Roster, identity_of, messy_roster
from tests.people.roster.conftest import Import
from twin.people.models import Household, Person, Residence, RosterRow
from twin.people.roster.messages import REFUSES, REMARKS
from twin.people.roster.plan import RosterPlan
from twin.places.models import Building, Dwelling

ROWS = 600


@pytest.fixture
def roster(yard: list[Building]) -> Roster:
    homes = Dwelling.objects.standing().filter(building__in=yard).select_related("building", "unit")
    texts = [f"{home.building.name}{home.unit.number}单元{home.room}室" for home in homes.order_by("id")]
    return messy_roster(texts, rows=ROWS, faults=100)


def told(made: RosterPlan) -> list[tuple[int, str, str]]:
    """Row, letter of the column and code of every fault."""
    return [(row.number, str(one.details.get("letter")), one.code)
            for row in made.rows for one in row.notes if one.code not in REMARKS]  # fmt: skip


def test_people_of_the_made_up_roster_have_numbers_of_their_own() -> None:
    assert len({identity_of(n)[0] for n in range(20_000)}) == 20_000


def test_a_hundred_faults_of_thirty_kinds_are_named_and_nothing_else(roster: Roster, plan: Import) -> None:
    made = plan(roster.data)
    assert len(made.rows) == roster.rows == ROWS
    assert (len(roster.planted), len({code for *_, code in roster.planted})) == (
        100,
        len({f[0] for f in FAULTS}),
    )
    assert set(roster.planted) ^ set(told(made)) == set()
    assert told(made) == roster.planted


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_fault_says_its_column_and_what_to_do(roster: Roster, plan: Import, language: str) -> None:
    remedies = ("Write", "Correct", "Remove", "Format", "waits until", "请", "待认定")
    with override(language):
        for row in plan(roster.data).rows:
            for one in row.notes:
                if one.code not in REMARKS:
                    assert f"({one.details['letter']})" in one.message
                    assert any(remedy in one.message for remedy in remedies), one.message


def test_what_is_not_faulty_comes_in_and_a_second_time_nothing_changes(
    roster: Roster, bring_in: Import
) -> None:
    first = bring_in(roster.data)
    codes = [code for *_, code in roster.planted]
    refused = sum(code in REFUSES for code in codes)
    waiting = sum(code == "address_doubtful" for code in codes)
    assert (first.counts["refuse"], first.counts["wait"]) == (refused, waiting)
    assert first.counts["create"] == Person.objects.count() == ROWS - refused - waiting
    before = (Person.objects.count(), Household.objects.count(), Residence.objects.count())
    again = bring_in(roster.data)
    assert (again.counts["unchanged"], again.counts["create"], again.counts["change"]) == (
        first.counts["create"],
        0,
        0,
    )
    assert (Person.objects.count(), Household.objects.count(), Residence.objects.count()) == before
    assert told(again) == roster.planted


def test_the_table_keeps_every_row_and_no_text_of_those_that_are_settled(
    roster: Roster, bring_in: Import
) -> None:
    bring_in(roster.data)
    assert RosterRow.objects.count() == ROWS
    assert set(RosterRow.objects.exclude(said_sealed=None).values_list("verdict", flat=True)) == {"wait"}
