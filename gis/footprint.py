"""Outlines as they come from files: repaired with a note of what was done, joined where a tile's edge cut
them.

Nothing is repaired silently. Every change is a `Note` with the square metres that it moved, so that an
import can show it row by row and refuse what changed too much.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis.errors import GisError
from gis.flat_frame import FlatFrame, metres_per_degree
from gis.measure import require_lonlat

Area: TypeAlias = Polygon | MultiPolygon
CRUMB_M2: Final = 0.01
"""Splinters that a repair leaves and nobody would miss."""
DEFAULT_SEAM_M: Final = 0.3
COLLINEAR_M: Final = 0.01


class BrokenRing(GisError):
    """Coordinates that are no outline and cannot be made one."""

    code = "broken_ring"


class Repair(StrEnum):
    """What was done to an outline."""

    CLOSED = "closed"
    REPEATED_POINTS_DROPPED = "repeated_points_dropped"
    HEIGHTS_DROPPED = "heights_dropped"
    HOLE_DROPPED = "hole_dropped"
    UNTANGLED = "untangled"
    REPEATED_PIECES_DROPPED = "repeated_pieces_dropped"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing done: what, how often, and by how many square metres it changed the area (0 for none)."""

    repair: Repair
    count: int
    changed_m2: float = 0.0


@dataclass(frozen=True, slots=True)
class Outline:
    """A valid outline in EPSG:4326 and the notes of what it took; no notes, nothing was changed."""

    geometry: Area
    notes: tuple[Note, ...] = ()


def outline_of_rings(rings: Sequence[Sequence[Sequence[float]]]) -> Outline:
    """The polygon of GeoJSON coordinates: the outside first, then holes; each position longitude, latitude,
    ...

    Rings may be open, repeat points, or cross themselves. Raises BrokenRing for an outside without an area
    or with numbers that are not finite, NotLonLat for numbers that are no degrees.
    """
    if not rings:
        raise BrokenRing("a polygon without rings: the first ring is the outside")
    notes: list[Note] = []
    outside, *holes = (_positions(ring, notes) for ring in rings)
    if len(outside) < 4:
        raise BrokenRing(
            "the outside has %(count)s different corners: a ring needs three", count=max(len(outside) - 1, 0)
        )
    kept = [hole for hole in holes if len(hole) >= 4]
    if len(kept) < len(holes):
        notes.append(Note(Repair.HOLE_DROPPED, len(holes) - len(kept)))
    made = repaired(Polygon(outside, kept))
    return Outline(made.geometry, (*notes, *made.notes))


def repaired(geometry: BaseGeometry) -> Outline:
    """A Polygon or MultiPolygon (EPSG:4326) made valid and flat, with notes.

    A figure of eight becomes two parts; where a ring overlaps itself it counts once. Raises BrokenRing for
    other geometries, empty ones and ones without area; NotLonLat.
    """
    if not isinstance(geometry, Polygon | MultiPolygon) or geometry.is_empty:
        what = "an empty geometry" if geometry.is_empty else f"a {geometry.geom_type}"
        raise BrokenRing("%(what)s is no outline: give a Polygon or MultiPolygon", what=what)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise BrokenRing("an outline with coordinates that are no numbers")
    require_lonlat(geometry)
    notes = [Note(Repair.HEIGHTS_DROPPED, 1)] if geometry.has_z else []
    flat: Area = shapely.force_2d(geometry)
    if not flat.is_valid:
        frame = FlatFrame.around(flat)
        before = frame.metre_geometry(flat)
        after = _areas_of(shapely.make_valid(before, method="structure", keep_collapsed=False))
        notes.append(Note(Repair.UNTANGLED, 1, round(abs(after.area - before.area), 2)))
        flat = _valid(frame.lonlat_geometry(after))
    if flat.is_empty or flat.area * np.prod(metres_per_degree(flat.bounds[1])) < CRUMB_M2:
        raise BrokenRing("an outline without area: its corners lie on one line or on one spot")
    return Outline(flat, tuple(notes))


