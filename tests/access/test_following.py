"""A role is held at a place; when the place is replaced or is no more, so is the role, and it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.devices.homes import a_device
from twin.access.actions import grant_role
from twin.access.gate import visible
from twin.access.models import AuditEntry, RightsChange, Role
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.devices.models import Device
from twin.places.actions import change_building, cut_building, end_building, end_grid
from twin.places.models import Building, Community, Grid, Unit

HEAD = RoleKind.STAIRWELL_HEAD


@pytest.fixture
def head(in_role: Callable[..., User], west_building: Building) -> User:
    """Of the second unit of the western building."""
    cut_building(building=west_building)
    return in_role(HEAD, unit=Unit.objects.get(building=west_building, number="2"))


def cut_again(building: Building) -> None:
    cut_building(building=Building.objects.get(pk=building.pk), again=True)


def test_a_stairwell_head_stays_head_when_the_building_is_cut_again(
    head: User, west_building: Building
) -> None:
    old, new = Role.objects.get(user=head), None
    cut_again(west_building)
    [new] = Role.objects.in_force(timezone.now()).filter(user=head)
    assert new.unit in Unit.objects.standing()
    assert new.unit is not None
    assert (new.unit.number, new.pk != old.pk, new.granted_by) == ("2", True, old.granted_by)
    assert scope_of(head).unit_ids == {new.unit_id}


def test_a_role_that_follows_ends_when_it_would_have_ended(
    community: Community, west_building: Building, someone: Callable[..., User]
) -> None:
    cut_building(building=west_building)
    until = timezone.now() + timedelta(days=30)
    user = someone()
    grant_role(user=user, kind=HEAD, community=community, unit=Unit.objects.first(), ends_at=until)
    cut_again(west_building)
    assert Role.objects.in_force(timezone.now()).get(user=user).ends_at == until


def test_a_role_that_begins_later_follows_too(
    community: Community, west_building: Building, someone: Callable[..., User]
) -> None:
    cut_building(building=west_building)
    begins = timezone.now() + timedelta(days=3)
    user = someone()
    grant_role(user=user, kind=HEAD, community=community, unit=Unit.objects.first(), starts_at=begins)
    cut_again(west_building)
    assert not Role.objects.in_force(timezone.now()).filter(user=user).exists()
    new = Role.objects.in_force(begins + timedelta(seconds=1)).get(user=user)
    assert new.unit in Unit.objects.standing()


def test_the_head_sees_the_devices_that_followed_as_well(head: User, west_building: Building) -> None:
    unit = Unit.objects.get(building=west_building, number="2")
    device = a_device(unit, "ebike-1", kind="ebike_reader")
    assert list(visible(Device.objects.all(), to=scope_of(head))) == [device]
    cut_again(west_building)
    assert list(visible(Device.objects.all(), to=scope_of(head))) == [device]


def test_where_no_unit_bears_the_number_any_more_the_role_ends_and_the_audit_says_why(
    head: User, west_building: Building
) -> None:
    change_building(building=west_building, units_stated=1)
    cut_again(west_building)
    assert not Role.objects.in_force(timezone.now()).filter(user=head).exists()
    entry = AuditEntry.objects.get(action="role.end")
    assert entry.detail == {"user": head.pk, "because": "building.cut"}


def test_following_is_in_the_audit_and_told_to_open_sockets(head: User, west_building: Building) -> None:
    before = RightsChange.objects.filter(user=head).count()
    cut_again(west_building)
    entry = AuditEntry.objects.get(action="role.move")
    assert (entry.detail["user"], entry.detail["because"]) == (head.pk, "building.cut")
    assert RightsChange.objects.filter(user=head).count() == before + 1


def test_roles_that_have_ended_stay_as_they_were(head: User, west_building: Building) -> None:
    Role.objects.filter(user=head).update(ends_at=timezone.now())
    ended = Role.objects.get(user=head)
    cut_again(west_building)
    assert Role.objects.get(user=head).ends_at == ended.ends_at


def test_a_building_that_ends_ends_the_roles_in_it(head: User, west_building: Building) -> None:
    end_building(building=Building.objects.get(pk=west_building.pk))
    assert scope_of(head).unit_ids == frozenset()
    assert AuditEntry.objects.get(action="role.end").detail["because"] == "building.end"


def test_a_grid_that_ends_ends_the_roles_at_it_and_no_others(
    in_role: Callable[..., User], west: Grid, east: Grid
) -> None:
    gone, stays = in_role(RoleKind.GRID_HEAD, grid=west), in_role(RoleKind.GRID_HEAD, grid=east)
    end_grid(grid=west)
    assert scope_of(gone).grants == ()
    assert scope_of(stays).paths == (east.path,)
