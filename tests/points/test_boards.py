from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.points.homes import MAY, a_household
from twin.base.errors import Invalid
from twin.people.models import Household
from twin.places.models import Building
from twin.points.actions import (
    NewBand,
    agree_on_bands,
    award,
    change_scheme,
    record_breach,
    redeem,
    reverse_entry,
)
from twin.points.boards import band_of, bands_by_household, bands_of, board_of, standing_of
from twin.points.models import Band, Entry, Reward, Rule
from twin.points.periods import Period


def lines(
    household: Household, period: Period = Period.MONTH, moment: datetime = MAY
) -> list[tuple[int, int, int]]:
    return [(p.place, p.household_id, p.points) for p in board_of(household.community, period, moment).lines]


def give(household: Household, merit: Rule, points: int, moment: datetime = MAY) -> Entry:
    return award(household=household, rule=merit, by=None, points=points, happened_at=moment)


def test_a_board_ranks_by_the_points_of_its_period(
    household: Household, neighbours: Household, across: Household, merit: Rule
) -> None:
    give(household, merit, 10)
    give(neighbours, merit, 30)
    give(across, merit, 99, MAY - timedelta(days=31))
    assert lines(household) == [(1, neighbours.pk, 30), (2, household.pk, 10)]
    assert lines(household, Period.YEAR)[0] == (1, across.pk, 99)


def test_a_deed_of_the_last_minute_counts_for_the_month_of_the_community(
    household: Household, merit: Rule
) -> None:
    last = datetime.fromisoformat("2026-05-31T23:59:59+08:00")
    give(household, merit, 10, last)
    assert lines(household, moment=last) == [(1, household.pk, 10)]
    assert lines(household, moment=last + timedelta(seconds=1)) == []


def test_breaches_count_spending_does_not(
    household: Household, merit: Rule, ebike: Rule, rice: Reward
) -> None:
    give(household, merit, 40)
    record_breach(household=household, rule=ebike, by=None, happened_at=MAY)
    redeem(household=household, reward=rice, by=None, at=MAY)
    refunded = redeem(household=household, reward=rice, by=None, at=MAY)
    reverse_entry(entry=refunded.entry, by=None, reason="退")
    assert lines(household) == [(1, household.pk, 35)]
    assert standing_of(household, MAY).year_points == 35


def test_what_was_taken_back_is_taken_off_the_month_of_the_deed(household: Household, merit: Rule) -> None:
    reverse_entry(entry=give(household, merit, 10), by=None, reason="错")
    give(household, merit, 4)
    assert lines(household) == [(1, household.pk, 4)]


def test_who_owes_is_on_no_board(household: Household, ebike: Rule) -> None:
    record_breach(household=household, rule=ebike, by=None, happened_at=MAY)
    assert lines(household) == []


def test_equals_share_a_place_and_who_was_first_stands_first(
    household: Household, neighbours: Household, across: Household, merit: Rule
) -> None:
    give(across, merit, 10)
    give(household, merit, 10)
    give(neighbours, merit, 9)
    assert lines(household) == [(1, across.pk, 10), (1, household.pk, 10), (3, neighbours.pk, 9)]


def test_the_month_shows_ten_and_the_year_fifty(west_building: Building, merit: Rule) -> None:
    homes = [
        a_household(west_building, f"{floor}{room:02}") for floor in range(1, 7) for room in range(1, 10)
    ]
    for n, home in enumerate(homes):
        give(home, merit, 3 + n)
    assert [place for place, _, _ in lines(homes[0])] == list(range(1, 11))
    assert len(lines(homes[0], Period.YEAR)) == 50
    change_scheme(community=homes[0].community, month_board=3, by=None)
    assert len(lines(homes[0])) == 3


@pytest.fixture
def bands(household: Household) -> list[Band]:
    said = [("low", -1000), ("start", 0), ("good", 15)]
    new = [NewBand(code, code, code, "#37d5ff", least) for code, least in said]
    return agree_on_bands(community=household.community, bands=new, by=None)


def test_a_window_is_coloured_by_the_points_of_the_year(
    household: Household,
    neighbours: Household,
    across: Household,
    merit: Rule,
    ebike: Rule,
    bands: list[Band],
) -> None:
    give(household, merit, 15)
    give(household, merit, 100, MAY - timedelta(days=200))
    record_breach(household=neighbours, rule=ebike, by=None, happened_at=MAY)
    coloured = bands_by_household(household.community, MAY)
    assert {home: band.code for home, band in coloured.items()} == {
        household.pk: "good",
        neighbours.pk: "low",
    }
    assert band_of(0, bands_of(household.community)) == bands[1]


def test_new_bands_take_the_place_of_the_old_ones(household: Household, bands: list[Band]) -> None:
    [only] = agree_on_bands(
        community=household.community, bands=[NewBand("good", "好", "Good", "#ffffff", 0)], by=None
    )
    assert bands_of(household.community) == [only]
    assert Band.objects.count() == 4
    with pytest.raises(Invalid):
        agree_on_bands(community=household.community, bands=[], by=None)


def test_without_bands_nothing_is_coloured(household: Household, merit: Rule) -> None:
    give(household, merit, 15)
    assert bands_by_household(household.community, MAY) == {}
    assert band_of(3, []) is None
