from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import a_building
from tests.devices.homes import a_device, a_dwelling
from twin.access.gate import visible
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Invalid
from twin.base.events import Event
from twin.devices.actions import (
    NewReading,
    Recorded,
    go_on_listening,
    mark_silent_devices,
    record_readings,
)
from twin.devices.events import AlarmCleared, AlarmRaised, DeviceCameOnline, DeviceWentOffline
from twin.devices.models import Alarm, Device, Reading
from twin.places.actions import found_community
from twin.places.models import Building, Community, Grid

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))


def said(minute: float, event: str = "", *, device: str = "smoke-1", **values: float) -> NewReading:
    return NewReading(device=device, at=NOON + timedelta(minutes=minute), values=values, event=event)


def record(community: Community, *readings: NewReading, minute: float = 60) -> Recorded:
    at = NOON + timedelta(minutes=minute)
    return record_readings(community=community, readings=readings, received_at=at)


def test_readings_are_kept_as_they_were_said(community: Community, detector: Device) -> None:
    reading = NewReading(
        "smoke-1", datetime(2026, 5, 1, 20, 0, 0, 250, CHINA), 7, {"battery_pct": 93.5}, "test"
    )
    assert record(community, reading) == Recorded(accepted=1, duplicates=0, alarm_ids=())
    kept = Reading.objects.get()
    assert (kept.device, kept.at, kept.seq) == (detector, reading.at, 7)
    assert (kept.values, kept.event, kept.reason) == ({"battery_pct": 93.5}, "test", "")


def test_twice_changes_nothing(community: Community, detector: Device) -> None:
    batch = [said(0, "alarm", battery_pct=80), replace(said(1, "alarm"), seq=4), said(2, battery_pct=79)]
    first = record(community, *batch)
    again = record(community, *batch)
    assert (first.accepted, first.duplicates, len(first.alarm_ids)) == (3, 0, 1)
    assert (again.accepted, again.duplicates, again.alarm_ids) == (0, 3, ())
    assert Reading.objects.count() == 3
    assert Alarm.objects.get().count == 2


def test_within_one_batch_the_same_reading_counts_once(community: Community, detector: Device) -> None:
    one = replace(said(0, "alarm"), seq=4)
    assert record(community, one, one, said(1, "alarm"), said(1, "alarm")).duplicates == 2
    assert Alarm.objects.get().count == 2


def test_without_a_count_two_things_said_in_one_second_are_two_readings(
    community: Community, detector: Device
) -> None:
    assert record(community, said(0, battery_pct=50), said(0, "alarm")).accepted == 2
    assert Alarm.objects.get().count == 1


def test_an_unknown_device_refuses_the_whole_batch_by_name(community: Community, detector: Device) -> None:
    with pytest.raises(Invalid, match="Device 'smoke-9' is not known here") as refused:
        record(community, said(0, "alarm"), said(1, device="smoke-9"))
    assert refused.value.where == "readings[1].device"
    assert not Reading.objects.exists()
    assert not Alarm.objects.exists()


def test_a_device_of_another_community_is_as_unknown_as_one_that_does_not_exist(
    community: Community, detector: Device
) -> None:
    other = found_community(name="另一个社区")
    a_device(a_building(other, 122.65), "smoke-2")
    errors = []
    for name in ("smoke-2", "smoke-x"):
        with pytest.raises(Invalid) as refused:
            record(community, said(0, "alarm", device=name))
        errors.append((str(refused.value).replace(name, "…"), refused.value.where))
    assert errors[0] == errors[1]


@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        (datetime(1970, 1, 1, 0, 1, tzinfo=UTC), "clock_behind"),
        (datetime(2036, 2, 7, tzinfo=UTC), "clock_ahead"),
        (NOON + timedelta(hours=20), ""),
        (NOON - timedelta(days=400), ""),
    ],
    ids=["1970", "2036", "a little ahead", "a year late"],
)
def test_an_impossible_clock_is_kept_with_a_reason_and_still_alarms(
    community: Community, detector: Device, clock: datetime, reason: str
) -> None:
    record(community, NewReading("smoke-1", clock, event="alarm"), minute=0)
    kept = Reading.objects.get()
    assert (kept.at, kept.reason) == (clock, reason)
    assert Alarm.objects.get().first_at == (
        min(clock, NOON) if clock > datetime(2020, 1, 1, tzinfo=UTC) else NOON
    )


def test_an_alarm_and_its_end_in_one_batch_leave_it_cleared(
    community: Community, detector: Device, told: list[Event]
) -> None:
    record(community, said(4, "clear"), said(1, "alarm"), said(2, "alarm"))
    alarm = Alarm.objects.get()
    assert (alarm.count, alarm.condition, alarm.handling) == (2, "CLEARED", "NEW")
    assert alarm.cleared_at == NOON + timedelta(minutes=4)
    assert [type(event) for event in told] == [AlarmRaised, AlarmCleared, DeviceCameOnline]


