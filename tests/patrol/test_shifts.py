from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import box
from twin.access.actions import end_role, grant_role
from twin.access.gate import visible
from twin.access.models import Role
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.patrol.actions import end_shift, start_shift
from twin.patrol.events import ShiftEnded, ShiftStarted
from twin.patrol.models import Shift
from twin.places.actions import draw_grid, end_grid, found_community, move_grid
from twin.places.models import Community, Grid

Told = Callable[..., list[Any]]


def test_a_shift_starts_in_a_grid_of_the_worker_and_is_told(worker: User, west: Grid, told: Told) -> None:
    heard = told(ShiftStarted)
    shift = start_shift(worker=worker, grid=west)
    assert Shift.objects.open().get() == shift
    assert heard == [ShiftStarted(community_id=west.community_id, shift_id=shift.pk, grid_id=west.pk)]


def test_nobody_patrols_a_grid_of_others(worker: User, east: Grid, officer: User) -> None:
    for somebody in (worker, officer):
        with pytest.raises(NotVisible):
            start_shift(worker=somebody, grid=east)


def test_a_shift_belongs_to_a_leaf(community: Community, in_role: Callable[..., User], west: Grid) -> None:
    head_of_all = in_role(RoleKind.GRID_HEAD)
    with pytest.raises(Invalid, match="leaf"):
        start_shift(worker=head_of_all, grid=community.root)


def test_a_worker_has_one_open_shift(worker: User, west: Grid, shift: Shift) -> None:
    with pytest.raises(Conflict, match="already"):
        start_shift(worker=worker, grid=west)
    end_shift(shift=shift, by=worker)
    assert start_shift(worker=worker, grid=west) != shift


def test_the_database_refuses_a_second_open_shift(shift: Shift) -> None:
    with pytest.raises(IntegrityError, match="one_open_shift_per_worker"), transaction.atomic():
        Shift.objects.create(
            community=shift.community, worker=shift.worker, grid=shift.grid, started_at=shift.started_at
        )


def test_the_database_refuses_an_end_before_the_start(shift: Shift) -> None:
    with pytest.raises(IntegrityError, match="shift_ends_after_it_starts"), transaction.atomic():
        Shift.objects.update(ended_at=shift.started_at)


def test_an_end_before_the_start_is_refused_by_name(shift: Shift, worker: User) -> None:
    with pytest.raises(Invalid, match="after it starts") as refused:
        end_shift(shift=shift, by=worker, at=shift.started_at)
    assert refused.value.where == "at"


def test_an_ended_shift_is_told_and_ends_once(worker: User, shift: Shift, told: Told) -> None:
    heard = told(ShiftEnded)
    end_shift(shift=shift, by=worker)
    assert heard == [ShiftEnded(community_id=shift.community_id, shift_id=shift.pk, grid_id=shift.grid_id)]
    with pytest.raises(Conflict, match="ended already"):
        end_shift(shift=shift, by=worker)


@pytest.mark.parametrize("kind", [RoleKind.DUTY_OFFICER, RoleKind.COMMUNITY_ADMIN, RoleKind.GRID_HEAD])
def test_a_supervisor_may_end_a_forgotten_shift(
    kind: str, in_role: Callable[..., User], shift: Shift
) -> None:
    end_shift(shift=shift, by=in_role(kind))
    assert not Shift.objects.open().exists()


def test_nobody_else_may_end_a_shift(
    in_role: Callable[..., User], stranger: User, shift: Shift, west: Grid, east: Grid
) -> None:
    fellow = in_role(RoleKind.GRID_WORKER, grid=west)
    head_next_door = in_role(RoleKind.GRID_HEAD, grid=east)
    for somebody in (fellow, head_next_door, stranger, in_role(RoleKind.WALL)):
        with pytest.raises(NotVisible):
            end_shift(shift=shift, by=somebody)


def test_a_worker_whose_role_has_ended_may_still_end_the_shift(worker: User, shift: Shift) -> None:
    end_role(role=Role.objects.get(user=worker))
    end_shift(shift=shift, by=worker)
    assert not Shift.objects.open().exists()


def test_who_is_on_shift_is_seen_by_the_worker_and_where_facts_are_granted(
    worker: User, shift: Shift, in_role: Callable[..., User], stranger: User, west: Grid, east: Grid
) -> None:
    seeing = [worker, in_role(RoleKind.DUTY_OFFICER), in_role(RoleKind.GRID_HEAD, grid=west)]
    blind = [stranger, in_role(RoleKind.PLANNER), in_role(RoleKind.GRID_HEAD, grid=east)]
    assert [visible(Shift.objects.all(), to=scope_of(u)).exists() for u in seeing] == [True] * 3
    assert [visible(Shift.objects.all(), to=scope_of(u)).exists() for u in blind] == [False] * 3


def test_a_whole_track_is_for_the_worker_and_for_supervisors_only(
    worker: User, shift: Shift, in_role: Callable[..., User], stranger: User, west: Grid, east: Grid
) -> None:
    fellow, wall = in_role(RoleKind.GRID_WORKER, grid=west), in_role(RoleKind.WALL)
    entitled = [worker, in_role(RoleKind.DUTY_OFFICER), in_role(RoleKind.GRID_HEAD, grid=west)]
    refused = [fellow, wall, stranger, in_role(RoleKind.GRID_HEAD, grid=east), in_role(RoleKind.AUDITOR)]
    assert all(Shift.objects.tracked_for(scope_of(u)).exists() for u in entitled)
    assert not any(Shift.objects.tracked_for(scope_of(u)).exists() for u in refused)


def test_a_supervisor_of_another_community_sees_nothing(someone: Callable[..., User], shift: Shift) -> None:
    elsewhere = someone()
    grant_role(user=elsewhere, kind=RoleKind.DUTY_OFFICER, community=found_community(name="另一个社区"))
    assert not visible(Shift.objects.all(), to=scope_of(elsewhere)).exists()
    assert not Shift.objects.tracked_for(scope_of(elsewhere)).exists()


def test_shifts_are_found_by_when_they_were_open(worker: User, shift: Shift, now: datetime) -> None:
    end_shift(shift=shift, by=worker, at=now - timedelta(minutes=10))
    minutes = timedelta(minutes=1)
    around = Shift.objects.open_within
    assert around(now - 20 * minutes, now).exists()
    assert not around(now - 5 * minutes, now).exists()
    assert not around(now - 60 * minutes, now - 40 * minutes).exists()


def test_a_shift_ends_with_its_grid(worker: User, west: Grid) -> None:
    shift = start_shift(worker=worker, grid=west)
    end_grid(grid=west)
    shift.refresh_from_db()
    assert shift.ended_at is not None


def test_a_grid_in_which_somebody_walks_is_not_divided(
    worker: User, community: Community, west: Grid
) -> None:
    """The shift's topic is that of a leaf: on the map the worker would be gone, and would not know it."""
    start_shift(worker=worker, grid=west)
    half = box(122.600, 31.050, 122.601, 31.052)
    with pytest.raises(Conflict, match="on shift in 第1网格"):
        draw_grid(community=community, parent=west, name="第1网格甲", kind="micro", geometry=half)
    assert not Grid.objects.filter(parent=west).exists()


def test_nor_is_another_grid_hung_under_it(
    worker: User, community: Community, west: Grid, east: Grid
) -> None:
    start_shift(worker=worker, grid=west)
    with pytest.raises(Conflict, match="on shift in 第1网格"):
        move_grid(grid=east, parent=west)
    assert Grid.objects.get(pk=east.pk).parent == community.root
