"""Homes for devices, small enough to reason about, and devices in them."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import LineString, MultiLineString, Point, Polygon

from twin.devices.actions import add_starter_kinds, install_device
from twin.devices.models import AlarmRule, Device, DeviceKind
from twin.places.models import Building, Community, Dwelling, Unit


def a_dwelling(building: Building, room: str = "501", unit: str = "1", floor: int = 5) -> Dwelling:
    """The west end of the building, 14.5 to 17.4 m up, with its outer walls to the west and south."""
    stairwell, _ = Unit.objects.get_or_create(
        community=building.community, building=building, number=unit, ended_at=None
    )
    west, south, _, north = building.footprint.extent
    plan = Polygon.from_bbox((west, south, west + 0.0001, north))
    walls = MultiLineString(
        LineString((west, north), (west, south)), LineString((west, south), (west + 0.0001, south))
    )
    return Dwelling.objects.create(
        community=building.community,
        building=building,
        unit=stairwell,
        floor=floor,
        room=room,
        footprint=plan,
        walls=walls,
        base_m=2.9 * floor,
        top_m=2.9 * (floor + 1),
    )


def a_kind(community: Community, code: str = "smoke") -> DeviceKind:
    return add_starter_kinds(community=community)[code]


def a_device(
    home: Dwelling | Unit | Building | Point,
    external_id: str = "smoke-1",
    kind: str = "smoke",
    community: Community | None = None,
    **fields: Any,
) -> Device:
    place = community or home.community
    return install_device(
        community=place, kind=a_kind(place, kind), external_id=external_id, home=home, **fields
    )


def rule_of(device: Device, code: str = "alarm") -> AlarmRule:
    return AlarmRule.objects.get(kind=device.kind, code=code)
