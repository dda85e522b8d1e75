"""Do areas that should tile their parent do so? Overlaps, gaps, and what sticks out.

Borders that are drawn twice never match to the millimetre: whatever is nowhere wider than the tolerance is
a border, not a fault. Everything takes EPSG:4326 and answers with square metres on the ellipsoid and the
pieces in EPSG:4326.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis.errors import GisError
from gis.flat_frame import FlatFrame
from gis.measure import area_m2

Area: TypeAlias = Polygon | MultiPolygon
DEFAULT_TOLERANCE_M: Final = 0.1
ROUNDING_M: Final = 1e-6


class InvalidArea(GisError):
    """A shape whose inside is not defined."""

    code = "invalid_area"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two of the areas, by their index, one < other, and what both hold; pieces are its parts, largest
    first.
    """

    one: int
    other: int
    area_m2: float
    pieces: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A piece of the parent that none of the areas holds; neighbours: indexes of the areas around it."""

    piece: Polygon
    area_m2: float
    neighbours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """One of the areas, by its index, and what of it lies outside the parent, largest piece first."""

    index: int
    area_m2: float
    pieces: tuple[Polygon, ...]


def overlaps(areas: Sequence[Area], tolerance_m: float = DEFAULT_TOLERANCE_M) -> list[Overlap]:
    """Every two areas that hold the same ground, by index. Raises InvalidArea, NotLonLat."""
    if len(areas) < 2:
        return []
    frame = _checked(areas)
    in_metres = frame.metre_geometry(np.array(areas, dtype=object))
    one, other = shapely.STRtree(in_metres).query(in_metres, predicate="intersects")
    pairs = sorted({(int(a), int(b)) for a, b in zip(one, other, strict=True) if a < b})
    found = []
    for a, b in pairs:
        pieces = _wide_pieces(shapely.intersection(in_metres[a], in_metres[b]), tolerance_m, frame)
        if pieces:
            found.append(Overlap(a, b, _sum_m2(pieces), pieces))
    return found


def gaps(
    areas: Sequence[Area], parent: Area | None = None, tolerance_m: float = DEFAULT_TOLERANCE_M
) -> list[Gap]:
    """Ground of the parent that no area holds, largest first; without a parent, the holes that the areas
    enclose.

    Raises InvalidArea, NotLonLat.
    """
    if not areas and parent is None:
        return []
    frame = _checked([*areas, *([parent] if parent is not None else [])])
    in_metres = frame.metre_geometry(np.array(areas, dtype=object))
    covered = shapely.union_all(in_metres)
    if parent is None:
        rings = [ring for part in _parts(covered) for ring in part.interiors]
        open_ground = shapely.union_all([Polygon(ring) for ring in rings])
    else:
        open_ground = shapely.difference(frame.metre_geometry(parent), covered)
    found = []
    for piece in _wide_pieces(open_ground, tolerance_m, frame):
        near = shapely.dwithin(in_metres, frame.metre_geometry(piece), 2.0 * tolerance_m)
        found.append(Gap(piece, area_m2(piece), tuple(int(i) for i in np.flatnonzero(near))))
    return found


def outside(areas: Sequence[Area], parent: Area, tolerance_m: float = DEFAULT_TOLERANCE_M) -> list[Outside]:
    """Areas that stick out of their parent, by index. Raises InvalidArea, NotLonLat."""
    if not areas:
        return []
    frame = _checked([*areas, parent])
    in_metres = frame.metre_geometry(np.array(areas, dtype=object))
    ground = frame.metre_geometry(parent)
    shapely.prepare(ground)
    found = []
    for index in np.flatnonzero(~shapely.covers(ground, in_metres)):
        pieces = _wide_pieces(shapely.difference(in_metres[index], ground), tolerance_m, frame)
        if pieces:
            found.append(Outside(int(index), _sum_m2(pieces), pieces))
    return found


def _checked(areas: Sequence[Area]) -> FlatFrame:
    """A frame around all of them. Raises InvalidArea for the first that is not a valid area."""
    for index, area in enumerate(areas):
        if not isinstance(area, Polygon | MultiPolygon) or area.is_empty:
            raise InvalidArea(f"shape {index} is no area: give Polygons and MultiPolygons that are not empty")
        if not area.is_valid:
            raise InvalidArea(
                f"shape {index} is not valid ({shapely.is_valid_reason(area)}): repair it first"
            )
    return FlatFrame.around(shapely.box(*shapely.total_bounds(np.array(areas, dtype=object))))


def _parts(geometry: BaseGeometry) -> list[Polygon]:
    return [
        part
        for nested in shapely.get_parts(geometry)
        for part in shapely.get_parts(nested)
        if isinstance(part, Polygon)
    ]


def _wide_pieces(geometry: BaseGeometry, tolerance_m: float, frame: FlatFrame) -> tuple[Polygon, ...]:
    """What is wider than the tolerance, largest first; cracks that lead up to it are left out."""
    core = shapely.buffer(geometry, -tolerance_m / 2.0, join_style="mitre")
    if core.is_empty:
        return ()
    grown = shapely.buffer(core, tolerance_m / 2.0 + ROUNDING_M, join_style="mitre")
    pieces = sorted(_parts(shapely.intersection(geometry, grown)), key=lambda part: -part.area)
    return tuple(frame.lonlat_geometry(part) for part in pieces if part.area > tolerance_m**2)


def _sum_m2(pieces: Sequence[Polygon]) -> float:
    return float(sum(area_m2(piece) for piece in pieces))