def test_an_alarm_that_arrives_after_its_end_does_not_glow(community: Community, detector: Device) -> None:
    record(community, said(5, "clear"))
    record(community, said(1, "alarm"), said(2, "alarm"))
    alarm = Alarm.objects.get()
    assert (alarm.count, alarm.condition) == (2, "CLEARED")
    assert alarm.cleared_at == NOON + timedelta(minutes=5)


def test_an_alarm_that_arrives_late_but_was_not_the_end_glows_on(
    community: Community, detector: Device
) -> None:
    record(community, said(5, "clear"), said(6, "alarm"))
    record(community, said(1, "alarm"))
    alarm = Alarm.objects.get()
    assert (alarm.count, alarm.condition, alarm.first_at) == (2, "ACTIVE", NOON + timedelta(minutes=1))


def test_a_thousand_repeats_in_one_batch_are_one_change(
    community: Community, detector: Device, told: list[Event]
) -> None:
    record(community, *(said(second / 60, "alarm") for second in range(1000)))
    assert Alarm.objects.get().count == 1000
    assert [type(event) for event in told] == [AlarmRaised, DeviceCameOnline]


def test_a_threshold_raises_and_clears(community: Community, detector: Device) -> None:
    record(community, said(0, battery_pct=15))
    assert not Alarm.objects.exists()
    [raised] = record(community, said(1, battery_pct=14.9)).alarm_ids
    assert Alarm.objects.get().rule.code == "low_battery"
    record(community, said(2, battery_pct=100))
    assert Alarm.objects.get(pk=raised).condition == "CLEARED"


def test_the_last_values_are_the_newest_of_each_metric(community: Community, detector: Device) -> None:
    record(community, said(10, battery_pct=80, smoke_pct=1))
    record(community, said(5, battery_pct=90, temperature_c=21))
    detector.refresh_from_db()
    assert detector.last_values == {"battery_pct": 80, "smoke_pct": 1, "temperature_c": 21}
    assert detector.values_at == NOON + timedelta(minutes=10)
    assert (detector.status, detector.last_seen_at) == ("online", NOON + timedelta(minutes=60))


def test_silence_while_the_twin_was_down_is_nobodys(community: Community, detector: Device) -> None:
    record(community, said(0), minute=0)
    assert go_on_listening(now=NOON) == go_on_listening(now=NOON + timedelta(minutes=3)) == NOON
    back = NOON + timedelta(hours=40)
    assert go_on_listening(now=back) == back
    assert mark_silent_devices(now=back, listening_since=back) == []
    later = back + timedelta(hours=25)
    assert mark_silent_devices(now=later, listening_since=back) == [detector.pk]


def test_silence_beyond_what_the_kind_allows_is_offline_and_raises_its_alarm_once(
    community: Community, detector: Device, told: list[Event]
) -> None:
    record(community, said(0), minute=0)
    told.clear()
    assert mark_silent_devices(now=NOON + timedelta(hours=23)) == []
    assert mark_silent_devices(now=NOON + timedelta(hours=25)) == [detector.pk]
    assert mark_silent_devices(now=NOON + timedelta(hours=26)) == []
    assert [type(event) for event in told] == [DeviceWentOffline, AlarmRaised]
    alarm = Alarm.objects.get()
    assert (alarm.rule.code, alarm.condition, alarm.count) == ("offline", "ACTIVE", 1)
    record(community, said(26 * 60), minute=26 * 60)
    alarm.refresh_from_db()
    detector.refresh_from_db()
    assert (alarm.condition, detector.status) == ("CLEARED", "online")


def test_readings_are_seen_by_whoever_sees_the_device(
    community: Community, detector: Device, west: Grid, east: Grid, in_role: Callable[..., User]
) -> None:
    record(community, said(0))

    def seen(kind: str, **place: object) -> int:
        return visible(Reading.objects.all(), to=scope_of(in_role(kind, **place))).count()

    assert seen(RoleKind.GRID_WORKER, grid=west) == 1
    assert seen(RoleKind.GRID_WORKER, grid=east) == 0
    assert seen(RoleKind.STAIRWELL_HEAD, unit=detector.dwelling.unit) == 1
    assert seen(RoleKind.PLANNER) == 0


def test_a_batch_costs_as_many_queries_as_one_reading(community: Community, west_building: Building) -> None:
    for number in range(20):
        a_device(a_dwelling(west_building, room=f"50{number}"), f"s-{number}")

    def queries(*numbers: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            record(community, *(said(0, "alarm", device=f"s-{n}", battery_pct=3) for n in numbers))
        return len(queries)

    assert queries(0) == queries(*range(1, 20))
    assert Alarm.objects.count() == 40
