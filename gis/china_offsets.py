"""GCJ-02 and BD-09, the shifted coordinates of Chinese online maps, both ways.

Neither has an EPSG code. The forward polynomials are the published ones (as in eviltransform,
coordtransform, gcoord, prcoords, which agree with each other to the bit; against the map services' own
values they are within 1 m). They have no closed inverse: it is iterated until it is exact to 0.1 mm.
Outside a box around China, GCJ-02 is WGS 84.

Everything takes and gives degrees, longitude first, arrays of any equal shape.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LonLats = tuple[Floats, Floats]

SEMI_MAJOR_AXIS_M: Final = 6378245.0
ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
"""Of the Krassovsky 1940 ellipsoid, as the published code has them."""
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
BAIDU_TURN: Final = np.pi * 3000.0 / 180.0
ROUNDS: Final = 30
EXACT_DEGREES: Final = 1e-10


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> LonLats:
    """What AMap, Tencent and WeChat show for a place on earth."""
    lon, lat = _columns(lon, lat)
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> LonLats:
    """The place on earth of a coordinate of AMap, Tencent or WeChat."""
    return _inverted(wgs84_to_gcj02, *_columns(lon, lat))


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> LonLats:
    """What Baidu shows for a GCJ-02 coordinate."""
    lon, lat = _columns(lon, lat)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> LonLats:
    """The GCJ-02 coordinate of a Baidu one."""
    return _inverted(gcj02_to_bd09, *_columns(lon, lat))


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> LonLats:
    """What Baidu shows for a place on earth."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> LonLats:
    """The place on earth of a Baidu coordinate."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _columns(lon: ArrayLike, lat: ArrayLike) -> LonLats:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _shift(lon: Floats, lat: Floats) -> LonLats:
    """Degrees to the east and to the north from WGS 84 to GCJ-02; none outside the box."""
    x, y = lon - 105.0, lat - 35.0
    root, waves = np.sqrt(np.abs(x)), 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    bend = 1.0 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    metres_north = SEMI_MAJOR_AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / (bend * np.sqrt(bend))
    metres_east = SEMI_MAJOR_AXIS_M / np.sqrt(bend) * np.cos(phi)
    inside = (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)
    return (
        np.where(inside, np.degrees(east / metres_east), 0.0),
        np.where(inside, np.degrees(north / metres_north), 0.0),
    )


def _inverted(forward: Callable[[Floats, Floats], LonLats], lon: Floats, lat: Floats) -> LonLats:
    """Follow the error back; it shrinks by a factor of several hundred each round."""
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(ROUNDS):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        wrong_lon, wrong_lat = there_lon - lon, there_lat - lat
        guess_lon, guess_lat = guess_lon - wrong_lon, guess_lat - wrong_lat
        if np.nanmax(np.abs([wrong_lon, wrong_lat]), initial=0.0) < EXACT_DEGREES:
            break
    return guess_lon, guess_lat
