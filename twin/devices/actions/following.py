"""Devices and open alarms follow their building, or their point, into another grid.

The moves of one unit of work are gathered and written once, at its end: a new border may move hundreds of buildings.
"""

from __future__ import annotations

from django.db import connection

from twin.base.events import emit, listen
from twin.base.verbs import collect
from twin.devices.events import AlarmMoved, DeviceMoved
from twin.places.events import BuildingMovedToGrid, GridDrawn, GridReshaped

WITH_THEIR_BUILDING = """
    SELECT row.id, row.grid_id AS from_grid_id, building.grid_id AS to_grid_id
    FROM {table} AS row
    {joins}
    JOIN places_building AS building ON building.id = {building}
    WHERE building.id = ANY(%s) AND {present} AND row.grid_id <> building.grid_id
    ORDER BY row.id
    FOR NO KEY UPDATE OF row
"""
WITH_THEIR_POINT = """
    SELECT row.id, row.grid_id AS from_grid_id, COALESCE(leaf.id, rest.id) AS to_grid_id
    FROM {table} AS row
    JOIN places_grid AS rest ON rest.community_id = row.community_id AND rest.kind = 'unassigned'
    LEFT JOIN LATERAL (
        SELECT grid.id FROM places_grid AS grid
        WHERE grid.community_id = row.community_id AND grid.ended_at IS NULL AND grid.parent_id IS NOT NULL
          AND ST_Covers(grid.geometry, row.position)
          AND NOT EXISTS (
              SELECT 1 FROM places_grid AS child WHERE child.parent_id = grid.id AND child.ended_at IS NULL
          )
        ORDER BY grid.id
        LIMIT 1
    ) AS leaf ON true
    WHERE row.community_id = ANY(%s) AND {in_the_open} AND {present} AND row.grid_id <> COALESCE(leaf.id, rest.id)
    ORDER BY row.id
    FOR NO KEY UPDATE OF row
"""
MOVE = """
    WITH moving AS ({moving})
    UPDATE {table} AS row SET grid_id = moving.to_grid_id FROM moving WHERE row.id = moving.id
    RETURNING row.community_id, row.id, moving.from_grid_id, moving.to_grid_id
"""
DEVICES = {
    "table": "devices_device",
    "joins": """LEFT JOIN places_dwelling AS dwelling ON dwelling.id = row.dwelling_id
                LEFT JOIN places_unit AS unit ON unit.id = row.unit_id""",
    "building": "COALESCE(dwelling.building_id, unit.building_id, row.building_id)",
    "in_the_open": "row.home = 'point'",
    "present": "row.ended_at IS NULL",
}
ALARMS = {
    "table": "devices_alarm",
    "joins": "",
    "building": "row.building_id",
    "in_the_open": "row.building_id IS NULL",
    "present": "row.closed_at IS NULL",
}


@listen(BuildingMovedToGrid, within=True)
def follow_building(event: BuildingMovedToGrid) -> None:
    collect(_follow_buildings, event.building_id)


def follow_border(event: GridDrawn | GridReshaped) -> None:
    """Buildings tell their own moves; what stands in the open is looked at anew."""
    collect(_follow_borders, event.community_id)


listen(GridDrawn, within=True)(follow_border)
listen(GridReshaped, within=True)(follow_border)


def _follow_buildings(building_ids: list[int]) -> None:
    _move(WITH_THEIR_BUILDING, sorted(set(building_ids)))


def _follow_borders(community_ids: list[int]) -> None:
    _move(WITH_THEIR_POINT, sorted(set(community_ids)))


def _move(moving: str, ids: list[int]) -> None:
    """Devices before alarms, each in order of id: the order in which raising an alarm locks them."""
    for community_id, device_id, before, after in _moved(DEVICES, moving, ids):
        emit(
            DeviceMoved(community_id=community_id, device_id=device_id, from_grid_id=before, to_grid_id=after)
        )
    for community_id, alarm_id, before, after in _moved(ALARMS, moving, ids):
        emit(AlarmMoved(community_id=community_id, alarm_id=alarm_id, from_grid_id=before, to_grid_id=after))


def _moved(rows: dict[str, str], moving: str, ids: list[int]) -> list[tuple[int, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(MOVE.format(table=rows["table"], moving=moving.format(**rows)), [ids])
        return cursor.fetchall()
