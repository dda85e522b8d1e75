"""Distances, lengths and areas on the WGS 84 ellipsoid, in metres and square metres.

Geodesic by Karney (2013), through PROJ's GeographicLib: nanometres for distances at any range. Everything
takes EPSG:4326, longitude first. Heights are ignored: these are measures on the ground plan.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

from gis.errors import NotLonLat

WGS84: Final = Geod(ellps="WGS84")


def distance_m(a: Point, b: Point) -> float:
    """Geodesic distance between two points, in metres. Raises NotLonLat."""
    require_lonlat(a)
    require_lonlat(b)
    return float(WGS84.inv(a.x, a.y, b.x, b.y)[2])


def distances_m(
    lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike
) -> NDArray[np.float64]:
    """Geodesic distances, in metres, between rows of points; inputs are broadcast against each other.

    Numbers are not checked: a point off the earth gives NaN.
    """
    columns = np.broadcast_arrays(*(np.asarray(c, dtype=np.float64) for c in (lon_a, lat_a, lon_b, lat_b)))
    if columns[0].size == 0:
        return np.zeros(columns[0].shape)
    lon_a, lat_a, lon_b, lat_b = (column.copy() for column in columns)
    return np.asarray(WGS84.inv(lon_a, lat_a, lon_b, lat_b)[2], dtype=np.float64)


def length_m(geometry: BaseGeometry) -> float:
    """Geodesic length of lines, or perimeter (holes included) of polygons, in metres; 0 for points and
    nothing.

    Raises NotLonLat.
    """
    require_lonlat(geometry)
    lines = (
        shapely.boundary(part) if isinstance(part, Polygon) else part for part in _simple_parts(geometry)
    )
    return float(sum(WGS84.geometry_length(line) for line in lines if not line.is_empty))


def area_m2(geometry: BaseGeometry) -> float:
    """Geodesic area in square metres, holes taken out, whichever way the rings run; 0 for points and lines.

    Raises NotLonLat. Rings that cross themselves have no area worth the name: repair them first
    (`gis.footprint`).
    """
    require_lonlat(geometry)
    return float(sum(_polygon_area_m2(part) for part in _simple_parts(geometry) if isinstance(part, Polygon)))


def require_lonlat(geometry: BaseGeometry) -> None:
    """Raise NotLonLat unless every coordinate is a longitude -180..180 with a latitude -90..90."""
    lonlat = shapely.get_coordinates(geometry)
    beyond = ~(np.abs(lonlat) <= (180.0, 90.0)).all(axis=1)
    if beyond.any():
        lon, lat = lonlat[np.argmax(beyond)]
        raise NotLonLat(
            "(%(lon)s, %(lat)s) is not longitude -180..180 and latitude -90..90 in degrees", lon=lon, lat=lat
        )


def _simple_parts(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    """The points, lines and polygons that a geometry is made of, collections within collections taken
    apart.
    """
    if isinstance(geometry, BaseMultipartGeometry):
        for part in geometry.geoms:
            yield from _simple_parts(part)
    else:
        yield geometry


def _polygon_area_m2(polygon: Polygon) -> float:
    if polygon.is_empty:
        return 0.0
    rings = [polygon.exterior, *polygon.interiors]
    outer, *holes = (abs(WGS84.polygon_area_perimeter(*ring.coords.xy)[0]) for ring in rings)
    return outer - sum(holes)
