"""Alarms: all that nobody has closed yet, in the grid that handles them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import cast

from layers.layer import Audience
from layers.live.facts import AlarmFact, AlarmLeftFact, Condition, Fact, Handling, Severity, Words
from layers.live.registry import register
from layers.live.stream import Level, Stream
from twin.access.gate import visible
from twin.base.scope import Scope
from twin.devices.events import (
    AlarmAcknowledged,
    AlarmCleared,
    AlarmClosed,
    AlarmMoved,
    AlarmRaised,
    AlarmRepeated,
)
from twin.devices.models import Alarm

OfAlarm = AlarmRaised | AlarmRepeated | AlarmCleared | AlarmAcknowledged | AlarmClosed


def alarm_fact(alarm: Alarm) -> AlarmFact:
    """For an alarm read `with_place()`."""
    return AlarmFact(
        id=alarm.pk,
        grid_id=alarm.grid_id,
        device_id=alarm.device_id,
        device_name=str(alarm.device),
        device_kind=alarm.device.kind.code,
        building_id=alarm.building_id,
        unit_id=alarm.unit_id,
        dwelling_id=alarm.dwelling_id,
        lon=alarm.position.x,
        lat=alarm.position.y,
        height_m=alarm.height_m,
        address=alarm.address,
        rule=alarm.rule.code,
        title=Words(zh=alarm.rule.title, en=alarm.rule.title_en or alarm.rule.title),
        severity=cast(Severity, alarm.severity),
        condition=cast(Condition, alarm.condition),
        handling=cast(Handling, alarm.handling),
        count=alarm.count,
        first_at=alarm.first_at,
        last_at=alarm.last_at,
        acked_at=alarm.acked_at,
        closed_at=alarm.closed_at,
    )


def _snapshot(grids: Collection[int], scope: Scope) -> Iterator[tuple[int, Fact]]:
    rows = Alarm.objects.open().filter(grid__in=grids).with_place()
    for alarm in visible(rows, to=scope).order_by("pk"):
        yield alarm.grid_id, alarm_fact(alarm)


def _told(events: Sequence[OfAlarm]) -> Iterator[tuple[int, Fact]]:
    rows = Alarm.objects.filter(pk__in={event.alarm_id for event in events})
    for alarm in rows.with_place().order_by("pk"):
        yield alarm.grid_id, alarm_fact(alarm)


def _moved(events: Sequence[AlarmMoved]) -> Iterator[tuple[int, Fact]]:
    """It leaves every grid that it was in, except where it has come back to, and enters the one where it is now."""
    now = {
        alarm.pk: alarm for alarm in Alarm.objects.filter(pk__in={e.alarm_id for e in events}).with_place()
    }
    for event in events:
        alarm = now[event.alarm_id]
        if alarm.grid_id != event.from_grid_id:
            yield event.from_grid_id, AlarmLeftFact(alarm.pk)
        yield alarm.grid_id, alarm_fact(alarm)


register(
    Stream(
        name="alarms",
        level=Level.LEAF,
        audience=Audience.GRANTED,
        snapshot=_snapshot,
        facts={
            AlarmRaised: _told,
            AlarmRepeated: _told,
            AlarmCleared: _told,
            AlarmAcknowledged: _told,
            AlarmClosed: _told,
            AlarmMoved: _moved,
        },
    )
)
