from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.layers.live.alarms import alarm, alarms, assert_holds_what_the_database_holds, detectors
from tests.layers.live.follower import Follower
from tests.layers.live.servers import PATIENCE_S, Redis, Web
from tests.layers.live.talking import in_database, session_of
from tests.patrol.conftest import fixes_at
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.devices.models import Device
from twin.patrol.actions import record_fixes, start_shift
from twin.patrol.models import Shift
from twin.places.models import Building, Grid

pytestmark = pytest.mark.usefixtures("same_redis")

OUTAGE_S = float(os.environ.get("TWIN_TEST_OUTAGE_S", "0"))
"""How long the storm below lasts at least; the outcome must not depend on it."""


async def test_a_client_cut_off_during_a_storm_ends_with_exactly_what_the_database_holds(
    redis: Redis, officer: User, west: Grid, west_building: Building
) -> None:
    """500 alarms while the socket is cut, the web process killed with -9 and Redis restarted."""
    storm = await in_database(detectors, west_building, 500)
    topics = [f"alarms:{west.pk}", f"devices:{west.pk}"]
    with Web(redis.url) as web:
        async with Follower([web.address], await in_database(session_of, officer), topics) as follower:
            began = time.monotonic()
            await in_database(alarms, storm[:20])
            await follower.until(lambda: len(follower.held[topics[0]]) >= 10)
            web.kill()
            redis.kill()
            await in_database(alarms, storm[20:350])
            redis.start()
            while time.monotonic() < began + OUTAGE_S:
                await in_database(alarm, storm[0])
            web.start()
            await in_database(alarms, storm[350:])
            await assert_holds_what_the_database_holds(follower, west)
            assert len(follower.held[topics[0]]) == 500
            assert follower.connections >= 2


async def test_a_cut_line_brings_nothing_twice(
    webs: list[Web], officer: User, devices: list[Device], west: Grid, east: Grid
) -> None:
    """The client hops from one process to the other while the changes flow."""
    topics = [f"alarms:{grid.pk}" for grid in (west, east)]
    session = await in_database(session_of, officer)
    async with Follower([web.address for web in webs], session, topics) as follower:
        for number in range(5):
            flowing = asyncio.create_task(in_database(alarms, devices * 3))
            await follower.cut()
            await follower.until(lambda n=number: follower.connections >= n + 2)
            await flowing
        await assert_holds_what_the_database_holds(follower, west, east)


@pytest.fixture
def shift(in_role: Callable[..., User], west: Grid) -> Shift:
    """Open since half an hour ago."""
    worker = in_role(RoleKind.GRID_WORKER, grid=west)
    return start_shift(worker=worker, grid=west, at=timezone.now() - timedelta(minutes=30))


async def walk_until_seen(shift: Shift, follower: Follower) -> None:
    """Positions reach another process by the channel layer only: when they arrive, it is heard again."""
    follower.frames.clear()
    async with asyncio.timeout(PATIENCE_S):
        while not follower.frames:
            fixes = fixes_at([timezone.now()], first=time.monotonic_ns())
            await in_database(record_fixes, worker=shift.worker, fixes=fixes)


async def test_while_redis_is_away_changes_arrive_all_the_same_and_then_positions_too(
    redis: Redis, webs: list[Web], officer: User, devices: list[Device], shift: Shift, west: Grid, east: Grid
) -> None:
    topics = [f"alarms:{west.pk}", f"alarms:{east.pk}", f"patrol:{west.pk}"]
    async with Follower([webs[0].address], await in_database(session_of, officer), topics) as follower:
        await walk_until_seen(shift, follower)
        redis.kill()
        await in_database(alarms, devices)
        await assert_holds_what_the_database_holds(follower, west, east)
        redis.start()
        await walk_until_seen(shift, follower)
        assert follower.connections == 1


async def test_a_web_process_that_never_met_redis_says_so_once_and_works(
    officer: User, devices: list[Device], west: Grid, east: Grid
) -> None:
    with Web("unix:///nowhere/redis.sock?db=0") as web:
        topics = [f"alarms:{grid.pk}" for grid in (west, east)]
        async with Follower([web.address], await in_database(session_of, officer), topics) as follower:
            for _ in range(3):
                await in_database(alarms, devices)
                await assert_holds_what_the_database_holds(follower, west, east)
        assert web.said().count("reading the log every second instead") == 1


async def test_a_restart_of_the_database_is_outlived(
    webs: list[Web], officer: User, devices: list[Device], west: Grid, east: Grid
) -> None:
    topics = [f"alarms:{grid.pk}" for grid in (west, east)]
    session = await in_database(session_of, officer)
    async with Follower([webs[0].address], session, topics) as follower:
        for _ in range(3):
            await in_database(webs[0].cut_off_from_database)
            await in_database(alarms, devices)
            await assert_holds_what_the_database_holds(follower, west, east)
        async with Follower([webs[0].address], session, topics) as another:
            await assert_holds_what_the_database_holds(another, west, east)
