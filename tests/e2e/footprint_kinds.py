"""What a building's footprint is like, so that every kind is aimed at."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from gis.local_metres import LocalMetres
from tests.e2e.database import Database

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "geojson"
SOURCES = "SELECT id, source_id FROM places_building WHERE community_id = %s"
FOOTPRINTS = (
    "SELECT id, ST_AsBinary(footprint) FROM places_building WHERE community_id = %s AND ended_at IS NULL"
)

ROUNDED_OFF_M = 0.5
"""Corners that stand out less than this are not counted."""


def as_drawn(database: Database, community: int) -> Callable[[int], str]:
    """The demo's own word for each building's shape."""
    collection = json.loads((FIXTURES / "buildings.geojson").read_text(encoding="utf-8"))
    shapes = {f["properties"]["source_id"]: f["properties"]["shape"] for f in collection["features"]}
    known = {pk: shapes.get(source_id, "other") for pk, source_id in database.rows(SOURCES, community)}
    return lambda building: known[building]


def by_outline(database: Database, community: int) -> dict[int, str]:
    """Building id -> kind, told from its outline alone."""
    rows = database.rows(FOOTPRINTS, community)
    footprints = shapely.from_wkb([bytes(row[1]) for row in rows])
    west, south, east, north = shapely.total_bounds(footprints)
    frame = LocalMetres((west + east) / 2, (south + north) / 2)
    return {row[0]: kind_of(shape) for row, shape in zip(rows, frame.local_geometry(footprints), strict=True)}


def kind_of(footprint: BaseGeometry) -> str:
    """`footprint` in metres. Some words for what a cut has to deal with: corners, notches, holes, curves, pieces."""
    parts = shapely.get_parts(footprint)
    if len(parts) > 1:
        return "pieces"
    outline = parts[0].simplify(ROUNDED_OFF_M)
    if outline.interiors:
        return "courtyard"
    corners = len(outline.exterior.coords) - 1
    box = outline.minimum_rotated_rectangle
    if outline.area / box.area > 0.97:
        sides = sorted(shapely.length(shapely.LineString(box.exterior.coords[i : i + 2])) for i in (0, 1))
        return "slab" if sides[1] > 3 * sides[0] else "block"
    if outline.area / outline.convex_hull.area > 0.97:
        return "round" if corners > 6 else "slanted"
    return {6: "six corners", 8: "eight corners"}.get(
        corners, "few corners" if corners < 12 else "many corners"
    )
