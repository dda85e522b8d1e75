"""Before an import: can these numbers be in the coordinate system that is declared?

A file is refused only for what is impossible, and by name: swapped axes, metres under the name of degrees,
Web Mercator under another name, a zone that its numbers do not carry. What merely looks odd passes. A shift
of some hundred metres cannot be seen in numbers; for that see `gis.crs_shift`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.crs import (
    CGCS2000,
    CHINA,
    MERIDIANS_3_DEGREES,
    WEB_MERCATOR,
    WGS84,
    ZONES_3_DEGREES,
    ZONES_6_DEGREES,
    CoordinateSystem,
    Kind,
    coordinate_system,
    gauss_kruger_zone,
)
from gis.sentence import Sentence, known

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]

SAMPLE: Final = 5000
HALF: Final = 0.5
INHABITED_LATITUDE: Final = 84.0
NEAR_DEGREES: Final = 0.5
ZONE_MARGIN_DEGREES: Final = 2.5
"""Beyond its meridian's zone a 3-degree system is still used by towns that lie across the border."""
WEB_MERCATOR_EDGE_M: Final = 20037508.35
LOOKS_LIKE: Final = known("%(example)s cannot be %(system)s: it looks like %(other)s")
LOOKS_LIKE_SWAPPED: Final = known(
    "%(example)s cannot be %(system)s: it looks like %(other)s with swapped axes"
)


class Fault(StrEnum):
    """What is wrong with numbers or with the name they go by."""

    NOT_NUMBERS = "not_numbers"
    SWAPPED_AXES = "swapped_axes"
    WEB_MERCATOR_NUMBERS = "web_mercator_numbers"
    METRES_AS_DEGREES = "metres_as_degrees"
    DEGREES_AS_METRES = "degrees_as_metres"
    WRONG_ZONE = "wrong_zone"
    OTHER_PROJECTION = "other_projection"
    OUTSIDE_AREA = "outside_area"


@dataclass(frozen=True, slots=True)
class NumbersVerdict:
    """Whether coordinates can be what they are declared to be.

    fault: None when they can. reason: one sentence. instead: codes that would explain the numbers,
    likeliest first. outliers: how many of the `sampled` coordinates do not fit although most do; rows to
    look at one by one. far: whether the place is far from where it was expected, without a fault to blame.
    """

    declared: CoordinateSystem
    fault: Fault | None
    reason: Sentence
    instead: tuple[str, ...] = ()
    outliers: int = 0
    sampled: int = 0
    far: bool = False

    @property
    def possible(self) -> bool:
        """Whether to go on."""
        return self.fault is None


def judge_geometries(
    geometries: ArrayLike, declared: CoordinateSystem, expected: Box | None = None
) -> NumbersVerdict:
    """As `judge_numbers`, of an even sample of the coordinates of shapely geometries."""
    return judge_numbers(shapely.get_coordinates(np.asarray(geometries, dtype=object)), declared, expected)


