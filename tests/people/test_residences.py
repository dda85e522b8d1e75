from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.people.conftest import AddPerson, Settle
from twin.base.errors import Conflict, Invalid
from twin.base.events import Event
from twin.people.actions import (
    NewHousehold,
    NewResidence,
    add_household,
    add_households,
    end_household,
    end_residence,
    move_household,
    share_space,
    start_residences,
)
from twin.people.events import HouseholdMoved
from twin.people.models import Household, Residence, SpaceShare
from twin.places.actions import cut_building, found_community
from twin.places.models import Building, Community, Dwelling

REGISTERED = {"basis": "registered"}


def test_registered_and_actual_are_two_facts(person: AddPerson, settle: Settle, flat: Dwelling) -> None:
    someone = person()
    settle(someone, flat, **REGISTERED)
    settle(someone, flat)
    assert Residence.objects.current().registered().count() == 1
    assert Residence.objects.current().actual().count() == 1


def test_a_person_lives_in_two_places(
    person: AddPerson, settle: Settle, flat: Dwelling, east_flat: Dwelling
) -> None:
    someone = person()
    settle(someone, flat)
    settle(someone, east_flat)
    assert Residence.objects.current().filter(person=someone).count() == 2


def test_but_is_registered_in_one(
    person: AddPerson, settle: Settle, flat: Dwelling, east_flat: Dwelling
) -> None:
    someone = person()
    settle(someone, flat, **REGISTERED)
    with pytest.raises(Conflict) as refusal:
        settle(someone, east_flat, **REGISTERED)
    assert refusal.value.code == "a_person_is_registered_in_one_place_at_a_time"


def test_a_registration_moves_by_ending_and_beginning(
    person: AddPerson, settle: Settle, flat: Dwelling, east_flat: Dwelling
) -> None:
    someone = person()
    before = settle(someone, flat, **REGISTERED)
    moment = timezone.now() + timedelta(days=1)
    end_residence(residence=before, at=moment)
    settle(someone, east_flat, since=moment, **REGISTERED)
    rows = Residence.objects.registered()
    assert rows.at(moment - timedelta(seconds=1)).get().dwelling_id == flat.pk
    assert rows.at(moment).get().dwelling_id == east_flat.pk


def test_a_household_has_one_head(
    person: AddPerson, settle: Settle, flat: Dwelling, household: Household
) -> None:
    settle(person("甲"), flat, household_id=household.pk, role="head")
    with pytest.raises(Conflict) as refusal:
        settle(person("乙"), flat, household_id=household.pk, role="head")
    assert refusal.value.code == "a_household_has_one_head_at_a_time"


def test_who_is_registered_only_does_not_live_there(
    person: AddPerson, settle: Settle, flat: Dwelling
) -> None:
    with pytest.raises(Invalid):
        settle(person(), flat, tenure="registered_only")
    assert settle(person(), flat, tenure="registered_only", **REGISTERED).pk


def test_a_household_lives_in_its_dwelling(
    person: AddPerson, settle: Settle, east_flat: Dwelling, household: Household
) -> None:
    with pytest.raises(Invalid, match="another dwelling"):
        settle(person(), east_flat, household_id=household.pk)


def test_a_person_of_another_community_lives_elsewhere(community: Community, flat: Dwelling) -> None:
    other = found_community(name="另一社区")
    with pytest.raises(Invalid):
        start_residences(community=other, residences=[NewResidence(1, flat.pk)])


def test_a_dwelling_holds_three_households_that_share_a_kitchen(
    community: Community, flat: Dwelling, other_flat: Dwelling
) -> None:
    ids = add_households(community=community, households=[NewHousehold(flat.pk)] * 3)
    households = list(Household.objects.filter(pk__in=ids).order_by("pk"))
    assert [h.number for h in households] == ["1", "2", "3"]
    share_space(space=other_flat, households=households)
    assert SpaceShare.objects.current().filter(space=other_flat).count() == 3
    with pytest.raises(Conflict):
        share_space(space=other_flat, households=households[:1])


