"""A building that no longer stands takes its devices with it; what they have raised is still to be closed by people."""

from __future__ import annotations

from twin.base.events import listen
from twin.devices.actions.devices import retire_device
from twin.devices.models import Device
from twin.places.events import BuildingEnded


@listen(BuildingEnded, within=True)
def retire_with_the_building(event: BuildingEnded) -> None:
    for device in Device.objects.standing().in_building(event.building_id).order_by("id"):
        retire_device(device=device)
