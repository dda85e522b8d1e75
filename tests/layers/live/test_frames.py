from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from layers.live.facts import Moved
from layers.live.frames import Frames, Newest
from layers.live.relay import BETWEEN_FRAMES_S, Relay
from tests.layers.live.talking import Talk, in_database
from tests.patrol.conftest import fixes_at
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.patrol.actions import end_shift, record_fixes, start_shift
from twin.patrol.models import Shift
from twin.places.models import Grid


def at(seconds: float, shift: int = 1) -> Moved:
    return Moved(shift, 122.6, 31.05, seconds, 8.0)


def test_of_several_positions_of_a_shift_the_latest_counts_whatever_their_order() -> None:
    frames = Frames()
    for moved in (at(5), at(7), at(6), at(1, shift=2)):
        frames.add("patrol:1", moved)
    assert frames.take("patrol:1") == [at(7), at(1, shift=2)]
    assert frames.take("patrol:1") == []


def test_a_position_that_was_overtaken_on_its_way_is_no_news() -> None:
    newest = Newest()
    assert newest.only([at(7), at(1, shift=2)]) == [at(7), at(1, shift=2)]
    assert newest.only([at(6), at(7), at(2, shift=2)]) == [at(2, shift=2)]


def test_what_goes_to_other_processes_is_merged_until_the_second_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    relay, clock = Relay(), [100.0]
    monkeypatch.setattr(Relay, "_ring", lambda self: None)
    monkeypatch.setattr("layers.live.relay.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("layers.live.relay.layer_between_processes", lambda: object())
    relay.move("patrol:1", at(1))
    assert relay._next_message()["moved"] == {"patrol:1": [list(at(1))]}
    for seconds in (2, 4, 3):
        relay.move("patrol:1", at(seconds))
    relay.wake(["alarms:1"])
    assert (relay._next_message())["moved"] == {}  # the bell does not wait for the positions
    clock[0] += BETWEEN_FRAMES_S
    assert relay._next_message()["moved"] == {"patrol:1": [list(at(4))]}


@pytest.fixture
def began() -> datetime:
    return timezone.now() - timedelta(minutes=10)


@pytest.fixture
def worker(in_role: Callable[..., User], west: Grid) -> User:
    return in_role(RoleKind.GRID_WORKER, grid=west)


@pytest.fixture
def shift(worker: User, west: Grid, began: datetime) -> Shift:
    return start_shift(worker=worker, grid=west, at=began)


@pytest.fixture
def no_redis(settings: Any) -> None:
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


async def test_a_worker_moves_on_the_map(
    no_redis: None, officer: User, worker: User, shift: Shift, began: datetime, west: Grid
) -> None:
    topic = f"patrol:{west.pk}"
    async with Talk(user=officer) as talk:
        [fact] = (await talk.snapshot(topic))["items"]
        assert (fact["id"], fact["worker_name"], fact["lon"]) == (shift.pk, str(worker), None)
        seen = began + timedelta(minutes=1)
        await in_database(record_fixes, worker=worker, fixes=fixes_at([seen], lon=122.6013, lat=31.0517))
        frame = await talk.expect("frame", topic)
        assert frame["moved"] == [[shift.pk, 122.6013, 31.0517, seen.timestamp(), 8.0]]
        [fact] = (await talk.snapshot(topic))["items"]
        assert (fact["lon"], fact["lat"]) == (122.6013, 31.0517)


async def test_late_fixes_move_nobody_back(
    no_redis: None, officer: User, worker: User, shift: Shift, began: datetime, west: Grid
) -> None:
    topic = f"patrol:{west.pk}"
    async with Talk(user=officer) as talk:
        await talk.snapshot(topic)
        minutes = [began + timedelta(minutes=m) for m in (1, 5, 3, 6)]
        for number, moment in enumerate(minutes):
            await in_database(record_fixes, worker=worker, fixes=fixes_at([moment], first=number + 1))
        told: list[float] = []
        while not told or told[-1] != minutes[-1].timestamp():
            told += [moved[3] for moved in (await talk.expect("frame", topic))["moved"]]
        assert told == sorted(told)
        assert minutes[2].timestamp() not in told


async def test_a_shift_that_starts_and_ends_is_told(
    officer: User, worker: User, began: datetime, west: Grid
) -> None:
    topic = f"patrol:{west.pk}"
    async with Talk(user=officer) as talk:
        await talk.snapshot(topic)
        shift = await in_database(start_shift, worker=worker, grid=west, at=began)
        assert (await talk.expect("change", topic))["fact"]["ended_at"] is None
        await in_database(end_shift, shift=shift, by=worker)
        assert (await talk.expect("change", topic))["fact"]["ended_at"] is not None
        assert (await talk.snapshot(topic))["items"] == []
