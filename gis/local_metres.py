"""A flat frame in metres around an origin: Web Mercator, scaled so that one unit is one metre at the origin.

This is, number for number, the frame of MapLibre's `MercatorCoordinate.fromLngLat` and
`meterInMercatorCoordinateUnits` (maplibre-gl, src/geo/mercator_coordinate.ts), in which the wall panels are
drawn. Mercator keeps angles, so shapes stay true; its scale drifts from the origin by about tan(latitude) /
6371 per kilometre of northing (0.01 % a kilometre at 30 degrees). It is a frame for shapes: lengths and
areas that are told to anyone come from `gis.measure`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self, TypeVar

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from gis.errors import NotLonLat

EARTH_RADIUS_M = 6371008.8
"""Mean radius of the earth in metres, as MapLibre has it."""

MAX_LATITUDE = 85.051128779806604
"""Where Web Mercator's square ends, in degrees."""

Floats = NDArray[np.float64]
Shape = TypeVar("Shape", bound=BaseGeometry)


def mercator(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Web Mercator in the unit square, x to the east, y to the **south**, (0, 0) in the north-west corner.

    lon, lat: degrees, any equal shapes. Latitudes beyond 85.05 degrees lie outside 0..1.
    """
    phi = np.radians(np.asarray(lat, dtype=np.float64))
    x = (np.asarray(lon, dtype=np.float64) + 180.0) / 360.0
    return x, 0.5 - np.arcsinh(np.tan(phi)) / (2.0 * np.pi)


def mercator_to_lonlat(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """The reverse of `mercator`: degrees, longitude first."""
    lon = np.asarray(x, dtype=np.float64) * 360.0 - 180.0
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * np.asarray(y, dtype=np.float64)))))
    return lon, lat


@dataclass(frozen=True, slots=True)
class LocalMetres:
    """The frame at one origin (EPSG:4326, longitude first). x is east, y is north, both in metres.

    Raises NotLonLat for an origin off the earth or off the Mercator square.
    """

    origin_lon: float
    origin_lat: float
    _x0: float = field(init=False, repr=False, compare=False)
    _y0: float = field(init=False, repr=False, compare=False)
    _unit: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (-180.0 <= self.origin_lon <= 180.0 and -MAX_LATITUDE <= self.origin_lat <= MAX_LATITUDE):
            raise NotLonLat(
                "origin (%(lon)s, %(lat)s) is off the map: longitude is -180..180, latitude -85.05..85.05",
                lon=self.origin_lon,
                lat=self.origin_lat,
            )
        x0, y0 = mercator(self.origin_lon, self.origin_lat)
        circumference = 2.0 * np.pi * EARTH_RADIUS_M * np.cos(np.radians(self.origin_lat))
        object.__setattr__(self, "_x0", float(x0))
        object.__setattr__(self, "_y0", float(y0))
        object.__setattr__(self, "_unit", float(1.0 / circumference))

    @classmethod
    def around(cls, geometry: BaseGeometry) -> Self:
        """The frame at the middle of a geometry's bounding box. Raises NotLonLat for an empty geometry."""
        if geometry.is_empty:
            raise NotLonLat("an empty geometry has no middle; give one with at least one point")
        west, south, east, north = geometry.bounds
        return cls((west + east) / 2.0, (south + north) / 2.0)

    def to_local(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees to metres east and north of the origin; any equal shapes, the same shape back."""
        x, y = mercator(lon, lat)
        return (x - self._x0) / self._unit, (self._y0 - y) / self._unit

    def to_lonlat(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Metres east and north of the origin to degrees, longitude first."""
        east = np.asarray(x, dtype=np.float64) * self._unit
        north = np.asarray(y, dtype=np.float64) * self._unit
        return mercator_to_lonlat(self._x0 + east, self._y0 - north)

    def local_geometry(self, geometry: Shape) -> Shape:
        """A shapely geometry (or array of them) in degrees, moved into this frame. Heights are kept."""
        return _moved(geometry, self.to_local)

    def lonlat_geometry(self, geometry: Shape) -> Shape:
        """A shapely geometry (or array of them) of this frame, moved back to degrees. Heights are kept."""
        return _moved(geometry, self.to_lonlat)


def _moved(geometry: Shape, move: Callable[[Floats, Floats], tuple[Floats, Floats]]) -> Shape:
    def columns(points: Floats) -> Floats:
        moved = points.copy()
        moved[:, 0], moved[:, 1] = move(points[:, 0], points[:, 1])
        return moved

    has_heights = bool(np.any(shapely.has_z(geometry)))
    return shapely.transform(geometry, columns, include_z=has_heights)  # type: ignore[no-any-return]
