"""Cutting buildings into units and dwellings: an action of its own, because import only knows footprints.

It can be broken off and taken up again: a building is cut in one transaction, and a cut building is not cut twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import shapely
from django.contrib.gis.geos import LineString, MultiLineString, Point, Polygon
from django.db.models import QuerySet
from django.utils import timezone

from gis.measure import area_m2
from gis.subdivide import CannotCut, RoomStyle, Storey, Subdivision, storeys, subdivide
from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.events import BuildingCut
from twin.places.models import Building, Dwelling, Unit
from twin.places.shape_versions import touch

SRID = 4326


@verb
def cut_building(*, building: Building, again: bool = False) -> int:
    """Cut a building into units and dwellings by its stated floors, units and flats. Returns how many dwellings.

    What is not stated is guessed, and the dwellings are marked `estimated`. Raises Conflict for a building that has
    been cut, unless `again`, which ends its present units and dwellings; Invalid where it cannot be cut, saying why.
    """
    building = Building.objects.select_for_update(of=("self",)).get(pk=building.pk)
    if building.cut != Building.Cut.NONE:
        if not again:
            raise Conflict(
                "%(building)s has been cut already; cut it again to replace its dwellings.", building=building
            )
        _end_cut(building)
    parts = [_cut_part(building, part, share) for part, share in _parts(building)]
    count = _save(building, parts)
    building.cut = Building.Cut.ESTIMATED if any(p.estimated for p in parts) else Building.Cut.STATED
    building.save(update_fields=["cut"])
    touch(building.community_id, building.footprint)
    emit(BuildingCut(community_id=building.community_id, building_id=building.pk, dwellings=count))
    return count


def cut_buildings(
    buildings: QuerySet[Building], *, done: Callable[[Building, int | None, str], None] = lambda *_: None
) -> int:
    """Cut all of these that are not cut yet, one transaction each; what cannot be cut is told and left.

    `done(building, dwellings or None, why not)` is called after each. Returns how many dwellings were made.
    """
    total = 0
    for building in buildings.filter(cut=Building.Cut.NONE).order_by("id").iterator(chunk_size=500):
        try:
            count = cut_building(building=building)
        except (Invalid, Conflict) as error:
            done(building, None, error.message)
        else:
            total += count
            done(building, count, "")
    return total


def _parts(building: Building) -> list[tuple[shapely.Polygon, float]]:
    """The polygons of a footprint, each with its share of the area."""
    parts = shapely.get_parts(shapely.from_wkb(bytes(building.footprint.wkb)))
    areas = [area_m2(part) for part in parts]
    return [(part, area / sum(areas)) for part, area in zip(parts, areas, strict=True)]


def _cut_part(building: Building, part: shapely.Polygon, share: float) -> Subdivision:
    units = None if building.units_stated is None else max(1, round(building.units_stated * share))
    height = building.height_m / max(1, building.floors_above)
    try:
        table = _inhabited(
            storeys(building.floors_above, building.floors_below, height, building.skipped_floors)
        )
        style = RoomStyle(across_units=building.numbering == Building.Numbering.FLOOR)
        return subdivide(part, table, units=units, flats_per_floor=building.flats_per_floor, rooms=style)
    except CannotCut as error:
        raise Invalid(
            "%(building)s cannot be cut: %(reason)s",
            building=building,
            reason=error.sentence,
            where="footprint",
        ) from error


def _inhabited(table: tuple[Storey, ...]) -> tuple[Storey, ...]:
    """Below ground people park: a basement is drawn as no home, or a tower would gain dozens that do not exist."""
    return tuple(replace(storey, flats=0) if storey.floor < 0 else storey for storey in table)


def _save(building: Building, parts: list[Subdivision]) -> int:
    units: list[Unit] = []
    dwellings: list[Dwelling] = []
    nameless = len(parts) == 1 and len(parts[0].units) == 1
    for part in parts:
        first = len(units)
        units += [_unit(building, "" if nameless else str(first + u.number), u.entrance) for u in part.units]
        dwellings += _dwellings(building, part, units[first:])
    Unit.objects.bulk_create(units)
    Dwelling.objects.bulk_create(dwellings, batch_size=1000)
    return len(dwellings)


def _unit(building: Building, number: str, entrance: tuple[float, float]) -> Unit:
    point = Point(*entrance, srid=SRID)
    return Unit(community_id=building.community_id, building=building, number=number, entrance=point)


def _dwellings(building: Building, part: Subdivision, units: list[Unit]) -> list[Dwelling]:
    drawn: dict[int, tuple[Polygon, MultiLineString]] = {}  # flats above each other share their plan
    made = []
    for cut in part.dwellings:
        shapes = drawn.get(id(cut.walls))
        if shapes is None:
            shapes = drawn[id(cut.walls)] = (_geos(cut.polygon), _walls(cut.walls))
        made.append(
            Dwelling(
                community_id=building.community_id, building=building, unit=units[cut.unit - 1], floor=cut.floor,
                room=cut.room, footprint=shapes[0], walls=shapes[1], base_m=building.base_m + cut.base_m,
                top_m=building.base_m + cut.top_m, estimated=part.estimated,
            )
        )  # fmt: skip
    return made


def _geos(polygon: shapely.Polygon) -> Polygon:
    return Polygon(*(tuple(ring.coords) for ring in (polygon.exterior, *polygon.interiors)), srid=SRID)


def _walls(walls: tuple[tuple[tuple[float, float], tuple[float, float]], ...]) -> MultiLineString:
    return MultiLineString([LineString(wall) for wall in walls], srid=SRID)


def _end_cut(building: Building) -> None:
    now = timezone.now()
    Dwelling.objects.standing().filter(building=building).update(ended_at=now)
    Unit.objects.standing().filter(building=building).update(ended_at=now)
