from __future__ import annotations

from dataclasses import dataclass

from twin.base.events import Event


@dataclass(frozen=True, slots=True)
class DeviceInstalled(Event):
    device_id: int
    grid_id: int


@dataclass(frozen=True, slots=True)
class DeviceChanged(Event):
    """Its name, its home within the same grid, or its place within the home changed. `from_dwelling_id`: where it was
    carried away from."""

    device_id: int
    grid_id: int
    from_dwelling_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceMoved(Event):
    """A device belongs to another grid: it was carried there, from `from_dwelling_id` if it was in one, or its building now
    lies there."""

    device_id: int
    from_grid_id: int
    to_grid_id: int
    from_dwelling_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceRetired(Event):
    device_id: int
    grid_id: int


@dataclass(frozen=True, slots=True)
class DeviceWentOffline(Event):
    device_id: int
    grid_id: int


@dataclass(frozen=True, slots=True)
class DeviceCameOnline(Event):
    device_id: int
    grid_id: int


@dataclass(frozen=True, slots=True)
class AlarmRaised(Event):
    alarm_id: int
    grid_id: int
    device_id: int
    dwelling_id: int | None


@dataclass(frozen=True, slots=True)
class AlarmRepeated(Event):
    """The same device met the same rule again while its alarm was open."""

    alarm_id: int
    grid_id: int


@dataclass(frozen=True, slots=True)
class AlarmCleared(Event):
    """The device says that it is over. Its handling goes on until people close it."""

    alarm_id: int
    grid_id: int


@dataclass(frozen=True, slots=True)
class AlarmAcknowledged(Event):
    alarm_id: int
    grid_id: int
    by_id: int


@dataclass(frozen=True, slots=True)
class AlarmClosed(Event):
    alarm_id: int
    grid_id: int
    by_id: int


@dataclass(frozen=True, slots=True)
class AlarmMoved(Event):
    """An open alarm belongs to another grid, because its building does; or, within the same grid, to another cell, because
    its building was cut anew."""

    alarm_id: int
    from_grid_id: int
    to_grid_id: int
