from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils import timezone

from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.devices.actions.placing import Home, Placed, placed_at
from twin.devices.events import DeviceChanged, DeviceInstalled, DeviceMoved, DeviceRetired
from twin.devices.models import Device, DeviceKind
from twin.places.actions.holding import hold_grids
from twin.places.models import Community


@verb
def install_device(
    *,
    community: Community,
    kind: DeviceKind,
    external_id: str,
    home: Home,
    name: str = "",
    height_m: float | None = None,
) -> Device:
    """Put a device into its home. It is offline until it is first heard of.

    Raises Invalid for a kind or home of another community, Conflict for an id that another device bears or a home that
    has ended.
    """
    _same_community(community, kind)
    placed = placed_at(community, home, height_m)
    device = Device(community=community, kind=kind, external_id=external_id, name=name, **_columns(placed))
    _save(device)
    emit(DeviceInstalled(community_id=community.pk, device_id=device.pk, grid_id=device.grid_id))
    return device


@verb
def change_device(*, device: Device, **changes: Any) -> Device:
    """Change what is known of a device: `name`, `kind`, `external_id`. Its home has a verb of its own."""
    allowed = {"name", "kind", "external_id"}
    if not changes.keys() <= allowed:
        raise Invalid(
            "Only %(names)s can be changed.",
            names=sorted(allowed),
            where=min(changes.keys() - allowed),
        )
    current = _standing(device)
    if "kind" in changes:
        _same_community(current.community, changes["kind"])
    for field, value in changes.items():
        setattr(current, field, value)
    _save(current, update_fields=list(changes))
    emit(DeviceChanged(community_id=current.community_id, device_id=current.pk, grid_id=current.grid_id))
    return current


@verb
def move_device(*, device: Device, home: Home, height_m: float | None = None) -> Device:
    """Carry a device to another home. Its open alarms stay where they were raised: that is where the trouble is."""
    if isinstance(home, Point):
        hold_grids(device.community_id)  # before its row: a border that moves takes the two in this order
    current = _standing(device)
    placed = placed_at(current.community, home, height_m)
    from_grid_id, from_dwelling_id = current.grid_id, current.dwelling_id
    for field, value in _columns(placed).items():
        setattr(current, field, value)
    current.save(update_fields=list(_columns(placed)))
    if current.grid_id == from_grid_id:
        emit(
            DeviceChanged(
                community_id=current.community_id,
                device_id=current.pk,
                grid_id=from_grid_id,
                from_dwelling_id=from_dwelling_id,
            )
        )
    else:
        emit(
            DeviceMoved(
                community_id=current.community_id,
                device_id=current.pk,
                from_grid_id=from_grid_id,
                to_grid_id=current.grid_id,
                from_dwelling_id=from_dwelling_id,
            )
        )
    return current


@verb
def retire_device(*, device: Device) -> Device:
    """The device is gone; its id is free for another one. Open alarms stay open until people close them."""
    current = _standing(device)
    current.ended_at = timezone.now()
    current.save(update_fields=["ended_at"])
    emit(DeviceRetired(community_id=current.community_id, device_id=current.pk, grid_id=current.grid_id))
    return current


def _columns(placed: Placed) -> dict[str, Any]:
    return {field.name: getattr(placed, field.name) for field in fields(placed)}


def _standing(device: Device) -> Device:
    """The device as it is now, locked. Raises Conflict for a retired one."""
    current: Device = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if current.ended_at is not None:
        raise Conflict("%(what)s has been retired already.", what=current)
    return current


def _save(device: Device, update_fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            device.save(update_fields=update_fields)
    except IntegrityError as error:
        if "device_id_is_unique_in_community" not in str(error):
            raise
        raise Conflict(
            "There is a device '%(id)s' already.",
            id=device.external_id,
            where="external_id",
        ) from error


def _same_community(community: Community, kind: DeviceKind) -> None:
    if kind.community_id != community.pk:
        raise Invalid("%(what)s belongs to another community.", what=kind, where="kind")
