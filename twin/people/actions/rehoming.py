"""People stay where they are when their building is cut anew: the cells end, and others take their place.

The new cell with the same unit, floor and room is the same home, so rows are pointed at it rather than ended: nobody has
moved. Where no cell took the place, they keep the one that ended until a clerk places them (`unplaced()`).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from twin.base.events import emit, listen
from twin.base.verbs import collect
from twin.people.events import PeopleRehomed
from twin.places.events import BuildingCut

FOLLOWING = (
    ("people_household", "dwelling_id"),
    ("people_residence", "dwelling_id"),
    ("people_dwellingtag", "dwelling_id"),
    ("people_organisation", "dwelling_id"),
    ("people_spaceshare", "space_id"),
)
CELLS = """
    CREATE TEMPORARY TABLE new_cell ON COMMIT DROP AS
    SELECT DISTINCT ON (old.id) old.id AS old_id, new.id AS new_id
    FROM places_dwelling AS old
    JOIN places_unit AS old_unit ON old_unit.id = old.unit_id
    JOIN places_dwelling AS new ON new.building_id = old.building_id AND new.ended_at IS NULL
                               AND new.floor = old.floor AND new.room = old.room
    JOIN places_unit AS new_unit ON new_unit.id = new.unit_id AND new_unit.number = old_unit.number
    WHERE old.building_id = ANY(%s) AND old.ended_at IS NOT NULL
    ORDER BY old.id, new.id
"""
FOLLOW = """
    UPDATE {table} AS row SET {column} = new_cell.new_id FROM new_cell WHERE row.{column} = new_cell.old_id
    RETURNING new_cell.new_id
"""
UNITS = """
    UPDATE people_organisation AS row SET unit_id = new.id
    FROM places_unit AS old
    JOIN places_unit AS new ON new.building_id = old.building_id AND new.ended_at IS NULL AND new.number = old.number
    WHERE row.unit_id = old.id AND old.building_id = ANY(%s) AND old.ended_at IS NOT NULL
"""


@listen(BuildingCut, within=True)
def follow_cut(event: BuildingCut) -> None:
    collect(_rehome, (event.community_id, event.building_id))


def _rehome(cuts: list[tuple[int, int]]) -> None:
    for community_id, building_id in sorted(set(cuts)):
        windows = follow_cells(building_id, FOLLOWING)
        with connection.cursor() as cursor:
            cursor.execute(UNITS, [[building_id]])
        if windows:
            emit(PeopleRehomed(community_id=community_id, building_id=building_id, dwelling_ids=windows))


def follow_cells(building_id: int, columns: Sequence[tuple[str, str]]) -> tuple[int, ...]:
    """Point these columns, each (table, column), from cells of this building that ended at those that took their place.
    Returns the new cells to which something came."""
    moved: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(CELLS, [[building_id]])
        for table, column in columns:
            cursor.execute(FOLLOW.format(table=table, column=column))
            moved.update(row[0] for row in cursor.fetchall())
        cursor.execute("DROP TABLE new_cell")
    return tuple(sorted(moved))
