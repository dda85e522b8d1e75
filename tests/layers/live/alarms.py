"""Alarms to raise, and what a client of a grid's topic must then hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils import timezone

from layers.live.messages import encode_fact
from layers.live.models import Topic
from layers.live.streams.alarms import alarm_fact
from tests.devices.homes import a_dwelling, a_kind, rule_of
from tests.layers.live.follower import Follower
from tests.layers.live.talking import in_database
from twin.base.verbs import unit_of_work
from twin.devices.actions import install_device, raise_alarm
from twin.devices.models import Alarm, Device
from twin.places.models import Building, Grid


def alarm(device: Device) -> Alarm:
    return raise_alarm(device=device, rule=rule_of(device), at=timezone.now())


def alarms(devices: Sequence[Device]) -> None:
    """One after the other, each in a transaction of its own. Devices of one kind."""
    rule = rule_of(devices[0])
    for device in devices:
        raise_alarm(device=device, rule=rule, at=timezone.now())


def detectors(building: Building, count: int) -> list[Device]:
    """Smoke detectors in one dwelling."""
    with unit_of_work():
        home, kind = a_dwelling(building), a_kind(building.community)
        return [
            install_device(
                community=building.community, kind=kind, external_id=f"smoke-{building.pk}-{n}", home=home
            )
            for n in range(count)
        ]


def open_alarms(grid: Grid) -> dict[int, dict[str, Any]]:
    rows = Alarm.objects.open().filter(grid=grid).with_place()
    return {row.pk: msgspec.json.decode(encode_fact(alarm_fact(row))) for row in rows}


def head(topic: str) -> int:
    return Topic.objects.filter(name=topic).values_list("seq", flat=True).first() or 0


async def assert_holds_what_the_database_holds(follower: Follower, *grids: Grid) -> None:
    """In the end; everything on the way was in order and came once."""
    heads = {topic: await in_database(head, topic) for topic in follower.last}
    await follower.until(lambda: all(follower.last[topic] == seq for topic, seq in heads.items()))
    assert follower.faults == []
    for grid in grids:
        assert follower.held[f"alarms:{grid.pk}"] == await in_database(open_alarms, grid)
