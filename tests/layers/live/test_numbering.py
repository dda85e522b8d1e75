from __future__ import annotations

import os
import signal
import subprocess
import sys

from layers.live.log import read_after
from layers.live.models import LogEntry
from tests.layers.live.alarms import assert_holds_what_the_database_holds, head
from tests.layers.live.follower import Follower
from tests.layers.live.servers import Web, database_url
from tests.layers.live.talking import in_database, session_of
from twin.accounts.models import User
from twin.devices.models import Device
from twin.places.models import Grid


async def test_eight_writers_some_killed_and_a_reader_never_sees_a_hole(
    webs: list[Web], officer: User, devices: list[Device], west: Grid, east: Grid
) -> None:
    topics = [f"alarms:{grid.pk}" for grid in (west, east)]
    async with Follower([webs[0].address], await in_database(session_of, officer), topics) as follower:
        seen = await in_database(read_while_others_write, topics)
        await assert_holds_what_the_database_holds(follower, west, east)
        for topic in topics:
            assert seen[topic] == list(range(1, seen[topic][-1] + 1))
            logged = LogEntry.objects.filter(topic__name=topic).order_by("seq").values_list("seq", flat=True)
            assert await in_database(list, logged) == list(range(1, await in_database(head, topic) + 1))


def read_while_others_write(topics: list[str]) -> dict[str, list[int]]:
    """Read the log as fast as it goes, and kill three of the eight writers on the way."""
    seen: dict[str, list[int]] = {topic: [] for topic in topics}

    def read() -> None:
        for change in read_after({topic: len(numbers) for topic, numbers in seen.items()}).changes:
            seen[change.topic].append(change.seq)

    with subprocess.Popen(
        [sys.executable, "-m", "tests.layers.live.writers", "8", "25"],
        env={**os.environ, "TWIN_DATABASE_URL": database_url(), "TWIN_REDIS_URL": ""},
        stdout=subprocess.PIPE,
        text=True,
    ) as writers:
        assert writers.stdout is not None
        doomed = [int(pid) for pid in writers.stdout.readline().split()][:3]
        while writers.poll() is None:
            read()
            if doomed and sum(map(len, seen.values())) > 60 * (4 - len(doomed)):
                os.kill(doomed.pop(), signal.SIGKILL)
    assert writers.returncode == 0
    assert doomed == []
    read()
    return seen
