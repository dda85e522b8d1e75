"""The ground that workers walk on, made from what the API tells about streets, buildings and grids."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import shapely
from shapely import LineString
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from gis.local_metres import LocalMetres
from twin.demo.simulate.streets import Streets
from twin.demo.simulate.walk import Door

SECOND_DOOR_M = 18
"""A long building has a door on either side of the middle one, so far away."""
LONG_M = 110
FEWEST_DOORS = 4
CHECKPOINTS = 8

Feature = dict[str, Any]


class Terrain:
    """Streets and doors of one community in one flat frame."""

    def __init__(
        self, streets: Sequence[Feature], buildings: Sequence[Feature], grids: Sequence[Feature]
    ) -> None:
        lines = shapely.MultiLineString(
            [part for feature in streets for part in shapely.get_parts(shape(feature["geometry"]))]
        )
        self.frame = LocalMetres.around(lines)
        self._lines: BaseGeometry = self.frame.local_geometry(lines)
        self.streets = Streets(
            part for part in shapely.get_parts(self._lines) if isinstance(part, LineString)
        )
        self._buildings = [(f["properties"]["grid_id"], self._flat(f)) for f in buildings]
        self._grids = {f["id"]: self._flat(f) for f in grids}

    def doors_of(self, grid_id: int, random: Random) -> list[Door]:
        """Where a worker of a grid calls: the doors of its buildings, and checkpoints where there are hardly any (a park)."""
        doors = [
            door for of, footprint in self._buildings if of == grid_id for door in self._doors(footprint)
        ]
        if len(doors) < FEWEST_DOORS:
            doors += self._checkpoints(self._grids.get(grid_id, self._lines), random)
        return doors

    def lonlat(self, x: float, y: float) -> tuple[float, float]:
        lon, lat = self.frame.to_lonlat(x, y)
        return float(lon), float(lat)

    def _flat(self, feature: Feature) -> BaseGeometry:
        return self.frame.local_geometry(shape(feature["geometry"]))

    def _doors(self, footprint: BaseGeometry) -> list[Door]:
        """On the side of the street."""
        wall = shapely.get_parts(footprint)[0].exterior
        middle = wall.project(nearest_points(wall, self._lines)[0])
        offsets = (-SECOND_DOOR_M, 0, SECOND_DOOR_M) if wall.length > LONG_M else (0,)
        places = [wall.interpolate((middle + offset) % wall.length) for offset in offsets]
        return [(place.x, place.y) for place in places]

    def _checkpoints(self, area: BaseGeometry, random: Random) -> list[Door]:
        """Some way along the streets of an area, or of all streets where it has none."""
        inside = self._lines.intersection(area)
        walked = inside if inside.length > 0 else self._lines
        parts = [part for part in shapely.get_parts(walked) if part.length > 0]
        places = []
        for _ in range(CHECKPOINTS):
            part = random.choices(parts, [p.length for p in parts])[0]
            places.append(part.interpolate(random.uniform(0, part.length)))
        return [(place.x, place.y) for place in places]
