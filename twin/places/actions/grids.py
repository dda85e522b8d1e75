from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from django.contrib.gis.geos import MultiPolygon
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.actions.history import begin_grid_states, end_states
from twin.places.actions.holding import take_grids
from twin.places.actions.placing import place_buildings, unassigned_grid
from twin.places.events import GridDrawn, GridEnded, GridMoved, GridReshaped
from twin.places.models import Building, Community, Grid, GridHistory
from twin.places.shape_versions import touch, touch_all


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
    grid = Grid(community=community, parent=parent, name=name, kind=kind, geometry=geometry, **fields)
    return draw_grids(community=community, grids=[grid])[0]


@verb
def draw_grids(*, community: Community, grids: Sequence[Grid], place: bool = True) -> list[Grid]:
    """Add grids that are made and not saved, below parents that are there, in a handful of statements however many.

    place: move the buildings that now lie in them; who draws in several goes places them at the end. Raises what `draw_grid`
    does.
    """
    take_grids(community.pk)
    paths = dict(
        Grid.objects.filter(community=community, pk__in={grid.parent_id for grid in grids}).values_list(
            "pk", "path"
        )
    )
    for grid in grids:
        if grid.parent_id is not None and grid.parent_id not in paths:
            raise Invalid("%(what)s belongs to another community.", what=grid.parent, where="parent")
        grid.path = ""
    Grid.objects.bulk_create(grids)
    for grid in grids:
        grid.path = f"{paths.get(grid.parent_id, '/')}{grid.pk}/"
    _write_paths(grids)
    begin_grid_states([grid.pk for grid in grids])
    shapes = [bytes(grid.geometry.wkb) for grid in grids if grid.geometry is not None]
    touch_all(community.pk, shapely.from_wkb(shapes))
    for grid in grids:
        emit(GridDrawn(community_id=community.pk, grid_id=grid.pk))
    if place:
        place_buildings_in(
            [grid.pk for grid in grids if grid.geometry is not None and grid.parent_id is not None]
        )
    return list(grids)


def _write_paths(grids: Sequence[Grid]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {Grid._meta.db_table} AS grid SET path = drawn.path
                FROM unnest(%s::bigint[], %s::text[]) AS drawn (id, path) WHERE grid.id = drawn.id""",
            [[grid.pk for grid in grids], [grid.path for grid in grids]],
        )


def place_buildings_in(grid_ids: Sequence[int]) -> list[int]:
    """Buildings that touch one of these grids go where most of them lies. Returns the ids of those that moved."""
    over = Grid.objects.filter(
        pk__in=grid_ids, geometry__intersects=OuterRef("footprint"), community=OuterRef("community")
    )
    return place_buildings(Building.objects.standing().filter(Exists(over))) if grid_ids else []


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
        begin_grid_states([grid.pk])
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
    begin_grid_states([now.pk])
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
