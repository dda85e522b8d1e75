"""Places in a few words, the same for every way out."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db.models import Extent

from twin.places.models import Building, Community, Grid, Street, Unit

Box = tuple[float, float, float, float]
WORLD: Box = (-180.0, -85.0, 180.0, 85.0)


def describe(community: Community) -> dict[str, Any]:
    """Names, time zone, where it lies (EPSG:4326) and the number under which its map may be published."""
    box = community.boundary.extent if community.boundary else _box_of_places(community)
    middle = (
        community.boundary.point_on_surface.coords
        if community.boundary
        else ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    )
    return {
        "id": community.pk,
        "name": community.name,
        "name_en": community.name_en or community.name,
        "time_zone": community.time_zone,
        "center": list(middle),
        "bbox": list(box),
        "approval_number": community.approval_number,
    }


def address_of(building: Building, unit: Unit | None = None, room: str = "") -> str:
    """As locals say it: street or lane, building, unit, room; of a row of houses the door instead of the row."""
    place = building.address or "".join([building.compound.name if building.compound else "", str(building)])
    door = ""
    if unit is not None and unit.name:
        place, door = place.removesuffix(building.number), unit.name
    elif unit is not None and unit.number:
        door = str(unit)
    return f"{place}{door}{f'{room}室' if room else ''}"


def _box_of_places(community: Community) -> Box:
    """Around what stands in a community that nobody has drawn a boundary for; the world while nothing does."""
    for rows, shape in (
        (Building.objects, "footprint"),
        (Grid.objects, "geometry"),
        (Street.objects, "geometry"),
    ):
        box: Box | None = rows.standing().filter(community=community).aggregate(box=Extent(shape))["box"]
        if box is not None:
            return box
    return WORLD
