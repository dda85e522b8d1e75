"""Devices and open alarms follow their dwelling when its building is cut anew: the cells end, and others take their place."""

from __future__ import annotations

from django.db.models import Q

from twin.base.events import emit, listen
from twin.base.verbs import collect
from twin.devices.actions.devices import move_device
from twin.devices.actions.placing import Home
from twin.devices.events import AlarmMoved
from twin.devices.models import Alarm, Device
from twin.places.events import BuildingCut
from twin.places.models import Dwelling, Unit


@listen(BuildingCut, within=True)
def follow_cut(event: BuildingCut) -> None:
    collect(_rehome, event.building_id)


def _rehome(building_ids: list[int]) -> None:
    homeless = Q(dwelling__ended_at__isnull=False) | Q(unit__ended_at__isnull=False)
    devices = Device.objects.standing().in_building(*set(building_ids)).filter(homeless)
    for device in devices.with_place().order_by("pk").select_for_update(of=("self",), no_key=True):
        home = _successor(device)
        height_m = None if isinstance(home, Dwelling) else device.height_m
        _take_alarms_along(device, move_device(device=device, home=home, height_m=height_m))


def _successor(device: Device) -> Home:
    """The cell that now bears the same unit, floor and room; the building where there is none."""
    building, unit = device.home_building, device.home_unit
    assert building is not None
    assert unit is not None
    if device.dwelling is None:
        found = Unit.objects.standing().filter(building=building, number=unit.number).first()
    else:
        cells = Dwelling.objects.standing().filter(building=building, unit__number=unit.number)
        found = cells.filter(floor=device.dwelling.floor, room=device.dwelling.room).first()
    return found or building


def _take_alarms_along(before: Device, now: Device) -> None:
    """Those that are open and were raised in the old cell: it is drawn no more, and nothing would glow."""
    old_unit, new_unit = before.home_unit, now.home_unit
    alarms = Alarm.objects.open().filter(device=now, dwelling=before.dwelling, unit=old_unit)
    for alarm in alarms.order_by("pk").select_for_update(no_key=True):
        alarm.dwelling, alarm.unit = now.dwelling, new_unit
        alarm.position, alarm.height_m = now.position, now.height_m
        alarm.save(update_fields=["dwelling", "unit", "position", "height_m"])
        emit(
            AlarmMoved(
                community_id=alarm.community_id,
                alarm_id=alarm.pk,
                from_grid_id=alarm.grid_id,
                to_grid_id=alarm.grid_id,
            )
        )
