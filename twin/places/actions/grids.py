from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.actions.history import begin_grid_state, end_states
from twin.places.actions.holding import take_grids
from twin.places.actions.placing import place_buildings, unassigned_grid
from twin.places.events import GridDrawn, GridEnded, GridMoved, GridReshaped
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
    take_grids(community.pk)
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
    """Change a grid's border, name or colour. Returns the ids of the buildings that moved to another grid.

    Raises Conflict for a grid that has ended.
    """
    before = _taken(grid)
    changes = fields if geometry is None else {**fields, "geometry": geometry}
    for field, value in changes.items():
        setattr(grid, field, value)
    grid.save(update_fields=list(changes))
    moved: list[int] = []
    if geometry is not None or before.name != grid.name:
        begin_grid_state(grid)
    if geometry is not None:
        touched = Building.objects.standing().filter(community=grid.community_id)
        near = touched.filter(footprint__intersects=geometry) | touched.filter(grid=grid)
        moved = place_buildings(near)
    touch(grid.community_id, before.geometry, geometry)
    emit(GridReshaped(community_id=grid.community_id, grid_id=grid.pk, moved_building_ids=tuple(moved)))
    return moved


@verb
def move_grid(*, grid: Grid, parent: Grid) -> list[int]:
    """Hang a grid, with all that lies below it, under another one. Returns the ids of the buildings that moved to another
    grid: the new parent's own, and those that the old one takes back as a leaf.

    Raises Conflict for the root and 未划分, Invalid for a parent that lies below the grid itself or in another community;
    at commit what `draw_grid` raises.
    """
    take_grids(grid.community_id)
    community = Grid.objects.filter(community=grid.community_id)
    tree = {row.pk: row for row in community.order_by("pk").select_for_update(no_key=True)}
    now, under = tree[grid.pk], tree.get(parent.pk)
    if now.parent_id is None or now.kind == Grid.Kind.UNASSIGNED:
        raise Conflict("%(grid)s stays where it is in the tree.", grid=now)
    if under is None:
        raise Invalid("%(what)s belongs to another community.", what=parent, where="parent")
    if under.path.startswith(now.path):
        raise Invalid("%(parent)s lies below %(grid)s.", parent=under, grid=now, where="parent")
    before, left = now.path, tree[now.parent_id]
    now.parent = under
    now.save(update_fields=["parent"])
    path = f"{under.path}{now.pk}/"
    below = community.filter(path__startswith=before)
    below.update(path=Concat(Value(path), Substr("path", len(before) + 1)))
    begin_grid_state(now)
    moved = place_buildings(_near_the_move(left, under))
    touch(now.community_id, now.geometry)
    emit(GridMoved(community_id=now.community_id, grid_id=now.pk, from_path=before, to_path=path))
    emit(GridReshaped(community_id=now.community_id, grid_id=now.pk, moved_building_ids=tuple(moved)))
    return moved


def _near_the_move(left: Grid, under: Grid) -> QuerySet[Any]:
    """Buildings whose leaf may be another one now that a grid has gone from `left` to `under`."""
    standing = Building.objects.standing().filter(community=under.community_id)
    near = standing.filter(grid=under)
    if left.geometry is not None:
        rest = unassigned_grid(under.community_id)
        near |= standing.filter(grid=rest, footprint__intersects=left.geometry)
    return near


@verb
def end_grid(*, grid: Grid) -> list[int]:
    """A grid that no longer exists; its buildings go where they lie now. Raises Conflict for root, 未划分 and inner grids."""
    _taken(grid)
    if Grid.objects.standing().filter(parent=grid).exists() and grid.parent_id is not None:
        raise Conflict("%(grid)s still has grids below it; end those first.", grid=grid)
    return settle_grids(grids=close_grids(grids=Grid.objects.filter(pk=grid.pk)))


@verb
def close_grids(*, grids: QuerySet[Any]) -> list[Grid]:
    """End grids, for their names and ground to be free. Whoever closes them has to settle them in the same unit of work:
    until then they still hold buildings. Raises Conflict for root and 未划分."""
    for community_id in sorted(set(grids.values_list("community", flat=True))):
        take_grids(community_id)
    now, closed = (
        timezone.now(),
        list(grids.filter(ended_at=None).order_by("-path").select_for_update(no_key=True)),
    )
    for grid in closed:
        if grid.kind in {Grid.Kind.COMMUNITY, Grid.Kind.UNASSIGNED}:
            raise Conflict("%(grid)s cannot end: every community needs it.", grid=grid)
        grid.ended_at = now
        grid.save(update_fields=["ended_at"])
        touch(grid.community_id, grid.geometry)
    end_states(GridHistory, "grid_id", [grid.pk for grid in closed])
    return closed


@verb
def settle_grids(*, grids: list[Grid]) -> list[int]:
    """Buildings of grids that have ended go where they lie, whoever had placed them. Returns the ids of those that moved."""
    every: list[int] = []
    for grid in grids:
        buildings = Building.objects.filter(grid=grid)
        buildings.update(grid_decided=False)
        moved = place_buildings(buildings.standing())
        every += moved
        emit(GridReshaped(community_id=grid.community_id, grid_id=grid.pk, moved_building_ids=tuple(moved)))
        emit(GridEnded(community_id=grid.community_id, grid_id=grid.pk))
    return every


def _taken(grid: Grid) -> Grid:
    """The grid as it is now, with nobody else drawing. Raises Conflict for one that has ended."""
    take_grids(grid.community_id)
    current: Grid = Grid.objects.select_for_update(no_key=True).get(pk=grid.pk)
    if current.ended_at is not None:
        raise Conflict("%(what)s has ended already.", what=current)
    return current
