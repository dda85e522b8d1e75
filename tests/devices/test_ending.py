from __future__ import annotations

from django.utils import timezone

from tests.devices.homes import a_device, a_dwelling, rule_of
from twin.devices.actions import raise_alarm
from twin.devices.models import Alarm, Device
from twin.places.actions import end_building
from twin.places.models import Building


def test_the_devices_of_a_building_that_ends_are_retired_and_their_alarms_stay_to_be_closed(
    west_building: Building, east_building: Building
) -> None:
    inside = a_device(a_dwelling(west_building), external_id="inside")
    elsewhere = a_device(a_dwelling(east_building), external_id="elsewhere")
    raise_alarm(device=inside, rule=rule_of(inside), at=timezone.now())
    end_building(building=west_building)
    assert list(Device.objects.standing()) == [elsewhere]
    assert Alarm.objects.open().get().device == inside