def judge_numbers(xy: ArrayLike, declared: CoordinateSystem, expected: Box | None = None) -> NumbersVerdict:
    """Whether numbers (n, 2), x or longitude first, can be coordinates of a system.

    expected: box in EPSG:4326 degrees (west, south, east, north) where the data should lie, if known; only
    with it can swapped axes be told where both orders are places on earth (Helsinki), or a wrong meridian.
    """
    numbers = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    numbers = numbers[:: max(1, len(numbers) // SAMPLE)]
    finite = numbers[np.isfinite(numbers).all(axis=1)]
    if len(finite) <= HALF * len(numbers):
        return _refused(
            declared, Fault.NOT_NUMBERS, Sentence("most coordinates are missing or no numbers"), ()
        )
    fits = _fits(declared, finite)
    outliers = int((~fits).sum()) + len(numbers) - len(finite)
    if fits.mean() > HALF:
        near = expected is None or _is_near(declared, finite[fits], expected)
        better = None if near else _explanation(declared, finite, expected)
        if better is not None:
            return better
        reason = Sentence("the numbers fit %(system)s", system=str(declared))
        return NumbersVerdict(declared, None, reason, (), outliers, len(numbers), far=not near)
    blame = _explanation(declared, finite, expected) or _explanation(declared, finite, None)
    return blame or _refused(
        declared,
        Fault.OUTSIDE_AREA,
        Sentence(
            "%(example)s lies outside the area of %(system)s", example=_example(finite), system=str(declared)
        ),
        (),
    )


def _explanation(declared: CoordinateSystem, numbers: Floats, expected: Box | None) -> NumbersVerdict | None:
    """Which fault makes sense of numbers that do not fit: the other order of axes, or another system."""
    swapped = numbers[:, ::-1]
    if _explains(declared, swapped, expected):
        reason = Sentence(
            "%(example)s is latitude or northing first: swap the axes to have %(system)s",
            example=_example(numbers),
            system=str(declared),
        )
        return _refused(declared, Fault.SWAPPED_AXES, reason, (declared.code,))
    for order, looks in ((numbers, LOOKS_LIKE), (swapped, LOOKS_LIKE_SWAPPED)):
        found = [
            system
            for system in _candidates(order)
            if system != declared and _explains(system, order, expected)
        ]
        if found:
            fault = _name(declared, found[0])
            reason = Sentence(looks, example=_example(numbers), system=str(declared), other=str(found[0]))
            return _refused(declared, fault, reason, tuple(system.code for system in found))
    return None


def _explains(system: CoordinateSystem, numbers: Floats, expected: Box | None) -> bool:
    fits = _fits(system, numbers)
    if fits.mean() <= HALF:
        return False
    return expected is None or _is_near(system, numbers[fits], expected)


def _name(declared: CoordinateSystem, found: CoordinateSystem) -> Fault:
    """What to call it when numbers of one system go by the name of another."""
    if declared.kind is not Kind.PROJECTED and found.kind is not Kind.PROJECTED:
        return Fault.OUTSIDE_AREA
    if found.kind is not Kind.PROJECTED:
        return Fault.DEGREES_AS_METRES
    if found == WEB_MERCATOR:
        return Fault.WEB_MERCATOR_NUMBERS
    if declared.kind is not Kind.PROJECTED:
        return Fault.METRES_AS_DEGREES
    both_zones = gauss_kruger_zone(declared) is not None and gauss_kruger_zone(found) is not None
    return Fault.WRONG_ZONE if both_zones else Fault.OTHER_PROJECTION


def _fits(system: CoordinateSystem, numbers: Floats) -> NDArray[np.bool_]:
    """Which coordinates can be of a system, by their size and by where they would lie."""
    x, y = numbers.T
    as_degrees = np.maximum(np.abs(x), np.abs(y)) <= 180.0
    fits: NDArray[np.bool_]
    if system.kind is not Kind.PROJECTED:
        fits = as_degrees & (np.abs(y) <= INHABITED_LATITUDE) & system.in_area(x, y, margin_degrees=0.1)
    elif system == WEB_MERCATOR:
        # Degrees under this name would be a place within 180 m of (0, 0), on the open sea.
        fits = (np.maximum(np.abs(x), np.abs(y)) <= WEB_MERCATOR_EDGE_M) & ~as_degrees
    elif (zone := gauss_kruger_zone(system)) is not None:
        fits = _fits_zone(x, y, *zone)
    else:
        fits = system.in_area(*system.to_lonlat(x, y), margin_degrees=1.0) & ~as_degrees
    return fits


def _fits_zone(x: Floats, y: Floats, zone: int | None, meridian: float) -> NDArray[np.bool_]:
    """Whether these are an easting and a northing of a Gauss-Kruger zone in China."""
    from_meridian = x - 500_000.0 - 1e6 * (zone or 0)
    lat = y / 110_900.0
    beside = from_meridian / (111_320.0 * np.cos(np.radians(np.clip(lat, 0.0, 60.0))))
    result: NDArray[np.bool_] = (np.abs(from_meridian) < 500_000.0) & (
        np.abs(beside) < 1.5 + ZONE_MARGIN_DEGREES
    )
    return result & (lat > CHINA[1]) & (lat < CHINA[3] + 1.0) & (meridian > 0)


def _is_near(system: CoordinateSystem, numbers: Floats, expected: Box) -> bool:
    lon, lat = system.to_lonlat(*numbers.T)
    west, south, east, north = expected
    inside = (lon >= west - NEAR_DEGREES) & (lon <= east + NEAR_DEGREES)
    inside &= (lat >= south - NEAR_DEGREES) & (lat <= north + NEAR_DEGREES)
    return bool(inside.mean() > HALF)


def _candidates(numbers: Floats) -> Iterator[CoordinateSystem]:
    """Systems that numbers of this size are usually in, likeliest first."""
    x, y = np.median(numbers, axis=0)
    if abs(x) <= 180.0 and abs(y) <= 90.0:
        yield WGS84
        yield CGCS2000
        return
    in_chinese_mercator = 8.1e6 < x < 15.2e6 and 3.3e5 < y < 7.2e6
    if in_chinese_mercator:
        yield WEB_MERCATOR
    zone = int(x // 1e6)
    for zones in (ZONES_3_DEGREES, ZONES_6_DEGREES):
        if zone in zones:
            yield coordinate_system(f"EPSG:{zones[zone]}")
    if 0.0 < x < 1e6:
        for code in MERIDIANS_3_DEGREES.values():
            yield coordinate_system(f"EPSG:{code}")
    if not in_chinese_mercator:
        yield WEB_MERCATOR


def _example(numbers: Floats) -> str:
    x, y = numbers[len(numbers) // 2]
    return f"({x:.7g}, {y:.7g})"


def _refused(
    declared: CoordinateSystem, fault: Fault, reason: Sentence, instead: tuple[str, ...]
) -> NumbersVerdict:
    return NumbersVerdict(declared, fault, reason, instead)
