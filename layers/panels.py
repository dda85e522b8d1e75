"""Dwellings -> wall panels, a compact binary for the window layer of the map. The format is described in docs/formats.md.

A dwelling belongs to the z16 tile that holds its building's anchor, so a building is never torn between two files.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import compress
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon
from django.db.models import FloatField, Func, QuerySet
from numpy.typing import NDArray

from gis.local_metres import LocalMetres
from gis.tile_address import Tile, bounds, centre, tiles_at

MAGIC = b"TWPN"
FORMAT_VERSION = 1
HEADER = struct.Struct("<4sHH3I3Idd16x")
ESTIMATED = 1


def render(dwellings: QuerySet[Any], address: Tile) -> bytes:
    """The panels of these (already scoped) dwellings in one tile. Ids ascend; numbers are little endian."""
    ids, homes, floors, base, top, estimated, walls = _columns(dwellings, address)
    buildings = np.unique(np.array(homes, dtype="<f8"))
    lon, lat = centre(address)
    panels, first = _panels(walls, LocalMetres(lon, lat))
    header = HEADER.pack(
        MAGIC, FORMAT_VERSION, HEADER.size, address.z, address.x, address.y,
        len(ids), len(panels), len(buildings), lon, lat,
    )  # fmt: skip
    columns = [
        np.array(ids, dtype="<f8"),
        buildings,
        panels.astype("<f4"),
        np.array(base, dtype="<f4"),
        np.array(top, dtype="<f4"),
        first.astype("<u4"),
        np.searchsorted(buildings, np.array(homes, dtype="<f8")).astype("<u4"),
        np.array(floors, dtype="<i2"),
        np.where(np.array(estimated, dtype=bool), ESTIMATED, 0).astype("<u1"),
    ]
    return header + b"".join(column.tobytes() for column in columns)


def _columns(dwellings: QuerySet[Any], address: Tile) -> list[tuple[Any, ...]]:
    """id, building, floor, base, top, estimated and walls (WKB or None) of the dwellings of a tile, by id. An anchor on the
    very edge lies in the boxes of two tiles, and is drawn in one."""
    box = Polygon.from_bbox(bounds(address))
    box.srid = 4326
    near = dwellings.filter(building__anchor__bboverlaps=box).order_by("id")
    rows = near.values_list(
        "id", "building_id", "floor", "base_m", "top_m", "estimated", AsWKB("walls"),
        Func("building__anchor", function="ST_X", output_field=FloatField()),
        Func("building__anchor", function="ST_Y", output_field=FloatField()),
    )  # fmt: skip
    columns = list(zip(*rows, strict=True)) or [()] * 9
    at_x, at_y = tiles_at(columns[7], columns[8], address.z)
    mine = ((at_x == address.x) & (at_y == address.y)).tolist()
    return [tuple(compress(column, mine)) for column in columns[:7]]


def _panels(walls: Sequence[Any], frame: LocalMetres) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Wall segments as rows x0, y0, x1, y1 in local metres, and where each dwelling's begin (one more than dwellings)."""
    lines, dwelling_of_line = shapely.get_parts(
        shapely.from_wkb([None if wall is None else bytes(wall) for wall in walls]), return_index=True
    )
    lonlat, line_of_point = shapely.get_coordinates(lines, return_index=True)
    x, y = frame.to_local(lonlat[:, 0], lonlat[:, 1])
    points = np.column_stack([x, y])
    same_line = line_of_point[:-1] == line_of_point[1:]
    segments = np.hstack([points[:-1][same_line], points[1:][same_line]])
    dwelling_of_segment = dwelling_of_line[line_of_point[:-1][same_line]]
    first = np.searchsorted(dwelling_of_segment, np.arange(len(walls) + 1))
    return segments, first
