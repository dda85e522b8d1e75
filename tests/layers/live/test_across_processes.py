from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.layers.live.alarms import alarm, assert_holds_what_the_database_holds, head
from tests.layers.live.follower import Follower
from tests.layers.live.servers import Web
from tests.layers.live.talking import in_database, session_of
from tests.patrol.conftest import fixes_at
from twin.access.actions import end_role, leave
from twin.access.models import Role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.devices.models import Device
from twin.patrol.actions import record_fixes, start_shift
from twin.patrol.models import Shift
from twin.places.models import Grid

pytestmark = pytest.mark.usefixtures("same_redis")


async def test_an_alarm_raised_in_one_process_reaches_the_sockets_of_all(
    webs: list[Web], officer: User, devices: list[Device], west: Grid, east: Grid
) -> None:
    session, topics = await in_database(session_of, officer), [f"alarms:{g.pk}" for g in (west, east)]
    one, other = (Follower([web.address], session, topics) for web in webs)
    async with one, other:
        for device in devices:
            await in_database(alarm, device)
        await assert_holds_what_the_database_holds(one, west, east)
        await assert_holds_what_the_database_holds(other, west, east)


async def test_rights_end_in_every_process(
    webs: list[Web], in_role: Callable[..., User], west: Grid, east: Grid
) -> None:
    worker = await in_database(in_role, RoleKind.GRID_WORKER, grid=west)
    session, topic = await in_database(session_of, worker), f"alarms:{west.pk}"
    one, other = (Follower([web.address], session, [topic]) for web in webs)
    async with one, other:
        await in_database(end_role, role=await in_database(Role.objects.get, user=worker))
        for follower in (one, other):
            await follower.until(lambda f=follower: f.refused == {topic: "ended"})
        await in_database(sign_out_everywhere, worker)
        for follower in (one, other):
            await follower.until(lambda f=follower: f.code == 4401)


def sign_out_everywhere(user: User) -> None:
    Session.objects.all().delete()
    leave(user=user)


async def test_positions_reach_those_entitled_in_every_process_and_nobody_else(
    webs: list[Web], in_role: Callable[..., User], officer: User, west: Grid, east: Grid
) -> None:
    worker = await in_database(in_role, RoleKind.GRID_WORKER, grid=west)
    foreign = await in_database(in_role, RoleKind.GRID_WORKER, grid=east)
    began = timezone.now() - timedelta(minutes=30)
    shift = await in_database(start_shift, worker=worker, grid=west, at=began)
    sessions = [await in_database(session_of, user) for user in (officer, officer, foreign)]
    topic = f"patrol:{west.pk}"
    one, other = (Follower([web.address], sessions[0], [topic]) for web in webs)
    stranger = Follower([webs[0].address], sessions[2], [f"patrol:{east.pk}"])
    async with one, other, stranger:
        before = await in_database(head, topic)
        await in_database(walk, worker, shift, 40)
        last = (await in_database(Shift.objects.get, pk=shift.pk)).last_at.timestamp()
        for follower in (one, other):
            await follower.until(lambda f=follower: any(m[3] == last for x in f.frames for m in x["moved"]))
            told = [moved[3] for frame in follower.frames for moved in frame["moved"]]
            assert told == sorted(set(told))  # never back in time, none twice
            assert len(told) < 40  # merged, not repeated one by one
        assert stranger.frames == []
        assert await in_database(head, topic) == before  # positions are not logged


def walk(worker: User, shift: Shift, fixes: int) -> None:
    now = timezone.now()
    for n in range(fixes):
        at = now - timedelta(seconds=fixes - n)
        record_fixes(
            worker=worker, fixes=fixes_at([at], lon=122.601 + n * 1e-5, first=n + 1), shift_id=shift.pk
        )
