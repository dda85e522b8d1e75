from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.people.conftest import AddPerson, Settle
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Invalid, TooMany
from twin.base.events import Event
from twin.people.actions import find_by_last_digits, note_views, reveal, set_privacy_rule
from twin.people.events import ManyViewed
from twin.people.models import Person
from twin.places.models import Community, Dwelling, Grid

InRole = Callable[..., User]


@pytest.fixture
def neighbours(person: AddPerson, settle: Settle, flat: Dwelling) -> list[Person]:
    """Five who live in one flat."""
    people = [person(f"甲{n}", phone=f"1380000{n:04d}") for n in range(5)]
    for someone in people:
        settle(someone, flat)
    return people


def test_many_looks_are_noticed_once(
    community: Community, officer: User, neighbours: list[Person], told: list[Event]
) -> None:
    set_privacy_rule(community=community, views_before_notice=3)
    for someone in neighbours:
        note_views(by=officer, action="person.view", community=community, subjects=[someone])
    notices = [event for event in told if isinstance(event, ManyViewed)]
    assert notices == [ManyViewed(community_id=community.pk, user_id=officer.pk, views=4)]
    assert AuditEntry.objects.get(action="people.many_viewed").detail == {"views": 4}


def test_looking_at_the_same_ones_again_is_not_many(
    community: Community, officer: User, neighbours: list[Person], told: list[Event]
) -> None:
    set_privacy_rule(community=community, views_before_notice=3)
    for someone in neighbours[:3] * 3:
        note_views(by=officer, action="person.view", community=community, subjects=[someone])
    assert not [event for event in told if isinstance(event, ManyViewed)]


def test_reveals_count_as_looks(
    community: Community, officer: User, neighbours: list[Person], told: list[Event]
) -> None:
    set_privacy_rule(community=community, views_before_notice=1)
    for someone in neighbours[:2]:
        reveal(by=officer, scope=scope_of(officer), subject=someone, field="phone", reason="核对电话")
    assert [type(event) for event in told] == [ManyViewed]


def test_what_lies_longer_ago_is_not_counted(
    community: Community, officer: User, neighbours: list[Person], told: list[Event]
) -> None:
    set_privacy_rule(community=community, views_before_notice=3, views_within=timedelta(microseconds=1))
    for someone in neighbours:
        note_views(by=officer, action="person.view", community=community, subjects=[someone])
    assert not [event for event in told if isinstance(event, ManyViewed)]


def test_somebody_is_found_by_the_last_digits_of_a_phone(
    community: Community, officer: User, neighbours: list[Person]
) -> None:
    scope = scope_of(officer)
    assert find_by_last_digits(by=officer, scope=scope, community=community, digits="0003") == [
        neighbours[3].pk
    ]
    assert find_by_last_digits(by=officer, scope=scope, community=community, digits="9999") == []


def test_but_only_below_the_own_place(
    community: Community, in_role: InRole, west: Grid, east: Grid, neighbours: list[Person]
) -> None:
    found = {
        grid.name: find_by_last_digits(by=user, scope=scope_of(user), community=community, digits="0003")
        for grid in (west, east)
        for user in [in_role(RoleKind.GRID_WORKER, grid=grid)]
    }
    assert found == {west.name: [neighbours[3].pk], east.name: []}


def test_and_not_by_who_is_told_no_phones(
    community: Community, in_role: InRole, neighbours: list[Person]
) -> None:
    wall = in_role(RoleKind.WALL)
    assert find_by_last_digits(by=wall, scope=scope_of(wall), community=community, digits="0003") == []


def test_every_search_is_in_the_audit_without_the_digits(community: Community, officer: User) -> None:
    find_by_last_digits(by=officer, scope=scope_of(officer), community=community, digits="1234")
    entry = AuditEntry.objects.get(action="people.search_by_digits")
    assert "1234" not in f"{entry.subject}{entry.reason}{entry.detail}{entry.told_of}"


def test_a_search_keeps_whom_it_found(
    community: Community, in_role: InRole, west: Grid, neighbours: list[Person]
) -> None:
    worker = in_role(RoleKind.GRID_WORKER, grid=west)
    found = find_by_last_digits(by=worker, scope=scope_of(worker), community=community, digits="0003")
    entries = AuditEntry.objects.about(f"people.Person:{found[0]}")
    assert [entry.action for entry in entries] == ["people.search_by_digits"]
    assert not AuditEntry.objects.about(f"people.Person:{neighbours[0].pk}").exists()


def test_who_searches_too_often_waits(community: Community, officer: User) -> None:
    set_privacy_rule(community=community, digit_searches_per_minute=2)
    scope = scope_of(officer)
    for _ in range(2):
        find_by_last_digits(by=officer, scope=scope, community=community, digits="1234")
    with pytest.raises(TooMany):
        find_by_last_digits(by=officer, scope=scope, community=community, digits="1235")


@pytest.mark.parametrize("digits", ["", "123", "12345", "12a4", "１２３４"])
def test_anything_but_four_digits_is_refused(digits: str, community: Community, officer: User) -> None:
    with pytest.raises(Invalid):
        find_by_last_digits(by=officer, scope=scope_of(officer), community=community, digits=digits)
