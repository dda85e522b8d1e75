"""History rows, written by the action that changes the fact. Time is the transaction's, in the database's clock."""

from __future__ import annotations

from django.db import connection

from twin.places.models import BuildingGridHistory, Grid, GridHistory

CLOSE = "UPDATE {table} SET during = tstzrange(lower(during), {until}) WHERE {key} = ANY(%s) AND upper_inf(during)"
# Two changes in one transaction have the same clock reading; the state between them lasted no time and leaves no row.
DROP_EMPTY = "DELETE FROM {table} WHERE {key} = ANY(%s) AND isempty(during)"
NOW = "transaction_timestamp()"


def begin_grid_states(grid_ids: list[int]) -> None:
    """From now on these grids are as they stand; what they were before ends now."""
    end_states(GridHistory, "grid_id", grid_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {GridHistory._meta.db_table} (grid_id, parent_id_then, name, geometry, during)
                SELECT id, parent_id, name, geometry, tstzrange({NOW}, NULL) FROM {Grid._meta.db_table} WHERE id = ANY(%s)""",
            [grid_ids],
        )


def begin_building_grids(building_ids: list[int]) -> None:
    """From now on these buildings belong to the grid that their row names."""
    end_states(BuildingGridHistory, "building_id", building_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {BuildingGridHistory._meta.db_table} (building_id, grid_id, during)
                SELECT id, grid_id, tstzrange({NOW}, NULL) FROM places_building WHERE id = ANY(%s)""",
            [building_ids],
        )


def end_states(history: type[GridHistory] | type[BuildingGridHistory], key: str, ids: list[int]) -> None:
    table = history._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(CLOSE.format(table=table, key=key, until=NOW), [ids])
        cursor.execute(DROP_EMPTY.format(table=table, key=key), [ids])
