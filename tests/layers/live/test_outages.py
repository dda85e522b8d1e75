from __future__ import annotations

import pytest

from tests.layers.live.alarms import alarm, assert_holds_what_the_database_holds, detectors
from tests.layers.live.follower import Follower
from tests.layers.live.servers import Redis, Web
from tests.layers.live.talking import in_database, session_of
from twin.accounts.models import User
from twin.devices.models import Device
from twin.places.models import Building, Grid

pytestmark = pytest.mark.usefixtures("same_redis")


async def test_a_client_cut_off_during_a_storm_ends_with_exactly_what_the_database_holds(
    redis: Redis, officer: User, west: Grid, west_building: Building
) -> None:
    """500 alarms while the socket is cut, the web process killed with -9 and Redis restarted."""
    storm = await in_database(detectors, west_building, 500)
    topics = [f"alarms:{west.pk}", f"devices:{west.pk}"]
    with Web(redis.url) as web:
        async with Follower([web.address], await in_database(session_of, officer), topics) as follower:
            for device in storm[:20]:
                await in_database(alarm, device)
            await follower.until(lambda: len(follower.held[topics[0]]) >= 10)
            web.kill()
            redis.kill()
            for device in storm[20:350]:
                await in_database(alarm, device)
            redis.start()
            web.start()
            for device in storm[350:]:
                await in_database(alarm, device)
            await assert_holds_what_the_database_holds(follower, west)
            assert len(follower.held[topics[0]]) == 500
            assert follower.connections >= 2


async def test_without_redis_changes_still_arrive_and_with_it_again_positions_too(
    redis: Redis, webs: list[Web], officer: User, devices: list[Device], west: Grid, east: Grid
) -> None:
    topics = [f"alarms:{grid.pk}" for grid in (west, east)]
    async with Follower([webs[0].address], await in_database(session_of, officer), topics) as follower:
        redis.kill()
        for device in devices:
            await in_database(alarm, device)
        await assert_holds_what_the_database_holds(follower, west, east)
        redis.start()
        for device in devices:
            await in_database(alarm, device)
        await assert_holds_what_the_database_holds(follower, west, east)
        assert follower.connections == 1
