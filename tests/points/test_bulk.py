from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conftest import box
from tests.points.homes import LONG_AGO, MAY, balance, ledger, person_of
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import Event
from twin.people.models import Household
from twin.places.actions import found_community
from twin.points.actions import NewEntry, award, enter_many, reverse_entry
from twin.points.events import PointsEntered
from twin.points.models import Entry, Rule
from twin.points.proving import prove


def test_many_deeds_are_entered_in_order_of_time_and_add_up(
    household: Household, neighbours: Household, clean_up: Rule, merit: Rule, ebike: Rule, resident: User,
    clerk: User, told: list[Event],
) -> None:  # fmt: skip
    award(household=household, rule=clean_up, by=None, happened_at=MAY)
    told.clear()
    done = enter_many(
        community=household.community,
        entries=[
            NewEntry(household.pk, "ebike", MAY + timedelta(days=2)),
            NewEntry(
                household.pk, "merit", MAY + timedelta(days=1), 30, person_of(resident).pk, "救起落水儿童"
            ),
            NewEntry(neighbours.pk, "clean_up", MAY),
        ],
        by=clerk,
    )
    assert done == 3
    assert (ledger(household), balance(household)) == ([2, 30, -5], 27)
    assert (ledger(neighbours), balance(neighbours)) == ([2], 2)
    entry = Entry.objects.get(points=30)
    assert (entry.kind, entry.person, entry.evidence, entry.auditor) == (
        "award", person_of(resident), "救起落水儿童", clerk,
    )  # fmt: skip
    assert told == [
        PointsEntered(
            community_id=household.community_id, household_ids=tuple(sorted([household.pk, neighbours.pk]))
        )
    ]
    assert prove(household.community) == []


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        ({"rule": "nonsense"}, "entries[1].rule"),
        ({"rule": "merit"}, "points"),
        ({"rule": "merit", "points": 161}, "points"),
        ({"happened_at": LONG_AGO - timedelta(days=1)}, "entries[1].rule"),
        ({"household_id": 999_999}, "entries[1].household"),
    ],
)
def test_one_that_is_wrong_and_none_is_entered(
    household: Household, clean_up: Rule, merit: Rule, entry: dict[str, object], where: str
) -> None:
    good = {"household_id": household.pk, "rule": "clean_up", "happened_at": MAY}
    with pytest.raises(Invalid) as refusal:
        enter_many(
            community=household.community,
            entries=[NewEntry(**good), NewEntry(**{**good, **entry})],  # type: ignore[arg-type]
        )
    assert refusal.value.where == where
    assert not Entry.objects.exists()


def test_a_household_of_another_community_is_not_entered(household: Household, clean_up: Rule) -> None:
    other = found_community(name="别的社区", boundary=box(121, 31, 121.01, 31.01))
    with pytest.raises(Invalid):
        enter_many(community=other, entries=[NewEntry(household.pk, "clean_up", MAY)])


def test_caps_hold_for_many_as_for_one(household: Household, sorting: Rule) -> None:
    award(household=household, rule=sorting, by=None, happened_at=MAY)
    two, three = ([NewEntry(household.pk, "sorting", MAY)] * n for n in (2, 3))
    with pytest.raises(Conflict) as refusal:
        enter_many(community=household.community, entries=three)
    assert (refusal.value.code, ledger(household)) == ("cap_reached", [1])
    enter_many(community=household.community, entries=two)
    reverse_entry(entry=Entry.objects.filter(household=household).first(), by=None, reason="错")
    enter_many(community=household.community, entries=two[:1])
    assert balance(household) == 3


def test_only_who_runs_the_points_enters_many(
    household: Household, clean_up: Rule, in_role: Callable[..., User]
) -> None:
    with pytest.raises(NotVisible):
        enter_many(
            community=household.community,
            entries=[NewEntry(household.pk, "clean_up", MAY)],
            by=in_role(RoleKind.GRID_HEAD),
        )