def test_a_moved_household_takes_along_who_lives_in_it(
    person: AddPerson,
    settle: Settle,
    flat: Dwelling,
    east_flat: Dwelling,
    household: Household,
    told: list[Event],
) -> None:
    head, child = person("甲"), person("乙")
    settle(head, flat, household_id=household.pk, role="head")
    settle(child, flat, household_id=household.pk, role="child")
    settle(head, flat, household_id=household.pk, role="head", **REGISTERED)
    before = timezone.now()
    moved = move_household(household=household, to=east_flat)
    now = Residence.objects.current()
    assert moved.dwelling_id == east_flat.pk
    assert set(now.actual().values_list("person", "dwelling", "role")) == {
        (head.pk, east_flat.pk, "head"),
        (child.pk, east_flat.pk, "child"),
    }
    assert now.registered().get().dwelling_id == flat.pk
    assert Residence.objects.at(before).actual().filter(dwelling=flat).count() == 2
    assert told[-1] == HouseholdMoved(
        community_id=flat.community_id,
        household_id=household.pk,
        from_dwelling_id=flat.pk,
        to_dwelling_id=east_flat.pk,
    )


def test_with_its_registration_when_that_moves_too(
    person: AddPerson, settle: Settle, flat: Dwelling, east_flat: Dwelling, household: Household
) -> None:
    settle(person(), flat, household_id=household.pk, **REGISTERED)
    move_household(household=household, to=east_flat, with_registration=True)
    assert Residence.objects.current().registered().get().dwelling_id == east_flat.pk


def test_a_household_gets_another_number_where_its_own_is_taken(
    community: Community, east_flat: Dwelling, household: Household
) -> None:
    add_household(community=community, household=NewHousehold(east_flat.pk))
    assert move_household(household=household, to=east_flat).number == "2"


def test_nobody_lives_in_a_household_that_is_dissolved(
    person: AddPerson, settle: Settle, flat: Dwelling, household: Household
) -> None:
    settle(person(), flat, household_id=household.pk)
    end_household(household=household)
    assert not Residence.objects.current().exists()
    with pytest.raises(Conflict):
        settle(person(), flat, household_id=household.pk)


def test_a_residence_ends_once_and_after_it_began(person: AddPerson, settle: Settle, flat: Dwelling) -> None:
    residence = settle(person(), flat)
    with pytest.raises(Conflict):
        end_residence(residence=residence, at=residence.during.lower)
    end_residence(residence=residence)
    with pytest.raises(Conflict):
        end_residence(residence=residence)


def test_people_stay_at_home_when_their_building_is_cut_anew(
    person: AddPerson, settle: Settle, west_building: Building
) -> None:
    cut_building(building=west_building)
    old = Dwelling.objects.standing().filter(building=west_building, floor=3).order_by("pk").first()
    assert old is not None
    household = add_household(community=old.community, household=NewHousehold(old.pk))
    settle(person(), old, household_id=household.pk)
    cut_building(building=west_building, again=True)
    new = Dwelling.objects.standing().get(unit__number=old.unit.number, floor=3, room=old.room)
    household.refresh_from_db()
    assert household.dwelling_id == new.pk != old.pk
    assert Residence.objects.current().get().dwelling_id == new.pk
    assert not Household.objects.unplaced().exists()


def test_who_has_no_cell_any_more_is_named(
    person: AddPerson, settle: Settle, west_building: Building
) -> None:
    cut_building(building=west_building)
    top = Dwelling.objects.standing().filter(building=west_building).order_by("-floor").first()
    assert top is not None
    household = add_household(community=top.community, household=NewHousehold(top.pk))
    Building.objects.filter(pk=west_building.pk).update(floors_above=3)
    cut_building(building=west_building, again=True)
    assert list(Household.objects.unplaced()) == [household]
