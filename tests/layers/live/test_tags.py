"""Who may be told of a tag hears at once that it was given, verified or ended; who may not hears nothing at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from layers.live.rights import joinable
from tests.devices.homes import a_dwelling
from tests.layers.live.talking import Message, Talk, in_database
from tests.points.homes import a_household
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.people.actions import (
    NewPerson,
    NewResidence,
    NewTagging,
    add_person,
    add_starter_tags,
    change_tag,
    end_tag,
    end_tagging,
    give_tag,
    give_tags,
    start_residence,
    verify_tag,
)
from twin.people.models import Household, Person, Tag
from twin.places.models import Building, Community, Dwelling, Grid

InRole = Callable[..., User]
Tags = dict[str, Tag]


@pytest.fixture
def tags(community: Community) -> Tags:
    return add_starter_tags(community=community)


@pytest.fixture
def home(west_building: Building) -> Dwelling:
    return a_dwelling(west_building)


@pytest.fixture
def somebody(home: Dwelling) -> Person:
    return lives_in(home)


def lives_in(home: Dwelling, who: Person | None = None) -> Person:
    person = who or add_person(community=home.community, person=NewPerson("王小明"))
    start_residence(community=home.community, residence=NewResidence(person.pk, home.pk))
    return person


def topics(grid: Grid) -> list[str]:
    return [f"{stream}:{grid.pk}" for stream in ("facades", "tags1", "tags2", "tags3", "tags4")]


async def follow_all(talk: Talk, *grids: Grid) -> None:
    """All topics of homes that this viewer is let into."""
    wanted = [name for grid in grids for name in topics(grid)]
    await talk.join(*wanted)
    answered: set[str] = set()
    while answered < set(wanted):
        message = await talk.hear()
        if message["kind"] in ("snapshot", "refused"):
            answered.add(message["topic"])


def said(message: Message) -> tuple[str, list[int]]:
    assert message["fact"].keys() == {"kind", "about", "dwelling_ids"}, "ids and nothing else"
    return message["topic"], message["fact"]["dwelling_ids"]


async def test_given_verified_and_ended_are_told_in_the_topic_of_the_level(
    officer: User, west: Grid, somebody: Person, home: Dwelling, tags: Tags
) -> None:
    async with Talk(user=officer) as talk:
        await follow_all(talk, west)
        given = await in_database(give_tag, tag=tags["elder_alone"], subject=somebody)
        assert said(await talk.expect("change")) == (f"tags3:{west.pk}", [home.pk])
        await in_database(verify_tag, tagging=given, by=officer)
        assert said(await talk.expect("change")) == (f"tags3:{west.pk}", [home.pk])
        await in_database(end_tagging, tagging=given, why="搬走")
        assert said(await talk.expect("change")) == (f"tags3:{west.pk}", [home.pk])


async def test_a_tag_that_the_community_ends_is_told_where_somebody_had_it(
    officer: User, west: Grid, somebody: Person, home: Dwelling, tags: Tags
) -> None:
    await in_database(give_tag, tag=tags["veteran"], subject=somebody)
    async with Talk(user=officer) as talk:
        await follow_all(talk, west)
        await in_database(end_tag, tag=tags["veteran"])
        assert said(await talk.expect("change")) == (f"tags2:{west.pk}", [home.pk])


@pytest.mark.parametrize("code", ["child_in_need", "X1"])
async def test_who_is_not_told_of_a_level_does_not_hear_that_anything_happened(
    code: str, in_role: InRole, west: Grid, somebody: Person, home: Dwelling, tags: Tags
) -> None:
    worker = await in_database(in_role, RoleKind.GRID_WORKER, grid=west)
    head = await in_database(in_role, RoleKind.GRID_HEAD, grid=west)
    async with Talk(user=worker) as low, Talk(user=head) as high:
        await follow_all(low, west)
        await follow_all(high, west)
        given = await in_database(give_tag, tag=tags[code], subject=somebody)
        assert said(await high.expect("change")) == (f"tags4:{west.pk}", [home.pk])
        await in_database(end_tagging, tagging=given)
        assert said(await high.expect("change")) == (f"tags4:{west.pk}", [home.pk])
        await low.nothing_else()


async def test_many_tags_at_once_are_told_each_at_its_own_level_and_home(
    officer: User, west: Grid, home: Dwelling, west_building: Building, somebody: Person, tags: Tags
) -> None:
    other = await in_database(a_household, west_building, "602")
    assert isinstance(other, Household)
    child = NewTagging(tags["child_in_need"].pk, somebody.pk)
    e_bike = NewTagging(tags["e_bike"].pk, other.pk)
    async with Talk(user=officer) as talk:
        await follow_all(talk, west)
        await in_database(give_tags, community=home.community, tags=[child, e_bike])
        heard = dict([said(await talk.expect("change")), said(await talk.expect("change"))])
    assert heard == {f"tags4:{west.pk}": [home.pk], f"tags1:{west.pk}": [other.dwelling_id]}


async def test_who_lives_in_two_homes_is_told_of_in_both_grids(
    officer: User,
    west: Grid,
    east: Grid,
    home: Dwelling,
    east_building: Building,
    somebody: Person,
    tags: Tags,
) -> None:
    second = await in_database(a_dwelling, east_building)
    await in_database(lives_in, second, somebody)
    async with Talk(user=officer) as talk:
        await follow_all(talk, west, east)
        await in_database(give_tag, tag=tags["veteran"], subject=somebody)
        heard = dict([said(await talk.expect("change")), said(await talk.expect("change"))])
    assert heard == {f"tags2:{west.pk}": [home.pk], f"tags2:{east.pk}": [second.pk]}


async def test_a_tag_whose_level_rose_is_told_at_the_new_level(
    officer: User, west: Grid, somebody: Person, home: Dwelling, tags: Tags
) -> None:
    given = await in_database(give_tag, tag=tags["veteran"], subject=somebody)
    await in_database(change_tag, tag=tags["veteran"], level=4)
    async with Talk(user=officer) as talk:
        await follow_all(talk, west)
        await in_database(end_tagging, tagging=given)
        assert said(await talk.expect("change")) == (f"tags4:{west.pk}", [home.pk])


@pytest.mark.parametrize(
    ("kind", "most"),
    [(RoleKind.WALL, 3), (RoleKind.DUTY_OFFICER, 4), (RoleKind.GRID_WORKER, 3), (RoleKind.GRID_HEAD, 4)],
)
def test_topics_of_tags_open_up_to_the_own_level(
    kind: RoleKind, most: int, in_role: InRole, west: Grid
) -> None:
    place = {"grid": west} if kind in (RoleKind.GRID_WORKER, RoleKind.GRID_HEAD) else {}
    open_ = joinable(topics(west), scope_of(in_role(kind, **place)))
    assert open_ == {f"facades:{west.pk}", *(f"tags{n}:{west.pk}" for n in range(1, most + 1))}


def test_a_level_at_one_grid_opens_no_topic_at_another(in_role: InRole, west: Grid, east: Grid) -> None:
    head = in_role(RoleKind.GRID_HEAD, grid=west)
    assert joinable(topics(east), scope_of(head)) == set()
