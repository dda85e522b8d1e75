"""Where to look from and click, worked out without the front end: rays in Python against the geometry in PostGIS.

Local metres around a point (x east, y north, z up). The camera is the map engine's: it looks at a point on the ground from
0.5 * height / tan(fov / 2) pixels away, tilted by `pitch` and turned by `bearing`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
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
NARROW_M = 1.5
VIEWS_TRIED = 60
RIM_PX, BUTTONS_PX = 20, 80
"""How far a target keeps from the map's border, and from the one where its buttons lie."""
ASIDE_M = 20.0
"""The wall is up to so far from the middle of the view, so that it is not always the same pixel that is clicked."""

DWELLINGS = """
    SELECT d.id, d.floor, d.base_m, d.top_m, ST_AsBinary(d.walls), b.id,
           CASE WHEN u.name = '' THEN b.place || CASE WHEN u.number = '' THEN '' ELSE u.number || '单元' END
                WHEN b.number <> '' AND right(b.place, length(b.number)) = b.number
                THEN left(b.place, -length(b.number)) || u.name
                ELSE b.place || u.name END || d.room || '室'
    FROM places_dwelling d
    JOIN places_unit u ON u.id = d.unit_id
    JOIN (
        SELECT building.id, building.number,
               coalesce(nullif(building.address, ''), coalesce(compound.name, '') || coalesce(
                        nullif(building.name, ''), nullif(building.number, ''), building.id::text)) AS place
        FROM places_building building LEFT JOIN places_compound compound ON compound.id = building.compound_id
    ) b ON b.id = d.building_id
    WHERE d.ended_at IS NULL AND d.community_id = %s ORDER BY d.id
"""
BUILDINGS = """
    SELECT id, base_m, height_m, ST_AsBinary(footprint) FROM places_building
    WHERE ended_at IS NULL AND community_id = %s ORDER BY id
"""

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
class Screen:
    """The map on the page, in CSS pixels: its corner, its size, and how much of its sides lies under panels."""

    left: float
    top: float
    width: float
    height: float
    under_left: float
    under_right: float
    under_bottom: float


@dataclass(frozen=True)
class Target:
    """The middle of an outer wall of a dwelling, and a view in which nothing stands before it."""

    dwelling: int
    address: str
    floor: int
    building: int
    kind: str
    point: tuple[float, float, float]
    """Longitude, latitude, metres above ground."""
    view: View
    pixel: tuple[float, float]
    """Where on the page the point is then, in CSS pixels."""


