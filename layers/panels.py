"""Dwellings -> wall panels, a compact binary for the window layer of the map. The format is described in docs/formats.md.

A dwelling belongs to the z16 tile that holds its building's anchor, so a building is never torn between two files.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet
from numpy.typing import NDArray

from gis.local_metres import LocalMetres
from gis.tile_address import Tile, bounds, centre, tile_at

MAGIC = b"TWPN"
FORMAT_VERSION = 1
HEADER = struct.Struct("<4sHH3I3Idd16x")
ESTIMATED = 1

COLUMNS = ("id", "building_id", "floor", "base_m", "top_m", "estimated", "walls", "building__anchor")


def render(dwellings: QuerySet[Any], address: Tile) -> bytes:
    """The panels of these (already scoped) dwellings in one tile. Ids ascend; numbers are little endian."""
    rows = [row for row in _near(dwellings, address) if _belongs(row[-1], address)]
    buildings = np.array(sorted({row[1] for row in rows}), dtype="<f8")
    lon, lat = centre(address)
    panels, first = _panels([row[6] for row in rows], LocalMetres(lon, lat))
    header = HEADER.pack(
        MAGIC, FORMAT_VERSION, HEADER.size, address.z, address.x, address.y,
        len(rows), len(panels), len(buildings), lon, lat,
    )  # fmt: skip
    columns = [
        np.array([row[0] for row in rows], dtype="<f8"),
        buildings,
        panels.astype("<f4"),
        np.array([row[3] for row in rows], dtype="<f4"),
        np.array([row[4] for row in rows], dtype="<f4"),
        first.astype("<u4"),
        np.searchsorted(buildings, [row[1] for row in rows]).astype("<u4"),
        np.array([row[2] for row in rows], dtype="<i2"),
        np.array([ESTIMATED if row[5] else 0 for row in rows], dtype="<u1"),
    ]
    return header + b"".join(column.tobytes() for column in columns)


def _near(dwellings: QuerySet[Any], address: Tile) -> QuerySet[Any]:
    box = Polygon.from_bbox(bounds(address))
    box.srid = 4326
    return dwellings.filter(building__anchor__bboverlaps=box).order_by("id").values_list(*COLUMNS)


def _belongs(anchor: Any, address: Tile) -> bool:
    """An anchor on the very edge lies in the boxes of two tiles, and must be drawn in one."""
    return tile_at(anchor.x, anchor.y, address.z) == address


def _panels(walls: list[Any], frame: LocalMetres) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Wall segments as rows x0, y0, x1, y1 in local metres, and where each dwelling's begin (one more than dwellings)."""
    lines, dwelling_of_line = shapely.get_parts(
        shapely.from_wkb([bytes(wall.wkb) if wall is not None else None for wall in walls]), return_index=True
    )
    lonlat, line_of_point = shapely.get_coordinates(lines, return_index=True)
    x, y = frame.to_local(lonlat[:, 0], lonlat[:, 1])
    points = np.column_stack([x, y])
    same_line = line_of_point[:-1] == line_of_point[1:]
    segments = np.hstack([points[:-1][same_line], points[1:][same_line]])
    dwelling_of_segment = dwelling_of_line[line_of_point[:-1][same_line]]
    first = np.searchsorted(dwelling_of_segment, np.arange(len(walls) + 1))
    return segments, first
