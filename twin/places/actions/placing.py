"""Which grid a building belongs to: the leaf with most of its area, 未划分 where it lies in none, or a clerk's decision."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from twin.base.events import emit
from twin.places.actions.history import begin_building_grids
from twin.places.events import BuildingMovedToGrid
from twin.places.models import Building, Grid

# Degrees distort both shares of one building alike, so the larger share is the same as in metres.
BEST_LEAF = """
    SELECT building.id, building.community_id, building.grid_id, COALESCE(best.id, rest.id)
    FROM places_building AS building
    JOIN places_grid AS rest ON rest.community_id = building.community_id AND rest.kind = 'unassigned'
    LEFT JOIN LATERAL (
        SELECT grid.id, ST_Area(ST_Intersection(grid.geometry, building.footprint)) AS share
        FROM places_grid AS grid
        WHERE grid.community_id = building.community_id AND grid.ended_at IS NULL
          AND grid.parent_id IS NOT NULL AND ST_Intersects(grid.geometry, building.footprint)
          AND NOT EXISTS (
              SELECT 1 FROM places_grid AS child WHERE child.parent_id = grid.id AND child.ended_at IS NULL
          )
        ORDER BY share DESC, grid.id
        LIMIT 1
    ) AS best ON best.share > 0  -- to touch an edge is not to lie inside
    WHERE building.id = ANY(%s) AND NOT building.grid_decided
"""


def best_leaf_of(building_ids: list[int]) -> list[tuple[int, int, int, int]]:
    """(building id, community id, grid id now, grid id by area), for buildings that no clerk has placed."""
    with connection.cursor() as cursor:
        cursor.execute(BEST_LEAF, [building_ids])
        return cursor.fetchall()


def place_buildings(buildings: QuerySet[Any]) -> list[int]:
    """Put buildings into the leaf with most of their area. Returns the ids of those that moved."""
    ids = list(
        buildings.order_by("id").select_for_update(of=("self",), no_key=True).values_list("id", flat=True)
    )
    return move_to_grids([row for row in best_leaf_of(ids) if row[2] != row[3]])


def move_to_grids(moves: list[tuple[int, int, int, int]]) -> list[int]:
    """Write (building, community, from, to) moves with their history, and tell each."""
    if not moves:
        return []
    moved = [building_id for building_id, *_ in moves]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {Building._meta.db_table} AS building SET grid_id = move.grid_id
                FROM unnest(%s::bigint[], %s::bigint[]) AS move (building_id, grid_id)
                WHERE building.id = move.building_id""",
            [moved, [to for *_, to in moves]],
        )
    begin_building_grids(moved)
    for building_id, community_id, from_grid_id, to_grid_id in moves:
        emit(
            BuildingMovedToGrid(
                community_id=community_id,
                building_id=building_id,
                from_grid_id=from_grid_id,
                to_grid_id=to_grid_id,
            )
        )
    return moved


def unassigned_grid(community_id: int) -> Grid:
    return Grid.objects.get(community=community_id, kind=Grid.Kind.UNASSIGNED)