def joined(pieces: Iterable[Area], seam_m: float = DEFAULT_SEAM_M) -> Outline:
    """Pieces of one thing (they share an id), as one outline: what a tile's edge cut apart grows together
    again.

    pieces: valid, EPSG:4326. Pieces that come twice count once; gaps up to `seam_m` metres are closed;
    pieces further apart stay parts of a MultiPolygon. Raises BrokenRing without any piece.
    """
    every = list(pieces)
    if not every:
        raise BrokenRing("no pieces to join")
    different = _without_repeats(every)
    notes = []
    if len(different) < len(every):
        notes.append(Note(Repair.REPEATED_PIECES_DROPPED, len(every) - len(different)))
    if len(different) == 1:
        return Outline(different[0], tuple(notes))
    frame = FlatFrame.around(shapely.union_all(different))
    in_metres = [frame.metre_geometry(piece) for piece in different]
    whole = _areas_of(_closed_up(in_metres, seam_m))
    grown = round(whole.area - float(shapely.union_all(in_metres).area), 2)
    notes.append(Note(Repair.JOINED, len(different), abs(grown)))
    return Outline(_valid(frame.lonlat_geometry(whole)), tuple(notes))


def point_inside(geometry: Area) -> Point:
    """A point well inside (EPSG:4326), the same for the same outline; in the widest part of a MultiPolygon.

    Raises BrokenRing for an empty geometry.
    """
    if geometry.is_empty:
        raise BrokenRing("nothing has no inside: give a Polygon or MultiPolygon with an area")
    point: Point = shapely.point_on_surface(geometry)
    return point


def _positions(ring: Sequence[Sequence[float]], notes: list[Note]) -> NDArray[np.float64]:
    try:
        points = np.array([[float(lon), float(lat)] for lon, lat, *_ in ring]).reshape(-1, 2)
    except (TypeError, ValueError) as error:
        raise BrokenRing(
            "a ring is a list of positions [longitude, latitude]: %(reason)s", reason=error
        ) from error
    if not np.isfinite(points).all():
        raise BrokenRing("a ring with coordinates that are no numbers")
    if len(points) == 0:
        return points
    kept = np.append(True, (np.diff(points, axis=0) != 0.0).any(axis=1))
    if not kept.all():
        notes.append(Note(Repair.REPEATED_POINTS_DROPPED, int((~kept).sum())))
        points = points[kept]
    if (points[0] != points[-1]).any():
        notes.append(Note(Repair.CLOSED, 1))
        points = np.concatenate([points, points[:1]])
    return points


def _without_repeats(pieces: list[Area]) -> list[Area]:
    """Each shape once, wherever its ring begins and whichever way it runs."""
    seen: dict[bytes, Area] = {}
    for piece in pieces:
        seen.setdefault(shapely.to_wkb(shapely.normalize(shapely.set_precision(piece, 1e-9))), piece)
    return list(seen.values())


def _closed_up(pieces: list[Area], seam_m: float) -> BaseGeometry:
    """One geometry in metres; what lies between two pieces that almost meet is filled."""
    whole = shapely.union_all(pieces)
    if isinstance(whole, MultiPolygon) and seam_m > 0:
        grown = whole.buffer(seam_m / 2.0, join_style="mitre")
        closed = grown.buffer(-seam_m / 2.0, join_style="mitre")
        whole = shapely.union_all([whole, closed])
    return shapely.simplify(whole, COLLINEAR_M)


def _areas_of(geometry: BaseGeometry, least: float = CRUMB_M2) -> Area:
    """Only the polygons of a geometry that have at least some area, in its own square units."""
    polygons = [
        part
        for nested in shapely.get_parts(geometry)
        for part in shapely.get_parts(nested)
        if isinstance(part, Polygon) and part.area > least
    ]
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _valid(geometry: Area) -> Area:
    """Valid in degrees too: what was repaired in metres may touch itself again in the last bit."""
    return (
        geometry
        if geometry.is_valid
        else shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    )
