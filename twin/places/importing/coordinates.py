"""From the numbers of a file to EPSG:4326, longitude first. The system is stated or read, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import CGCS2000, WGS84, CoordinateSystem, UnknownSystem, coordinate_system
from gis.crs_guard import Box, NumbersVerdict, judge_geometries
from twin.places.importing.notes import FileRefused, Note, note
from twin.places.importing.request import Options
from twin.places.importing.table import Geometries, Table

OUTSIDE_MARGIN_DEGREES = 1.0
FACES_M = 0.5


@dataclass(slots=True)
class Located:
    """geometries: EPSG:4326, flat, None where a row has none or lies nowhere. how: "stated", "read" or "by_format"."""

    geometries: Geometries
    system: CoordinateSystem
    how: str
    notes: list[Note] = field(default_factory=list)
    nowhere: list[int] = field(default_factory=list)
    face_heights: dict[int, float] = field(default_factory=dict)


def locate(table: Table, options: Options, expected: Box | None) -> Located:
    """All shapes of a table in EPSG:4326. Raises FileRefused for a system that is missing, unknown, or impossible.

    expected: where the community lies (west, south, east, north), if that is known.
    """
    there = ~shapely.is_missing(table.geometries) & ~shapely.is_empty(table.geometries)
    if not there.any():  # nothing to be anywhere, so nothing to ask about
        nothing = np.full(len(table), None, dtype=object)
        return Located(nothing, WGS84, "by_format")
    system, how, notes = _system(table, options)
    heights = _flatten_faces(table, there)
    flat = shapely.force_2d(table.geometries)
    _guard(judge_geometries(flat[there], system, expected), options)
    result = Located(flat, system, how, notes, face_heights=heights)
    if system not in (WGS84, CGCS2000):  # those two have the same numbers
        result.geometries = flat.copy()
        result.geometries[there] = system.lonlat_geometry(flat[there])
    result.nowhere = _nowhere(result.geometries, system, there)
    for row in result.nowhere:
        result.geometries[row] = None
    return result


def system_named(text: str, *, where: str = "crs") -> CoordinateSystem:
    """Raises FileRefused for a text that names no system."""
    try:
        return coordinate_system(text)
    except UnknownSystem as error:
        raise FileRefused("unknown_system", where=where, text=text[:80], reason=error.sentence) from error


def _system(table: Table, options: Options) -> tuple[CoordinateSystem, str, list[Note]]:
    if not options.crs:
        if not table.system:
            raise FileRefused("system_is_missing", where="crs")
        return system_named(table.system), "by_format" if table.system_by_format else "read", []
    stated = system_named(options.crs)
    notes = []
    if table.system and not table.system_by_format:
        try:
            read = coordinate_system(table.system)
        except UnknownSystem:
            read = None
        if read != stated:
            notes.append(
                note("stated_system_differs", stated=str(stated), read=str(read or table.system[:80]))
            )
    return stated, "stated", notes


def _guard(verdict: NumbersVerdict, options: Options) -> None:
    if verdict.fault is not None:
        raise FileRefused(
            verdict.fault.value,
            where="crs",
            declared=str(verdict.declared),
            instead=", ".join(verdict.instead[:4]) or "?",
            reason=verdict.reason,
        )
    if verdict.far and not options.accept_far:
        raise FileRefused("far_from_community", where="crs", declared=str(verdict.declared))


def _nowhere(geometries: Geometries, system: CoordinateSystem, there: NDArray[np.bool_]) -> list[int]:
    """Rows that lie outside the system's own area, while most of the file does not."""
    west, south, east, north = shapely.bounds(geometries).T
    with np.errstate(invalid="ignore"):
        finite = np.isfinite(west + south + east + north)
        finite &= (
            (np.abs(west) <= 180) & (np.abs(east) <= 180) & (np.abs(south) <= 90) & (np.abs(north) <= 90)
        )
        inside = system.in_area((west + east) / 2, (south + north) / 2, OUTSIDE_MARGIN_DEGREES)
    return [int(row) for row in np.flatnonzero(there & ~(finite & inside))]


def _flatten_faces(table: Table, there: NDArray[np.bool_]) -> dict[int, float]:
    """A body given by its faces (multipatch, a building of 3D polygons) becomes what it covers, seen from above.

    Returns row -> height of the body. Only where the faces lie above each other: a flat outline with heights is just that.
    """
    heights: dict[int, float] = {}
    solid = there & shapely.has_z(table.geometries) & (shapely.get_dimensions(table.geometries) == 2)
    for row in np.flatnonzero(solid):
        parts = shapely.get_parts(table.geometries[row])
        z = shapely.get_coordinates(parts, include_z=True)[:, 2]
        rise = float(np.nanmax(z) - np.nanmin(z)) if np.isfinite(z).any() else 0.0
        if rise < FACES_M or len(parts) < 2 or not _lie_above_each_other(parts):
            continue
        sound = shapely.make_valid(shapely.force_2d(parts), method="structure", keep_collapsed=False)
        table.geometries[row] = shapely.union_all(sound[shapely.area(sound) > 0])
        heights[int(row)] = round(rise, 2)
        table.row_notes.setdefault(int(row), []).append(note("faces_seen_from_above", count=len(parts)))
    return heights


def _lie_above_each_other(parts: Geometries) -> bool:
    flat = shapely.make_valid(shapely.force_2d(parts), method="structure", keep_collapsed=False)
    whole = shapely.union_all(flat)
    return bool(shapely.area(flat).sum() > 1.05 * whole.area or (shapely.area(flat) == 0).any())


def box_around(boxes: Sequence[Box | None]) -> Box | None:
    known = np.array([box for box in boxes if box is not None])
    if not len(known):
        return None
    west, south = known[:, :2].min(axis=0)
    east, north = known[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)
