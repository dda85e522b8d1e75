"""Who sees whom: facts follow the place of the very grant that opens them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.people.conftest import AddPerson, Settle
from twin.access.actions import grant_role
from twin.access.gate import visible
from twin.access.roles import OPENS, RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.people.actions import (
    NewContact,
    NewPerson,
    add_emergency_contacts,
    add_person,
    end_person,
    give_tag,
)
from twin.people.models import EmergencyContact, Household, Person, PersonTag, Residence, Tag
from twin.places.actions import found_community
from twin.places.models import Community, Dwelling, Grid

InRole = Callable[..., User]
Tags = dict[str, Tag]


@pytest.fixture
def west_person(person: AddPerson, settle: Settle, flat: Dwelling, household: Household) -> Person:
    someone = person("西甲")
    settle(someone, flat, household_id=household.pk, role="head")
    return someone


@pytest.fixture
def east_person(person: AddPerson, settle: Settle, east_flat: Dwelling) -> Person:
    someone = person("东乙")
    settle(someone, east_flat)
    return someone


def people_of(user: User) -> set[Person]:
    return set(visible(Person.objects.all(), to=scope_of(user)))


@pytest.mark.parametrize("kind", [RoleKind.WALL, RoleKind.DUTY_OFFICER, RoleKind.COMMUNITY_ADMIN])
def test_some_see_all_people_of_the_community(
    kind: str, in_role: InRole, west_person: Person, east_person: Person
) -> None:
    assert people_of(in_role(kind)) == {west_person, east_person}


@pytest.mark.parametrize("kind", [RoleKind.GRID_HEAD, RoleKind.GRID_WORKER])
def test_some_those_of_their_grid(
    kind: str, in_role: InRole, west: Grid, west_person: Person, east_person: Person
) -> None:
    assert people_of(in_role(kind, grid=west)) == {west_person}


def test_a_stairwell_head_those_of_the_stairwell(
    in_role: InRole,
    person: AddPerson,
    settle: Settle,
    west_person: Person,
    flat: Dwelling,
    other_flat: Dwelling,
) -> None:
    settle(person("邻居"), other_flat)
    assert people_of(in_role(RoleKind.STAIRWELL_HEAD, unit=flat.unit)) == {west_person}


@pytest.mark.parametrize(
    "kind", [RoleKind.HELPER, RoleKind.DEPARTMENT, RoleKind.PLANNER, RoleKind.AUDITOR, RoleKind.RESIDENT]
)
def test_and_some_nobody(kind: str, in_role: InRole, west_person: Person) -> None:
    user = in_role(kind)
    assert not people_of(user)
    for rows in (Household, Residence):
        assert not visible(rows.objects.all(), to=scope_of(user)).exists()


def test_a_resident_sees_the_own_household(
    in_role: InRole, community: Community, settle: Settle, flat: Dwelling, household: Household, west_person: Person,
    east_person: Person,
) -> None:  # fmt: skip
    user = in_role(RoleKind.RESIDENT)
    me = add_person(community=community, person=NewPerson("西丙", user_id=user.pk))
    settle(me, flat, household_id=household.pk)
    assert people_of(user) == {me, west_person}
    assert list(visible(Household.objects.all(), to=scope_of(user))) == [household]


def test_somebody_in_two_places_is_seen_from_both(
    in_role: InRole, west: Grid, east: Grid, settle: Settle, west_person: Person, east_flat: Dwelling
) -> None:
    settle(west_person, east_flat)
    for grid in (west, east):
        assert people_of(in_role(RoleKind.GRID_WORKER, grid=grid)) == {west_person}


def test_who_has_gone_is_seen_only_where_the_whole_community_is(
    in_role: InRole, west: Grid, west_person: Person
) -> None:
    end_person(person=west_person, why="moved_away")
    assert not people_of(in_role(RoleKind.GRID_WORKER, grid=west))
    assert people_of(in_role(RoleKind.COMMUNITY_ADMIN)) == {west_person}


def test_people_of_another_community_are_not_seen(in_role: InRole, community: Community) -> None:
    other = found_community(name="另一社区")
    add_person(community=other, person=NewPerson("外人"))
    assert not people_of(in_role(RoleKind.COMMUNITY_ADMIN))


@pytest.mark.parametrize("kind", [k for k in RoleKind if OPENS[k].facts and k != RoleKind.STAIRWELL_HEAD])
def test_tags_are_seen_up_to_the_level_of_the_role_and_l5_by_nobody(
    kind: str, in_role: InRole, west_person: Person, tags: Tags
) -> None:
    for code in ("permanent", "aged_80", "elder_alone", "gravely_ill", "X1"):
        give_tag(tag=tags[code], subject=west_person)
    seen = visible(PersonTag.objects.all(), to=scope_of(in_role(kind)))
    assert set(seen.values_list("tag__level", flat=True)) == set(range(1, OPENS[kind].tag_level + 1))


def test_the_level_of_one_place_does_not_leak_to_another(
    in_role: InRole,
    community: Community,
    east: Grid,
    west: Grid,
    west_person: Person,
    east_person: Person,
    tags: Tags,
) -> None:
    """Head of the east grid (L4) and worker of the west grid (L3): L4 in the east only."""
    user = in_role(RoleKind.GRID_HEAD, grid=east)
    grant_role(user=user, kind=RoleKind.GRID_WORKER, community=community, grid=west)
    for someone in (west_person, east_person):
        give_tag(tag=tags["gravely_ill"], subject=someone)
        give_tag(tag=tags["elder_alone"], subject=someone)
    seen = visible(PersonTag.objects.all(), to=scope_of(user)).values_list("person", "tag__code")
    assert set(seen) == {
        (east_person.pk, "gravely_ill"),
        (east_person.pk, "elder_alone"),
        (west_person.pk, "elder_alone"),
    }


def test_extra_care_is_told_to_who_may_see_l4(
    in_role: InRole, west: Grid, west_person: Person, tags: Tags
) -> None:
    give_tag(tag=tags["X1"], subject=west_person)
    told = {
        kind: PersonTag.objects.extra_care(scope_of(in_role(kind, **place))).exists()
        for kind, place in (
            (RoleKind.GRID_HEAD, {"grid": west}),
            (RoleKind.GRID_WORKER, {"grid": west}),
            (RoleKind.WALL, {}),
            (RoleKind.COMMUNITY_ADMIN, {}),
        )
    }
    assert told == {"grid_head": True, "grid_worker": False, "wall": False, "community_admin": True}


def test_the_catalogue_has_l5_codes_for_who_gives_them_only(in_role: InRole, tags: Tags) -> None:
    levels = {
        kind: max(visible(Tag.objects.all(), to=scope_of(in_role(kind))).values_list("level", flat=True))
        for kind in (RoleKind.COMMUNITY_ADMIN, RoleKind.DUTY_OFFICER)
    }
    assert levels == {"community_admin": 5, "duty_officer": 4}


def test_the_wall_is_not_told_whom_to_call(
    in_role: InRole, community: Community, west_person: Person
) -> None:
    contact = NewContact(west_person.pk, "女儿", "13900005678", "女儿")
    add_emergency_contacts(community=community, contacts=[contact])
    assert not visible(EmergencyContact.objects.all(), to=scope_of(in_role(RoleKind.WALL))).exists()
    assert visible(EmergencyContact.objects.all(), to=scope_of(in_role(RoleKind.DUTY_OFFICER))).exists()
