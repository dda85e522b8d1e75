"""Shapes as this kind of place needs them: sound areas or lines, with a note of what it took, or a reason why not."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis.errors import GisError
from gis.flat_frame import metres_per_degree
from gis.footprint import Repair, repaired
from twin.places.importing.notes import RowRefused
from twin.places.importing.rows import Row
from twin.places.importing.table import Geometries

MOST_CHANGED = 0.5
"""A repair that moves more than this share of the area is a guess about the shape."""


def shape_areas(rows: list[Row], shapes: Geometries) -> None:
    """Sound (multi)polygons into the rows; the others are refused."""
    sound = (shapely.get_dimensions(shapes) == 2) & shapely.is_valid(shapes) & (shapely.area(shapes) > 0)
    sound &= shapely.get_type_id(shapes) != 7
    for index, row in enumerate(rows):
        if not row.is_wanted:
            continue
        if sound[index]:
            row.shape = shapes[index]
            continue
        try:
            row.shape = _mended(row, _area_of(row, shapes[index]))
        except RowRefused as refused:
            row.refuse(refused.note.code, **refused.note.details)
            row.shape = _to_look_at(shapes[index])


def shape_lines(rows: list[Row], shapes: Geometries) -> None:
    """Lines with a length into the rows; the others are refused."""
    for row, shape in zip(rows, shapes, strict=True):
        if not row.is_wanted:
            continue
        lines = [part for part in _parts(shape) if shapely.get_dimensions(part) == 1 and part.length > 0]
        if lines:
            row.shape = lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)
            if len(lines) < len(_parts(shape)):
                row.note("other_parts_left_out")
        else:
            row.refuse(*_what_it_is(shape, wanted="line"))
            row.shape = _to_look_at(shape)


def _to_look_at(shape: Any) -> Any:
    """What was refused, for a map that shows where it lies; None for what lies nowhere."""
    return shape if shape is not None and np.isfinite(shapely.bounds(shape)).all() else None


def square_metres(shapes: Geometries) -> np.ndarray:
    """Areas (EPSG:4326) good to a part in a thousand: for telling, not for measuring."""
    bounds = shapely.bounds(shapes)
    lat = np.radians(np.nan_to_num((bounds[:, 1] + bounds[:, 3]) / 2))
    east, north = metres_per_degree(0.0)
    scale = east * np.cos(lat) * (north + 1120.0 * np.sin(lat) ** 2)
    result: np.ndarray = shapely.area(shapes) * scale
    return result


def _area_of(row: Row, shape: BaseGeometry | None) -> Polygon | MultiPolygon:
    parts = _parts(shape)
    areas = [part for part in parts if isinstance(part, Polygon) and not part.is_empty]
    if not areas:
        rings = [
            part for part in parts if isinstance(part, LineString) and part.is_closed and len(part.coords) > 3
        ]
        if not rings or len(rings) < len(parts):
            raise RowRefused(*_what_it_is(shape, wanted="area"))
        row.note("closed_line_taken_as_outline")
        areas = [Polygon(ring) for ring in rings]
    elif len(areas) < len(parts):
        row.note("other_parts_left_out")
    return areas[0] if len(areas) == 1 else MultiPolygon(areas)


def _mended(row: Row, shape: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    try:
        outline = repaired(shape)
    except GisError as error:
        raise RowRefused("broken_ring", reason=error.sentence) from error
    area = float(square_metres(np.array([outline.geometry]))[0])
    for one in outline.notes:
        if one.repair is Repair.HEIGHTS_DROPPED:
            continue
        if one.changed_m2 > MOST_CHANGED * area:
            raise RowRefused("broken_beyond_repair", changed_m2=one.changed_m2, area_m2=round(area, 1))
        row.note("ring_repaired", repair=one.repair.value, changed_m2=one.changed_m2)
    return outline.geometry


def _parts(shape: BaseGeometry | None) -> list[BaseGeometry]:
    if shape is None:
        return []
    return [
        part for nested in shapely.get_parts(shape) for part in shapely.get_parts(nested) if not part.is_empty
    ]


def _what_it_is(shape: BaseGeometry | None, wanted: str) -> tuple[str]:
    if shape is None or shape.is_empty:
        return ("no_geometry",)
    dimension = int(shapely.get_dimensions(shape))
    found = ("point", "line", "area")[max(dimension, 0)]
    return ("line_without_length",) if found == wanted == "line" else (f"{found}_where_{wanted}_is_needed",)
