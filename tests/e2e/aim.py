"""Where to look from and click, worked out without the front end: rays in Python against the geometry in PostGIS.

Local metres around a point (x east, y north, z up). The camera is the map engine's: it looks at a point on the ground from
0.5 * height / tan(fov / 2) pixels away, tilted by `pitch` and turned by `bearing`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.local_metres import EARTH_RADIUS_M, LocalMetres
from tests.e2e.database import Database

FIELD_OF_VIEW = 0.6435011087932844
TILE_PX = 512
CLOSE_M = 0.3
"""What lies this close before a wall is the wall itself: bodies and windows share it."""

DWELLINGS = """
    SELECT d.id, d.floor, d.base_m, d.top_m, ST_AsBinary(d.walls), b.id, b.source_id
    FROM places_dwelling d JOIN places_building b ON b.id = d.building_id WHERE d.ended_at IS NULL ORDER BY d.id
"""
BUILDINGS = "SELECT id, base_m, height_m, ST_AsBinary(footprint) FROM places_building WHERE ended_at IS NULL ORDER BY id"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """A camera: EPSG:4326 centre on the ground, degrees."""

    lon: float
    lat: float
    zoom: float
    bearing: float
    pitch: float


@dataclass(frozen=True)
class Target:
    """The middle of an outer wall of a dwelling, and a view in which nothing stands before it."""

    dwelling: int
    floor: int
    kind: str
    point: tuple[float, float, float]
    """Longitude, latitude, metres above ground."""
    view: View


class Scene:
    """All walls of all dwellings and all bodies of buildings."""

    def __init__(self, database: Database, kinds: dict[str, str]) -> None:
        dwellings, buildings = database.rows(DWELLINGS), database.rows(BUILDINGS)
        footprints = shapely.from_wkb([bytes(row[3]) for row in buildings])
        west, south, east, north = shapely.total_bounds(footprints)
        self.frame = LocalMetres((west + east) / 2, (south + north) / 2)
        self.bodies = self.frame.local_geometry(footprints)
        self.body_top = np.array([row[1] + row[2] for row in buildings])
        self.body_walls = self._walls_of_bodies([row[1] for row in buildings])
        self._read_panels(dwellings, kinds)

    def _read_panels(self, rows: list[Any], kinds: dict[str, str]) -> None:
        lines, owner = shapely.get_parts(shapely.from_wkb([bytes(row[4]) for row in rows]), return_index=True)
        ends = self.frame.local_geometry(lines)
        corners = shapely.get_coordinates(ends).reshape(-1, 2, 2)  # the demo's walls are single segments
        self.panels = np.column_stack(
            [corners.reshape(-1, 4), [rows[i][2] for i in owner], [rows[i][3] for i in owner]]
        )
        self.dwelling = np.array([rows[i][0] for i in owner])
        self.floor = np.array([rows[i][1] for i in owner])
        self.kind = [kinds.get(rows[i][6], "other") for i in owner]

    def _walls_of_bodies(self, bases: list[float]) -> Floats:
        """Rows x0, y0, x1, y1, base, top."""
        walls = []
        for body, base, top in zip(self.bodies, bases, self.body_top, strict=True):
            for ring in shapely.get_rings(shapely.get_parts(body)):
                points = shapely.get_coordinates(ring)
                walls += [[*a, *b, base, top] for a, b in pairwise(points)]
        return np.array(walls)

    def first_hit(self, eye: Floats, aim: Floats) -> int | None:
        """The dwelling whose wall a ray from `eye` through `aim` meets first; None where a body stands before it."""
        panel, distance = _nearest(eye, aim, self.panels)
        if panel is None:
            return None
        _, wall = _nearest(eye, aim, self.body_walls)
        if min(wall, self._roof(eye, aim)) < distance - CLOSE_M:
            return None
        return int(self.dwelling[panel])

    def _roof(self, eye: Floats, aim: Floats) -> float:
        """Metres to the first roof that the ray comes down on."""
        ray = aim - eye
        length = float(np.linalg.norm(ray))
        share = (self.body_top - eye[2]) / ray[2]
        points = shapely.points(eye[0] + share * ray[0], eye[1] + share * ray[1])
        struck = shapely.contains(self.bodies, points) & (share > 0)
        return float(np.min(share[struck]) * length) if struck.any() else math.inf

    def targets(self, count: int, seed: int, least_floor: int = 2, height_px: float = 720) -> list[Target]:
        """Visible walls, taken in turn from every kind of footprint. Raises AssertionError if there are too few."""
        pick = Random(seed)
        by_kind: dict[str, list[int]] = {}
        for panel in range(len(self.panels)):
            if self.floor[panel] >= least_floor and _width(self.panels[panel]) > 1.5:
                by_kind.setdefault(self.kind[panel], []).append(panel)
        found: list[Target] = []
        kinds = sorted(by_kind)
        for tries in range(count * 200):
            if len(found) == count:
                return found
            kind = kinds[tries % len(kinds)]
            target = self._try(pick.choice(by_kind[kind]), kind, pick, height_px)
            if target is not None:
                found.append(target)
        raise AssertionError(f"only {len(found)} of {count} walls can be seen")

    def _try(self, panel: int, kind: str, pick: Random, height_px: float) -> Target | None:
        x0, y0, x1, y1, base, top = self.panels[panel]
        aim = np.array([(x0 + x1) / 2, (y0 + y1) / 2, (base + top) / 2])
        outward = math.degrees(math.atan2(y1 - y0, -(x1 - x0)))  # compass bearing of the right hand side
        bearing = (outward + 180 + pick.uniform(-45, 45) + 180) % 360 - 180
        pitch, zoom = pick.uniform(50, 68), pick.uniform(17.6, 18.6)
        forward = np.array([math.sin(math.radians(bearing)), math.cos(math.radians(bearing))])
        centre = aim[:2] + forward * aim[2] * math.tan(math.radians(pitch))
        lon, lat = (float(v) for v in self.frame.to_lonlat(centre[0], centre[1]))
        per_px = 2 * math.pi * EARTH_RADIUS_M * math.cos(math.radians(lat)) / (TILE_PX * 2**zoom)
        away = 0.5 * height_px / math.tan(FIELD_OF_VIEW / 2) * per_px
        back = away * math.sin(math.radians(pitch))
        eye = np.array([*(centre - forward * back), away * math.cos(math.radians(pitch))])
        if eye[2] < aim[2] + 3 or self.first_hit(eye, aim) != self.dwelling[panel]:
            return None
        at_lon, at_lat = (float(v) for v in self.frame.to_lonlat(aim[0], aim[1]))
        view = View(lon, lat, zoom, bearing, pitch)
        return Target(
            int(self.dwelling[panel]), int(self.floor[panel]), kind, (at_lon, at_lat, float(aim[2])), view
        )


def _width(panel: Floats) -> float:
    return math.hypot(panel[2] - panel[0], panel[3] - panel[1])


def _nearest(eye: Floats, aim: Floats, walls: Floats) -> tuple[int | None, float]:
    """The first upright wall (x0, y0, x1, y1, base, top) on the ray, and how many metres away it is."""
    ray = aim - eye
    along_x, along_y = walls[:, 2] - walls[:, 0], walls[:, 3] - walls[:, 1]
    across = ray[0] * along_y - ray[1] * along_x
    with np.errstate(divide="ignore", invalid="ignore"):
        to_x, to_y = walls[:, 0] - eye[0], walls[:, 1] - eye[1]
        share = (to_x * along_y - to_y * along_x) / across
        place = (to_x * ray[1] - to_y * ray[0]) / across
    height = eye[2] + share * ray[2]
    struck = (share > 1e-9) & (place >= 0) & (place <= 1) & (height >= walls[:, 4]) & (height <= walls[:, 5])
    if not struck.any():
        return None, math.inf
    nearest = int(np.argmin(np.where(struck, share, np.inf)))
    return nearest, float(share[nearest] * np.linalg.norm(ray))
