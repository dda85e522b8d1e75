"""Footprints that lie on each other: repeats, and overlaps with their area. Noted for both, because a clerk must look."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from django.db import connection

from twin.places.importing.identity import shape_ids
from twin.places.importing.notes import FileRefused, Note, note
from twin.places.importing.outlines import square_metres
from twin.places.importing.rows import Row
from twin.places.importing.table import Geometries

LEAST_M2 = 1.0
"""Below that, walls that two surveyors drew."""
MOST_PAIRS_A_ROW = 20
CHUNK = 200
"""So few at a time that even a file in which everything overlaps everything fits into memory."""
SAME_SHARE = 0.999
MOSTLY_THERE = 0.5
OTHERS = """
    SELECT id, source, ST_AsBinary(footprint) FROM places_building
    WHERE community_id = %s AND ended_at IS NULL AND NOT (source = %s AND source_id = ANY(%s))
      AND footprint && ST_MakeEnvelope(%s, %s, %s, %s, 4326)
    ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Others:
    """Buildings that stand here already and are not in the file."""

    ids: list[int]
    sources: list[str]
    shapes: Geometries


def refuse_repeats(rows: list[Row]) -> None:
    """The same shape twice: under the same id it is refused, under another it is noted."""
    wanted = [row for row in rows if row.is_wanted]
    first: dict[str, Row] = {}
    by_id: dict[str, Row] = {}
    for row, shape in zip(
        wanted, shape_ids(np.array([row.shape for row in wanted], dtype=object)), strict=True
    ):
        earlier = first.setdefault(shape, row)
        namesake = by_id.setdefault(row.source_id, row)
        if namesake is not row:
            row.refuse("repeats_row" if earlier is namesake else "id_is_taken_by_row", row=namesake.number)
        elif earlier is not row:
            row.note("same_shape_as_row", row=earlier.number)


def others_of(community_id: int, source: str, rows: list[Row], endings: list[Row]) -> Others:
    """endings: places that will be no more, and so are in nobody's way."""
    wanted = [row for row in rows if row.is_wanted]
    if not wanted:
        return Others([], [], np.array([], dtype=object))
    box = shapely.total_bounds(np.array([row.shape for row in wanted], dtype=object))
    with connection.cursor() as cursor:
        own = [row.source_id for row in (*wanted, *endings)]
        cursor.execute(OTHERS, [community_id, source, own, *map(float, box)])
        found = cursor.fetchall()
    return Others(
        [f[0] for f in found], [f[1] for f in found], shapely.from_wkb([bytes(f[2]) for f in found])
    )


def note_overlaps(rows: list[Row], others: Others, accept_duplicates: bool) -> list[Note]:
    """Notes on the rows; returns what there is to say of the file. Raises FileRefused when most of it is there already."""
    wanted = [row for row in rows if row.is_wanted]
    if not wanted:
        return []
    shapes = np.array([row.shape for row in wanted], dtype=object)
    areas = square_metres(shapes)
    complete = _among_themselves(wanted, shapes, areas)
    there = _with_others(wanted, shapes, areas, others)
    notes = [] if complete else [note("overlaps_not_all_told")]
    if there:
        source, count = max(there.items(), key=lambda item: item[1])
        if count > MOSTLY_THERE * len(wanted) and not accept_duplicates:
            raise FileRefused(
                "already_there", where="source", source=source or "-", count=count, rows=len(wanted)
            )
        notes.append(note("some_already_there", source=source or "-", count=count))
    return notes


def _among_themselves(rows: list[Row], shapes: Geometries, areas: np.ndarray) -> bool:
    tree = shapely.STRtree(shapes)
    left = MOST_PAIRS_A_ROW * len(rows)
    for start in range(0, len(rows), CHUNK):
        one, other = tree.query(shapes[start : start + CHUNK], predicate="intersects")
        one += start
        once = one < other
        one, other = one[once][:left], other[once][:left]
        left -= len(one)
        shared = square_metres(shapely.intersection(shapes[one], shapes[other]))
        for a, b, m2 in zip(one, other, shared, strict=True):
            if m2 >= LEAST_M2 and m2 < SAME_SHARE * max(areas[a], areas[b]):
                _note_pair(rows[a], rows[b], float(m2), float(areas[a]))
                _note_pair(rows[b], rows[a], float(m2), float(areas[b]))
        if left <= 0:
            return False
    return True


def _note_pair(row: Row, other: Row, m2: float, area: float) -> None:
    row.note("overlaps_row", row=other.number, m2=round(m2, 1), percent=round(100 * m2 / area))


def _with_others(rows: list[Row], shapes: Geometries, areas: np.ndarray, others: Others) -> dict[str, int]:
    """How many new rows cover a building of another source to the last metre, by source."""
    there: dict[str, int] = defaultdict(int)
    if not others.ids:
        return there
    tree = shapely.STRtree(others.shapes)
    other_areas = square_metres(others.shapes)
    for start in range(0, len(rows), CHUNK):
        one, other = tree.query(shapes[start : start + CHUNK], predicate="intersects")
        one += start
        shared = square_metres(shapely.intersection(shapes[one], others.shapes[other]))
        for a, b, m2 in zip(one, other, shared, strict=True):
            if m2 < LEAST_M2:
                continue
            if m2 >= SAME_SHARE * max(areas[a], other_areas[b]):
                rows[a].note(
                    "same_shape_as_building", building=others.ids[b], source=others.sources[b] or "-"
                )
                there[others.sources[b]] += rows[a].place_id is None
            else:
                percent = round(100 * float(m2) / float(areas[a]))
                rows[a].note(
                    "overlaps_building", building=others.ids[b], m2=round(float(m2), 1), percent=percent
                )
    return {source: count for source, count in there.items() if count}
