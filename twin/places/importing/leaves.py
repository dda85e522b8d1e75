"""In which leaf grid each footprint of an import would lie: by area, as `twin.places.actions.placing` does for buildings."""

from __future__ import annotations

from collections import defaultdict

import shapely
from django.db import connection, transaction

from twin.places.importing.kinds.kind import PlaceKind
from twin.places.importing.notes import Note, note
from twin.places.importing.rows import Row, Verdict
from twin.places.models import Grid

BORDER_SHARE = 0.005
"""Less than that of a building beyond a border is how borders are drawn."""
FOOTPRINTS = "CREATE TEMPORARY TABLE import_footprint (n integer, shape geometry) ON COMMIT DROP"
SHARES = """
    SELECT footprint.n, grid.id,
           CASE WHEN ST_CoveredBy(footprint.shape, grid.geometry) THEN 1.0
                ELSE ST_Area(ST_Intersection(grid.geometry, footprint.shape)) / ST_Area(footprint.shape) END AS share
    FROM places_grid AS grid
    JOIN import_footprint AS footprint ON ST_Intersects(grid.geometry, footprint.shape)
    WHERE grid.community_id = %s AND grid.ended_at IS NULL AND grid.parent_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM places_grid AS child WHERE child.parent_id = grid.id AND child.ended_at IS NULL)
"""
DROP = "DROP TABLE import_footprint"


@transaction.atomic
def shares_of(community_id: int, rows: list[Row]) -> dict[int, list[tuple[int, float]]]:
    """Row number -> (leaf grid, share of the footprint's area), largest first. A mere touch counts nothing."""
    shares: dict[int, list[tuple[int, float]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FOOTPRINTS)
        with cursor.copy("COPY import_footprint (n, shape) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((row.number, shapely.to_wkb(row.shape, hex=True)))
        cursor.execute("UPDATE import_footprint SET shape = ST_SetSRID(shape, 4326)")
        cursor.execute("CREATE INDEX ON import_footprint USING gist (shape)")
        cursor.execute("ANALYZE import_footprint")
        cursor.execute(SHARES, [community_id])
        for number, grid_id, share in cursor:
            if share > 0:
                shares[number].append((grid_id, float(share)))
        cursor.execute(DROP)
    for found in shares.values():
        found.sort(key=lambda one: (-one[1], one[0]))
    return shares


def place_rows(community_id: int, kind: PlaceKind, rows: list[Row], decided: frozenset[int]) -> list[Note]:
    """Set `grid_id` in the values of new rows, note borders; decided: places whose grid a clerk has chosen."""
    names = dict(Grid.objects.standing().filter(community=community_id).values_list("id", "name"))
    unassigned = Grid.objects.get(community=community_id, kind=Grid.Kind.UNASSIGNED).pk
    judged = [
        row for row in rows
        if row.verdict == Verdict.CREATE
        or (row.verdict == Verdict.CHANGE and "shape" in row.changes and row.place_id not in decided)
    ]  # fmt: skip
    drawn = Grid.objects.leaves().filter(community=community_id, geometry__isnull=False, parent__isnull=False)
    if not drawn.exists():
        for row in judged:
            row.values["grid_id"] = unassigned
        return [note("no_grids_yet", count=len(judged))] if judged else []
    shares = shares_of(community_id, judged) if judged else {}
    for row in judged:
        found = shares.get(row.number, [])
        row.values["grid_id"] = found[0][0] if found else unassigned
        _note_place(row, found, names)
    return []


def _note_place(row: Row, found: list[tuple[int, float]], names: dict[int, str]) -> None:
    if not found:
        row.note("in_no_grid")
        return
    best, share = found[0]
    beyond = [(names[grid], s) for grid, s in found[1:] if s >= BORDER_SHARE]
    if beyond:
        said = ", ".join(f"{name} {round(100 * s)} %" for name, s in beyond)
        row.note("on_a_border", grid=names[best], percent=round(100 * share), others=said)
    elif share < 1 - BORDER_SHARE:
        row.note("partly_in_no_grid", grid=names[best], percent=round(100 * share))
