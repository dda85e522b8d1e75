from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.utils import timezone

from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.actions.history import begin_grid_state, end_states
from twin.places.actions.placing import place_buildings
from twin.places.events import GridDrawn, GridEnded, GridReshaped
from twin.places.models import Building, Community, Grid, GridHistory
from twin.places.shape_versions import touch


@verb
def draw_grid(
    *,
    community: Community,
    parent: Grid | None,
    name: str,
    kind: str = Grid.Kind.GRID,
    geometry: MultiPolygon | None = None,
    **fields: Any,
) -> Grid:
    """Add a grid below `parent` (None: the root) and move the buildings that now lie in it.

    Raises Invalid for a parent of another community and, at commit, IntegrityError `grid_siblings_do_not_overlap` or
    `only_leaf_grids_hold_buildings`.
    """
    if parent is not None and parent.community_id != community.pk:
        raise Invalid("%(what)s belongs to another community.", what=parent, where="parent")
    grid = Grid(
        community=community, parent=parent, name=name, kind=kind, geometry=geometry, path="", **fields
    )
    grid.save()
    grid.path = f"{parent.path if parent else '/'}{grid.pk}/"
    grid.save(update_fields=["path"])
    begin_grid_state(grid)
    touch(community.pk, geometry)
    emit(GridDrawn(community_id=community.pk, grid_id=grid.pk))
    if geometry is not None and parent is not None:
        place_buildings(Building.objects.standing().filter(community=community).touching(geometry))
    return grid


@verb
def reshape_grid(*, grid: Grid, geometry: MultiPolygon | None = None, **fields: Any) -> list[int]:
    """Change a grid's border, name or colour. Returns the ids of the buildings that moved to another grid."""
    before = Grid.objects.select_for_update().get(pk=grid.pk)
    grid.geometry = geometry if geometry is not None else before.geometry
    for field, value in fields.items():
        setattr(grid, field, value)
    grid.save()
    moved: list[int] = []
    if geometry is not None or before.name != grid.name:
        begin_grid_state(grid)
    if geometry is not None:
        touched = Building.objects.standing().filter(community=grid.community_id)
        near = touched.filter(footprint__intersects=geometry) | touched.filter(grid=grid)
        moved = place_buildings(near)
    touch(grid.community_id, before.geometry, grid.geometry)
    emit(GridReshaped(community_id=grid.community_id, grid_id=grid.pk, moved_building_ids=tuple(moved)))
    return moved


@verb
def end_grid(*, grid: Grid) -> list[int]:
    """A grid that no longer exists; its buildings go where they lie now. Raises Conflict for root, 未划分 and inner grids."""
    if grid.kind in {Grid.Kind.COMMUNITY, Grid.Kind.UNASSIGNED}:
        raise Conflict("%(grid)s cannot end: every community needs it.", grid=grid)
    if grid.ended_at is not None:
        raise Conflict("%(what)s has ended already.", what=grid)
    if Grid.objects.standing().filter(parent=grid).exists():
        raise Conflict("%(grid)s still has grids below it; end those first.", grid=grid)
    grid.ended_at = timezone.now()
    grid.save(update_fields=["ended_at"])
    end_states(GridHistory, "grid_id", [grid.pk])
    buildings = Building.objects.filter(grid=grid)
    buildings.update(grid_decided=False)
    moved = place_buildings(buildings.standing())
    touch(grid.community_id, grid.geometry)
    emit(GridReshaped(community_id=grid.community_id, grid_id=grid.pk, moved_building_ids=tuple(moved)))
    emit(GridEnded(community_id=grid.community_id, grid_id=grid.pk))
    return moved
