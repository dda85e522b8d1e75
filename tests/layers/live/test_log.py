from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.utils import timezone

from layers.live.actions import KEPT, forget_old_changes
from layers.live.models import LogEntry, Topic
from tests.conftest import box
from tests.layers.live.alarms import alarm
from tests.layers.live.talking import Talk, in_database
from twin.accounts.models import User
from twin.base.verbs import collect, unit_of_work
from twin.devices.actions import acknowledge
from twin.devices.models import Device
from twin.places.actions import place_in_grid, reshape_grid
from twin.places.models import Building, Grid


def logged(topic: str) -> list[dict[str, Any]]:
    entries = LogEntry.objects.filter(topic__name=topic).order_by("seq")
    return [{"seq": entry.seq, **msgspec.json.decode(entry.body)} for entry in entries]


def test_a_thing_is_told_once_per_transaction_as_it_stands_at_its_end(
    detector: Device, officer: User, west: Grid
) -> None:
    with unit_of_work():
        for _ in range(5):
            raised = alarm(detector)
        acknowledge(alarm=raised, by=officer)
    [told] = logged(f"alarms:{west.pk}")
    assert (told["seq"], told["count"], told["handling"]) == (1, 5, "ACKED")


def test_what_was_rolled_back_was_never_numbered(detector: Device, west: Grid) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work():
        alarm(detector)
        _ = 1 / 0
    alarm(detector)
    assert [told["seq"] for told in logged(f"alarms:{west.pk}")] == [1]


def test_a_verb_that_failed_inside_another_one_is_not_told(detector: Device, west: Grid) -> None:
    with unit_of_work(), pytest.raises(ZeroDivisionError), unit_of_work():
        alarm(detector)
        _ = 1 / 0
    assert logged(f"alarms:{west.pk}") == []


def test_counters_are_locked_after_all_other_writers(detector: Device, west: Grid) -> None:
    """Else two transactions that write shapes and alarms in different order would wait for each other for ever."""
    numbers_then: list[int] = []

    def other_writer(items: list[int]) -> None:
        numbers_then.append(Topic.objects.filter(name=f"alarms:{west.pk}", seq__gt=0).count())
        if items[0] < 3:
            collect(other_writer, items[0] + 1)

    with unit_of_work():
        alarm(detector)
        collect(other_writer, 0)
    assert numbers_then == [0, 0, 0, 0]
    assert len(logged(f"alarms:{west.pk}")) == 1


def test_alarms_and_devices_of_a_building_leave_one_grid_and_enter_the_other_at_once(
    detector: Device, west_building: Building, west: Grid, east: Grid
) -> None:
    raised = alarm(detector)
    place_in_grid(building=west_building, grid=east)
    for stream, kind, pk in (("alarms", "alarm", raised.pk), ("devices", "device", detector.pk)):
        left, entered = logged(f"{stream}:{west.pk}")[-1], logged(f"{stream}:{east.pk}")[-1]
        assert (left["kind"], left["id"]) == (f"{kind}_left", pk)
        assert (entered["kind"], entered["id"], entered["grid_id"]) == (kind, pk, east.pk)


def test_a_building_that_comes_back_within_the_transaction_never_left(
    detector: Device, west_building: Building, west: Grid, east: Grid
) -> None:
    raised = alarm(detector)
    with unit_of_work():
        place_in_grid(building=west_building, grid=east)
        place_in_grid(building=west_building, grid=west)
    assert {(told["kind"], told["id"]) for told in logged(f"alarms:{west.pk}")} == {("alarm", raised.pk)}
    assert {told["kind"] for told in logged(f"alarms:{east.pk}")} <= {"alarm_left"}


async def test_a_new_border_moves_an_alarm_from_one_screen_to_the_other(
    officer: User, detector: Device, west: Grid, east: Grid
) -> None:
    def redraw() -> None:
        with unit_of_work():
            reshape_grid(grid=west, geometry=box(122.600, 31.050, 122.6005, 31.052))
            reshape_grid(grid=east, geometry=box(122.6005, 31.050, 122.604, 31.052))

    raised = await in_database(alarm, detector)
    async with Talk(user=officer) as talk:
        assert len((await talk.snapshot(f"alarms:{west.pk}"))["items"]) == 1
        assert (await talk.snapshot(f"alarms:{east.pk}"))["items"] == []
        await in_database(redraw)
        facts = {(m := await talk.expect("change"))["topic"]: m["fact"] for _ in range(2)}
        assert facts[f"alarms:{west.pk}"] == {"kind": "alarm_left", "id": raised.pk}
        assert facts[f"alarms:{east.pk}"]["grid_id"] == east.pk


async def test_who_was_away_for_longer_than_the_log_is_kept_gets_a_snapshot(
    officer: User, detector: Device, west: Grid
) -> None:
    topic = f"alarms:{west.pk}"
    for _ in range(3):
        await in_database(alarm, detector)
    assert await in_database(forget_old_changes) == 0
    old = LogEntry.objects.filter(topic__name=topic, seq__lte=2)
    await in_database(old.update, at=timezone.now() - KEPT - timedelta(minutes=1))
    assert await in_database(forget_old_changes) == 2
    async with Talk(user=officer) as talk:
        await talk.join(topic, after=1)
        assert (await talk.hear())["kind"] == "snapshot"
        await talk.join(topic, after=2)
        assert (await talk.hear())["seq"] == 3
        await in_database(alarm, detector)
        assert (await talk.expect("change"))["seq"] == 4


async def test_a_database_put_back_from_a_copy_sends_everyone_a_snapshot(
    officer: User, detector: Device, west: Grid
) -> None:
    topic = f"alarms:{west.pk}"
    for _ in range(3):
        await in_database(alarm, detector)

    def put_back() -> None:
        LogEntry.objects.filter(seq__gt=1).delete()
        Topic.objects.filter(name=topic).update(seq=1)

    async with Talk(user=officer) as talk:
        assert (await talk.snapshot(topic))["seq"] == 3
        await in_database(put_back)
        assert (await talk.expect("snapshot", topic))["seq"] == 1
        await in_database(alarm, detector)
        assert (await talk.expect("change", topic))["seq"] == 2