class Scene:
    """All walls of all dwellings and all bodies of buildings of one community. `kind_of`: a building's kind of footprint."""

    def __init__(self, database: Database, community: int, kind_of: Callable[[int], str]) -> None:
        dwellings, buildings = database.rows(DWELLINGS, community), database.rows(BUILDINGS, community)
        footprints = shapely.from_wkb([bytes(row[3]) for row in buildings])
        west, south, east, north = shapely.total_bounds(footprints)
        self.frame = LocalMetres((west + east) / 2, (south + north) / 2)
        self.bodies = self.frame.local_geometry(footprints)
        self.body_top = np.array([row[1] + row[2] for row in buildings])
        self.body_walls = self._walls_of_bodies([row[1] for row in buildings])
        self._read_panels(dwellings, kind_of)

    def _read_panels(self, rows: list[Any], kind_of: Callable[[int], str]) -> None:
        rows = [row for row in rows if row[4] is not None]
        lines, owner = shapely.get_parts(shapely.from_wkb([bytes(row[4]) for row in rows]), return_index=True)
        panels, of = [], []
        for line, row in zip(self.frame.local_geometry(lines), owner, strict=True):
            for a, b in pairwise(shapely.get_coordinates(line)):
                panels.append([*a, *b, rows[row][2], rows[row][3]])
                of.append(row)
        self.panels = np.array(panels)
        self.rows = [rows[row] for row in of]
        self.dwelling = np.array([row[0] for row in self.rows])
        self.kind = [kind_of(row[5]) for row in self.rows]

    def address_of(self, dwelling: int) -> str:
        return next(str(row[6]) for row in self.rows if row[0] == dwelling)

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

    def targets(
        self,
        count: int,
        seed: int,
        screen: Screen,
        among: Collection[int] | None = None,
        least_floor: int = 2,
    ) -> list[Target]:
        """Visible walls (of dwellings `among` these), taken in turn from every kind of footprint, and of a building a second
        time only when all have had their turn. Raises AssertionError if there are too few."""
        pick = Random(seed)
        found: list[Target] = []
        while len(found) < count:
            before = len(found)
            for kind, panels in self._in_turn(pick, among, least_floor):
                target = self._seen(panels, kind, pick, screen)
                found += [target] if target is not None else []
                if len(found) == count:
                    break
            assert len(found) > before, f"only {len(found)} of {count} walls can be seen"
        return found

    def _in_turn(
        self, pick: Random, among: Collection[int] | None, least_floor: int
    ) -> Iterator[tuple[str, list[int]]]:
        """Every building once, its kind and the panels that can be aimed at; a building of each kind, then the next."""
        of_building: dict[str, dict[int, list[int]]] = {}
        for panel, row in enumerate(self.rows):
            wanted = row[1] >= least_floor and (among is None or row[0] in among)
            if wanted and _width(self.panels[panel]) > NARROW_M:
                of_building.setdefault(self.kind[panel], {}).setdefault(row[5], []).append(panel)
        queues = {
            kind: pick.sample(list(own.values()), len(own)) for kind, own in sorted(of_building.items())
        }
        for turn in range(max(map(len, queues.values()), default=0)):
            for kind, queue in queues.items():
                if turn < len(queue):
                    yield kind, queue[turn]

    def _seen(self, panels: list[int], kind: str, pick: Random, screen: Screen) -> Target | None:
        for _ in range(VIEWS_TRIED):
            target = self._try(pick.choice(panels), kind, pick, screen)
            if target is not None:
                return target
        return None

    def _try(self, panel: int, kind: str, pick: Random, screen: Screen) -> Target | None:
        x0, y0, x1, y1, base, top = self.panels[panel]
        aim = np.array([(x0 + x1) / 2, (y0 + y1) / 2, (base + top) / 2])
        outward = math.degrees(math.atan2(y1 - y0, -(x1 - x0)))  # compass bearing of the right hand side
        camera = self._camera(
            aim,
            (outward + 180 + pick.uniform(-45, 45) + 180) % 360 - 180,
            pick.uniform(50, 68),
            pick.uniform(17.6, 18.6),
            np.array([pick.uniform(-ASIDE_M, ASIDE_M), pick.uniform(-ASIDE_M, ASIDE_M)]),
            screen.height,
        )
        if camera.eye[2] < aim[2] + 3 or self.first_hit(camera.eye, aim) != self.dwelling[panel]:
            return None
        pixel = camera.pixel(aim, screen)
        if pixel is None:
            return None
        row = self.rows[panel]
        lon, lat = (float(v) for v in self.frame.to_lonlat(aim[0], aim[1]))
        return Target(row[0], row[6], row[1], row[5], kind, (lon, lat, float(aim[2])), camera.view, pixel)

    def _camera(
        self, aim: Floats, bearing: float, pitch: float, zoom: float, aside: Floats, height_px: float
    ) -> Camera:
        """One that looks about at `aim`, `aside` metres beside it."""
        forward = np.array([math.sin(math.radians(bearing)), math.cos(math.radians(bearing))])
        centre = aim[:2] + forward * aim[2] * math.tan(math.radians(pitch)) + aside
        lon, lat = (float(v) for v in self.frame.to_lonlat(centre[0], centre[1]))
        # A pixel's size at the centre, in metres of this frame, which are true at the frame's origin.
        per_px = (
            2 * math.pi * EARTH_RADIUS_M * math.cos(math.radians(self.frame.origin_lat)) / (TILE_PX * 2**zoom)
        )
        away = 0.5 * height_px / math.tan(FIELD_OF_VIEW / 2) * per_px
        return Camera(View(lon, lat, zoom, bearing, pitch), centre, away)


@dataclass(frozen=True)
class Camera:
    """Looks from `away` metres at `centre` on the ground."""

    view: View
    centre: Floats
    away: float

    @property
    def forward(self) -> Floats:
        """Where it looks."""
        bearing, pitch = math.radians(self.view.bearing), math.radians(self.view.pitch)
        level = math.sin(pitch)
        return np.array([math.sin(bearing) * level, math.cos(bearing) * level, -math.cos(pitch)])

    @property
    def eye(self) -> Floats:
        return np.array([*self.centre, 0.0]) - self.forward * self.away

    def pixel(self, point: Floats, screen: Screen) -> tuple[float, float] | None:
        """Where on the page a point is drawn; None if that is behind a panel or too near to the border."""
        bearing = math.radians(self.view.bearing)
        right = np.array([math.cos(bearing), -math.sin(bearing), 0.0])
        down = np.cross(self.forward, right)
        to = point - self.eye
        focal_px = 0.5 * screen.height / math.tan(FIELD_OF_VIEW / 2)
        deep = float(to @ self.forward)
        x = (screen.under_left + screen.width - screen.under_right) / 2 + focal_px * float(to @ right) / deep
        y = (screen.height - screen.under_bottom) / 2 + focal_px * float(to @ down) / deep
        free_x = screen.under_left + RIM_PX < x < screen.width - screen.under_right - RIM_PX
        free_y = RIM_PX < y < screen.height - screen.under_bottom - BUTTONS_PX
        return (screen.left + x, screen.top + y) if free_x and free_y else None


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
