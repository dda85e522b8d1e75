"""Cutting buildings into units and dwellings: an action of its own, because import only knows footprints.

It can be broken off and taken up again: a building is cut in one transaction, and a cut building is not cut twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import shapely
from django.contrib.gis.geos import Point
from django.db.models import QuerySet
from django.utils import timezone

from gis.measure import area_m2
from gis.subdivide import CannotCut, RoomStyle, Storey, Subdivision, storeys, subdivide
from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.actions.addresses import end_aliases_of
from twin.places.actions.bulk import Values, copy_rows, hex_of, written_fields
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
    building = Building.objects.select_for_update(of=("self",), no_key=True).get(pk=building.pk)
    if building.cut != Building.Cut.NONE:
        if not again:
            raise Conflict(
                "%(building)s has been cut already; cut it again to replace its dwellings.", building=building
            )
        _end_cut(building)
    parts = [_cut_part(building, part, share) for part, share in _parts(building)]
    _require_names(building, sum(len(part.units) for part in parts))
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
    stated = building.units_stated or len(building.unit_names) or None
    units = None if stated is None else max(1, round(stated * share))
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


def _require_names(building: Building, units: int) -> None:
    if building.unit_names and len(building.unit_names) != units:
        raise Invalid(
            "%(building)s has %(units)s units, and names for %(names)s.",
            building=building,
            units=units,
            names=len(building.unit_names),
            where="unit_names",
        )


def _inhabited(table: tuple[Storey, ...]) -> tuple[Storey, ...]:
    """Below ground people park: a basement is drawn as no home, or a tower would gain dozens that do not exist."""
    return tuple(replace(storey, flats=0) if storey.floor < 0 else storey for storey in table)


def _save(building: Building, parts: list[Subdivision]) -> int:
    """Units come one by one, for their ids; dwellings by COPY, because a city has millions."""
    nameless = len(parts) == 1 and len(parts[0].units) == 1
    rows: list[Values] = []
    first = 0
    for part in parts:
        units = [_unit(building, first + u.number, nameless, u.entrance) for u in part.units]
        rows += _dwellings(building, part, Unit.objects.bulk_create(units))
        first += len(units)
    copy_rows(Dwelling, written_fields(Dwelling), rows)
    return len(rows)


def _unit(building: Building, number: int, nameless: bool, entrance: tuple[float, float]) -> Unit:
    return Unit(
        community_id=building.community_id,
        building=building,
        number="" if nameless else str(number),
        name=building.unit_names[number - 1] if building.unit_names else "",
        entrance=Point(*entrance, srid=SRID),
    )


def _dwellings(building: Building, part: Subdivision, units: list[Unit]) -> Iterator[Values]:
    walls: dict[int, str] = {}  # flats above each other share their plan
    footprints: dict[int, str] = {}
    for cut in part.dwellings:
        plan = id(cut.walls)
        if plan not in walls:
            walls[plan] = hex_of(shapely.MultiLineString(cut.walls))
            footprints[plan] = hex_of(cut.polygon)
        yield {
            "community_id": building.community_id, "building_id": building.pk, "unit_id": units[cut.unit - 1].pk,
            "floor": cut.floor, "room": cut.room, "footprint": footprints[plan], "walls": walls[plan],
            "base_m": building.base_m + cut.base_m, "top_m": building.base_m + cut.top_m,
            "estimated": part.estimated,
        }  # fmt: skip


def _end_cut(building: Building) -> None:
    now = timezone.now()
    Dwelling.objects.standing().filter(building=building).update(ended_at=now)
    Unit.objects.standing().filter(building=building).update(ended_at=now)
    end_aliases_of(dwellings_of=[building.pk])
