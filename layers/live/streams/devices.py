"""Devices that have not retired, in the grid that they are in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import cast

from layers.layer import Audience
from layers.live.facts import DeviceFact, DeviceLeftFact, DeviceStatus, Fact
from layers.live.registry import register
from layers.live.stream import Level, Stream
from twin.access.gate import visible
from twin.base.scope import Scope
from twin.devices.events import (
    DeviceCameOnline,
    DeviceChanged,
    DeviceInstalled,
    DeviceMoved,
    DeviceRetired,
    DeviceWentOffline,
)
from twin.devices.models import Device

OfDevice = DeviceInstalled | DeviceChanged | DeviceRetired | DeviceWentOffline | DeviceCameOnline


def device_fact(device: Device) -> DeviceFact:
    """For a device read `with_place()`."""
    building = device.home_building
    return DeviceFact(
        id=device.pk,
        grid_id=device.grid_id,
        device_kind=device.kind.code,
        name=str(device),
        status=cast(DeviceStatus, device.status),
        building_id=building.pk if building else None,
        dwelling_id=device.dwelling_id,
        lon=device.position.x,
        lat=device.position.y,
        height_m=device.height_m,
    )


def _snapshot(grids: Collection[int], scope: Scope) -> Iterator[tuple[int, Fact]]:
    rows = Device.objects.standing().filter(grid__in=grids).with_place()
    for device in visible(rows, to=scope).order_by("pk"):
        yield device.grid_id, device_fact(device)


def _told(events: Sequence[OfDevice]) -> Iterator[tuple[int, Fact]]:
    rows = Device.objects.filter(pk__in={event.device_id for event in events})
    for device in rows.with_place().order_by("pk"):
        yield device.grid_id, device_fact(device)


def _moved(events: Sequence[DeviceMoved]) -> Iterator[tuple[int, Fact]]:
    """It leaves every grid that it was in, except where it has come back to, and enters the one where it is now."""
    rows = Device.objects.filter(pk__in={event.device_id for event in events})
    now = {device.pk: device for device in rows.with_place()}
    for event in events:
        device = now[event.device_id]
        if device.grid_id != event.from_grid_id:
            yield event.from_grid_id, DeviceLeftFact(device.pk)
        yield device.grid_id, device_fact(device)


register(
    Stream(
        name="devices",
        level=Level.LEAF,
        audience=Audience.GRANTED,
        snapshot=_snapshot,
        facts={
            DeviceInstalled: _told,
            DeviceChanged: _told,
            DeviceRetired: _told,
            DeviceWentOffline: _told,
            DeviceCameOnline: _told,
            DeviceMoved: _moved,
        },
    )
)
