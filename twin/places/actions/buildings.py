from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import MultiPolygon

from twin.base.errors import Conflict, Invalid
from twin.base.verbs import verb
from twin.places.actions.bulk import end_places
from twin.places.actions.history import begin_building_grids
from twin.places.actions.holding import hold_grids
from twin.places.actions.placing import move_to_grids, place_buildings, unassigned_grid
from twin.places.models import Building, Community, Grid
from twin.places.shape_versions import touch


@verb
def add_building(
    *, community: Community, footprint: MultiPolygon, height_m: float, grid: Grid | None = None, **fields: Any
) -> Building:
    """Add a building. Without `grid` it goes to the leaf with most of its area; with one, a clerk decided."""
    hold_grids(community.pk)
    home = grid or unassigned_grid(community.pk)
    _same_community(community.pk, home)
    building = Building.objects.create(
        community=community,
        grid=home,
        grid_decided=grid is not None,
        footprint=footprint,
        height_m=height_m,
        **fields,
    )
    begin_building_grids([building.pk])
    if grid is None:
        place_buildings(Building.objects.filter(pk=building.pk))
        building.refresh_from_db(fields=["grid"])
    touch(community.pk, footprint)
    return building


@verb
def change_building(*, building: Building, footprint: MultiPolygon | None = None, **fields: Any) -> Building:
    """Change what is known of a building. A new footprint may move it to another grid; its cut then no longer fits."""
    before = _held(building)
    for field, value in fields.items():
        setattr(building, field, value)
    if footprint is not None:
        building.footprint = footprint
    building.save(update_fields=[*fields, *(["footprint"] if footprint is not None else [])])
    if footprint is not None and not before.grid_decided:
        place_buildings(Building.objects.filter(pk=building.pk))
    touch(building.community_id, before.footprint, footprint)
    building.refresh_from_db()
    return building


@verb
def place_in_grid(*, building: Building, grid: Grid | None) -> Building:
    """A clerk's decision about a building on a border; None gives it back to its area."""
    now = _held(building)
    Building.objects.filter(pk=building.pk).update(grid_decided=grid is not None)
    if grid is None:
        place_buildings(Building.objects.filter(pk=building.pk))
    elif grid.pk != now.grid_id:
        _same_community(now.community_id, grid)
        move_to_grids([(now.pk, now.community_id, now.grid_id, grid.pk)])
    touch(building.community_id, building.footprint)
    building.refresh_from_db()
    return building


@verb
def end_building(*, building: Building) -> None:
    """The building no longer stands; neither do its units and dwellings."""
    if _held(building).ended_at is not None:
        raise Conflict("%(what)s has ended already.", what=building)
    end_places(model=Building, community_id=building.community_id, ids=[building.pk])


def _held(building: Building) -> Building:
    """The building as it is now, and the grids too, until the transaction ends. Not its key: alarms that are raised there
    meanwhile only refer to it."""
    hold_grids(building.community_id)
    current: Building = Building.objects.select_for_update(no_key=True).get(pk=building.pk)
    return current


def _same_community(community_id: int, grid: Grid) -> None:
    if grid.community_id != community_id:
        raise Invalid("%(what)s belongs to another community.", what=grid, where="grid")
