"""A polygon that somebody drew or sent: read with care, because it goes into the database as it is."""

from __future__ import annotations

import math
from typing import Any, Final

import shapely
from django.contrib.gis.geos import LinearRing, Polygon

from gis.measure import area_m2
from twin.base.errors import Invalid
from twin.places.models.community import SRID

MOST_POINTS: Final = 500
MOST_AREA_M2: Final = 50e6
Ring = list[tuple[float, float]]


def polygon_of(geometry: Any, where: str) -> Polygon:
    """A GeoJSON Polygon in EPSG:4326, longitude first, as a valid polygon of at most 500 points and 50 km².

    Raises Invalid, naming the ring or the position that is wrong.
    """
    if not isinstance(geometry, dict) or geometry.get("type") != "Polygon":
        raise Invalid("This is no GeoJSON Polygon.", where=where)
    told, where = geometry.get("coordinates"), f"{where}.coordinates"
    if not isinstance(told, list) or not told or not all(isinstance(ring, list) for ring in told):
        raise Invalid("A polygon is a list of rings.", where=where)
    if sum(len(ring) for ring in told) > MOST_POINTS:
        raise Invalid("The polygon has more than %(most)d points.", most=MOST_POINTS, where=where)
    rings = [_ring_of(ring, f"{where}[{n}]") for n, ring in enumerate(told)]
    polygon = Polygon(*(LinearRing(ring) for ring in rings), srid=SRID)
    if not polygon.valid:
        raise Invalid("The polygon crosses itself, or its rings do.", where=where)
    area = area_m2(shapely.Polygon(rings[0], rings[1:]))
    if not 0 < area <= MOST_AREA_M2:
        raise Invalid(
            "The polygon covers nothing, or more than %(most)d km².", most=MOST_AREA_M2 / 1e6, where=where
        )
    return polygon


def _ring_of(told: list[Any], where: str) -> Ring:
    ring = [_position_of(position, f"{where}[{n}]") for n, position in enumerate(told)]
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise Invalid("A ring has at least four positions, and the last is the first again.", where=where)
    return ring


def _position_of(told: Any, where: str) -> tuple[float, float]:
    if not isinstance(told, list) or len(told) not in {2, 3} or not all(map(_is_number, told)):
        raise Invalid("A position is a longitude and a latitude in degrees.", where=where)
    lon, lat = float(told[0]), float(told[1])
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise Invalid("Longitude is -180 to 180 and latitude -90 to 90 degrees.", where=where)
    return lon, lat


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e9 and math.isfinite(value)
