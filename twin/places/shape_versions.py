"""Shape versions: tile addresses carry them, so a tile may be cached for good and a change is still seen at once.

A version is given once: it is the moment of the change in milliseconds, or one more than the last. Counted from 1, a database
that was put back from a copy would give numbers again under which browsers keep other tiles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from shapely import from_wkb
from shapely.geometry.base import BaseGeometry

from gis.local_metres import mercator
from gis.tile_address import BLOCK_ZOOM, DEFAULT_TILE_BUFFER, Tile, blocks_of_geometry
from twin.base.events import emit
from twin.base.verbs import collect
from twin.places.events import ShapesChanged
from twin.places.models import ShapeVersion

Touched = tuple[int, frozenset[Tile]]
MOST_BLOCKS_OF_A_BOX = 4
NEXT = """
    UPDATE places_community
    SET shape_version = greatest(shape_version + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    WHERE id = %s
    RETURNING shape_version
"""


def touch(community_id: int, *shapes: GEOSGeometry | BaseGeometry | None) -> None:
    """Say that these shapes (EPSG:4326; before and after a change) are drawn differently from now on. Verbs only."""
    blocks = {
        block for shape in shapes if shape is not None for block in blocks_of_geometry(_as_shapely(shape))
    }
    if blocks:
        collect(_raise_versions, (community_id, frozenset(blocks)))


def touch_all(community_id: int, shapes: Iterable[BaseGeometry | None]) -> None:
    """As `touch`, for many shapes in one go. Of a small one the blocks of its box are taken: one too many draws a tile
    again, one too few would show yesterday's."""
    array = np.array([shape for shape in shapes if shape is not None and not shape.is_empty], dtype=object)
    if not len(array):
        return
    west, south, east, north = shapely.bounds(array).T
    (left, top), (right, bottom) = mercator(west, north), mercator(east, south)
    side = 1 << BLOCK_ZOOM
    first = np.clip(np.floor(np.column_stack([left, top]) * side - DEFAULT_TILE_BUFFER), 0, side - 1).astype(
        int
    )
    last = np.clip(
        np.floor(np.column_stack([right, bottom]) * side + DEFAULT_TILE_BUFFER), 0, side - 1
    ).astype(int)
    small = np.prod(last - first + 1, axis=1) <= MOST_BLOCKS_OF_A_BOX
    boxes = np.unique(np.column_stack([first, last])[small], axis=0)
    blocks = {
        Tile(BLOCK_ZOOM, x, y)
        for x0, y0, x1, y1 in boxes.tolist()
        for x in range(x0, x1 + 1)
        for y in range(y0, y1 + 1)
    }
    blocks |= {block for shape in array[~small] for block in blocks_of_geometry(shape)}
    collect(_raise_versions, (community_id, frozenset(blocks)))


def _as_shapely(shape: GEOSGeometry | BaseGeometry) -> BaseGeometry:
    return from_wkb(bytes(shape.wkb)) if isinstance(shape, GEOSGeometry) else shape


def _raise_versions(touched: list[Touched]) -> None:
    """Once per transaction and block, in sorted order, so that two writers queue rather than deadlock."""
    blocks_of: dict[int, set[Tile]] = defaultdict(set)
    for community_id, blocks in touched:
        blocks_of[community_id] |= blocks
    for community_id in sorted(blocks_of):
        _raise_community(community_id, sorted(blocks_of[community_id]))


def _raise_community(community_id: int, blocks: Iterable[Tile]) -> None:
    raised = [(b.x, b.y) for b in blocks]
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [community_id])
        [version] = cursor.fetchone()
        cursor.execute(
            f"""INSERT INTO {ShapeVersion._meta.db_table} (community_id, x, y, version)
                SELECT %s, x, y, %s FROM unnest(%s::int[], %s::int[]) AS block (x, y)
                ON CONFLICT (community_id, x, y) DO UPDATE SET version = excluded.version""",
            [community_id, version, [x for x, _ in raised], [y for _, y in raised]],
        )
    emit(
        ShapesChanged(
            community_id=community_id, version=version, blocks=tuple((x, y, version) for x, y in raised)
        )
    )


def blocks_in(community_id: int) -> dict[str, int]:
    """Block address ("14/x/y") -> version, for the manifest."""
    rows = ShapeVersion.objects.filter(community=community_id).values_list("x", "y", "version")
    return {f"14/{x}/{y}": version for x, y, version in rows}
