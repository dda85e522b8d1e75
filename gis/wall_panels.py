"""Outer walls of flats that somebody else drew.

`gis.subdivide` knows the walls of what it cut. For flats from a plan or a clerk's pen they are found here:
what of a flat's outline lies on the outline of the building, courtyards included. Walls between flats are
not outer.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from gis.flat_frame import FlatFrame

Floats = NDArray[np.float64]
DEFAULT_TOLERANCE_M: Final = 0.1
LEAST_WALL_M: Final = 0.3
CRACK_M: Final = 0.02


def outer_walls(
    flats: Sequence[Polygon],
    footprint: Polygon | MultiPolygon | None = None,
    tolerance_m: float = DEFAULT_TOLERANCE_M,
) -> list[Floats]:
    """The outer walls of each flat of one storey, (m, 2, 2) in EPSG:4326, each with the outside on its
    right hand.

    flats, footprint: EPSG:4326. Without a footprint, the flats together are the building, cracks of
    centimetres between them closed. tolerance_m: how far beside the building's outline a wall may be drawn.
    Walls under 0.3 m are left out.
    """
    if not flats:
        return []
    frame = FlatFrame.around(shapely.box(*shapely.total_bounds(np.array(flats, dtype=object))))
    rooms = [frame.metre_geometry(flat) for flat in flats]
    whole = _together(rooms) if footprint is None else frame.metre_geometry(footprint)
    near = shapely.buffer(shapely.boundary(whole), tolerance_m)
    return [frame.to_lonlat(_walls(room, near).reshape(-1, 2)).reshape(-1, 2, 2) for room in rooms]


def _together(rooms: list[Polygon]) -> Polygon | MultiPolygon:
    grown = shapely.union_all(shapely.buffer(rooms, CRACK_M, join_style="mitre"))
    return shapely.buffer(grown, -CRACK_M, join_style="mitre")


def _walls(room: Polygon, near: Polygon) -> Floats:
    oriented = shapely.orient_polygons(room)
    edges = np.concatenate([_edges(ring) for ring in (oriented.exterior, *oriented.interiors)])
    on_outline = shapely.intersection(shapely.linestrings(edges), near)
    walls = [wall for edge, found in zip(edges, on_outline, strict=True) for wall in _along(edge, found)]
    return np.array(walls, dtype=np.float64).reshape(-1, 2, 2)


def _edges(ring: shapely.LinearRing) -> Floats:
    points = shapely.get_coordinates(ring)
    return np.stack([points[:-1], points[1:]], axis=1)


def _along(edge: Floats, found: shapely.Geometry) -> list[Floats]:
    """The parts of an edge that were found, each in the edge's own direction."""
    length = float(np.hypot(*(edge[1] - edge[0])))
    if length < LEAST_WALL_M:
        return []
    walls = []
    for part in shapely.get_parts(found):
        along = np.sort((shapely.get_coordinates(part) - edge[0]) @ (edge[1] - edge[0]) / length)
        if len(along) and along[-1] - along[0] >= LEAST_WALL_M:
            walls.append(edge[0] + np.outer(along[[0, -1]] / length, edge[1] - edge[0]))
    return walls
