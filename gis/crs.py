"""Coordinate systems that data arrives in, and the way from each to EPSG:4326, longitude first, and back.

What people write ("CGCS2000", "EPSG:4528", "gcj02", "CGCS2000 / 3-degree Gauss-Kruger zone 40") is resolved
to one `CoordinateSystem`; nothing is ever guessed from numbers here (see `gis.crs_guard`). In every system
x comes first and runs east, whatever the authority says about axes. PROJ's way between CGCS2000 and WGS 84
is a null shift: right within a metre or so, for maps, not for cadastre.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, TypeVar

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from gis import china_offsets
from gis.errors import GisError
from gis.sentence import Sentence

Floats = NDArray[np.float64]
Shape = TypeVar("Shape", bound=BaseGeometry)
Degrees = tuple[float, float, float, float]

CHINA: Final[Degrees] = (73.0, 3.0, 136.0, 54.0)
"""West, south, east, north, the islands of the South China Sea included (EPSG's own box for 4490 ends at
16.7 N).
"""
ZONES_3_DEGREES: Final = {zone: 4513 + zone - 25 for zone in range(25, 46)}
MERIDIANS_3_DEGREES: Final = {75 + 3 * i: 4534 + i for i in range(21)}
ZONES_6_DEGREES: Final = {zone: 4491 + zone - 13 for zone in range(13, 24)}
MERIDIANS_6_DEGREES: Final = {75 + 6 * i: 4502 + i for i in range(11)}


class UnknownSystem(GisError):
    """A text that names no coordinate system known here."""

    code = "unknown_system"


class Kind(Enum):
    """What the numbers of a system are."""

    GEOGRAPHIC = "degrees"
    SHIFTED = "degrees, shifted as on Chinese online maps"
    PROJECTED = "metres on a plane"


@dataclass(frozen=True, slots=True)
class CoordinateSystem:
    """One system. code: "EPSG:4490", "GCJ-02" or "BD-09". area: where it may be used, degrees west, south,
    east, north.
    """

    code: str
    name: str
    kind: Kind
    area: Degrees

    def __str__(self) -> str:
        return f"{self.code} ({self.name})"

    def to_lonlat(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Numbers of this system to EPSG:4326 degrees; arrays of any equal shape. What has no image becomes
        inf.
        """
        return _to_lonlat(self.code)(x, y)

    def from_lonlat(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """EPSG:4326 degrees to numbers of this system; arrays of any equal shape."""
        return _from_lonlat(self.code)(lon, lat)

    def lonlat_geometry(self, geometry: Shape) -> Shape:
        """A shapely geometry (or array of them) of this system, moved to EPSG:4326. Heights are kept as
        they are.
        """
        return _moved(geometry, self.to_lonlat)

    def geometry_from_lonlat(self, geometry: Shape) -> Shape:
        """A shapely geometry (or array of them) in EPSG:4326, moved to this system."""
        return _moved(geometry, self.from_lonlat)

    def in_area(self, lon: ArrayLike, lat: ArrayLike, margin_degrees: float = 0.0) -> NDArray[np.bool_]:
        """Which places (EPSG:4326) lie where the system may be used, give or take a margin."""
        west, south, east, north = self.area
        lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        inside: NDArray[np.bool_] = (lon >= west - margin_degrees) & (lon <= east + margin_degrees)
        inside &= (lat >= south - margin_degrees) & (lat <= north + margin_degrees)
        return inside


WGS84 = CoordinateSystem("EPSG:4326", "WGS 84", Kind.GEOGRAPHIC, (-180.0, -90.0, 180.0, 90.0))
CGCS2000 = CoordinateSystem("EPSG:4490", "CGCS2000", Kind.GEOGRAPHIC, CHINA)
WEB_MERCATOR = CoordinateSystem("EPSG:3857", "Web Mercator", Kind.PROJECTED, (-180.0, -85.06, 180.0, 85.06))
GCJ02 = CoordinateSystem("GCJ-02", "AMap, Tencent, WeChat", Kind.SHIFTED, CHINA)
BD09 = CoordinateSystem("BD-09", "Baidu", Kind.SHIFTED, CHINA)

ACCEPTED: Final = Sentence(
    "EPSG:4326 (WGS84), EPSG:4490 (CGCS2000), EPSG:3857 (Web Mercator), GCJ-02, BD-09, "
    "CGCS2000 Gauss-Kruger by zone or meridian (EPSG:4491-4554, e.g. 'CGCS2000 / 3-degree GK zone 40', "
    "'CGCS2000 / 3-degree GK CM 120E'), any other projected or geographic EPSG:code"
)

_ZONE_AND_MERIDIAN: Final[dict[str, tuple[int | None, float]]] = {
    **{f"EPSG:{code}": (zone, 3.0 * zone) for zone, code in ZONES_3_DEGREES.items()},
    **{f"EPSG:{code}": (zone, 6.0 * zone - 3.0) for zone, code in ZONES_6_DEGREES.items()},
    **{f"EPSG:{code}": (None, float(meridian)) for meridian, code in MERIDIANS_3_DEGREES.items()},
    **{f"EPSG:{code}": (None, float(meridian)) for meridian, code in MERIDIANS_6_DEGREES.items()},
}
_BY_NAME: Final = {
    WGS84: ("4326", "WGS84", "WGS1984", "GCSWGS1984", "CRS84", "OGCCRS84", "GPS"),
    CGCS2000: (
        "4490",
        "CGCS2000",
        "GCSCHINAGEODETICCOORDINATESYSTEM2000",
        "CHINAGEODETICCOORDINATESYSTEM2000",
        "国家2000",
        "2000国家大地坐标系",
        "大地2000",
    ),
    WEB_MERCATOR: (
        "3857",
        "900913",
        "102100",
        "102113",
        "WEBMERCATOR",
        "PSEUDOMERCATOR",
        "WGS84PSEUDOMERCATOR",
        "WGS1984WEBMERCATORAUXILIARYSPHERE",
    ),
    GCJ02: ("GCJ02", "GCJ2", "火星坐标", "火星坐标系", "国测局坐标", "高德", "腾讯", "AMAP", "TENCENT"),
    BD09: ("BD09", "BD9", "BD09LL", "百度", "百度坐标", "百度坐标系", "BAIDU"),
}
_NAMES: Final = {name: system for system, names in _BY_NAME.items() for name in names}
_GAUSS_KRUGER: Final = re.compile(
    r"(?:CGCS2000)?(?:(?P<width>[36三六])(?:DEGREES?|DEG|度)(?:带|分带)?)?"
    r"(?:GAUSSKRUGER|GAUSSKRUEGER|GK|高斯克吕格|高斯)?(?:投影)?"
    r"(?:(?:ZONE|带号?|第)(?P<zone>\d{2})带?|(?:CM|中央(?:子午线|经线))(?P<meridian>\d{2,3})[E度]?)"
)


def coordinate_system(text: str) -> CoordinateSystem:
    """The system that a text names: a code, a common name in English or Chinese, an OGC URN or a WKT
    definition.

    Raises UnknownSystem, which lists what is accepted.
    """
    if not text or not text.strip():
        raise UnknownSystem("no coordinate system is named; accepted are %(accepted)s", accepted=ACCEPTED)
    if "[" in text:
        return _of_wkt(text)
    plain = re.sub(r"[\s\-_/:：,.()（）+]", "", unicodedata.normalize("NFKC", text)).upper()
    plain = re.sub(r"^(URNOGCDEFCRS|HTTPSWWWOPENGISNETDEFCRS|HTTPWWWOPENGISNETDEFCRS)", "", plain)
    if plain.startswith("OGC") and plain.endswith("CRS84"):
        return WGS84
    plain = re.sub(r"^EPSG0?(?=\d)", "", plain)
    if plain in _NAMES:
        return _NAMES[plain]
    if re.fullmatch(r"\d{4,6}", plain):
        return _of_epsg(int(plain), text)
    if gauss_kruger := _GAUSS_KRUGER.fullmatch(plain):
        return _of_gauss_kruger(gauss_kruger, text)
    raise UnknownSystem(
        "'%(text)s' names no coordinate system; accepted are %(accepted)s", text=text, accepted=ACCEPTED
    )


def gauss_kruger_zone(system: CoordinateSystem) -> tuple[int | None, float] | None:
    """Of a CGCS2000 Gauss-Kruger system, the zone in front of its eastings (or None) and its central
    meridian.
    """
    return _ZONE_AND_MERIDIAN.get(system.code)


def _epsg_number(code: str) -> int | None:
    return int(code[5:]) if code.startswith("EPSG:") else None


def _of_gauss_kruger(match: re.Match[str], text: str) -> CoordinateSystem:
    if match["zone"]:
        six = match["width"] in ("6", "六") or (match["width"] is None and int(match["zone"]) < 25)
        number = (ZONES_6_DEGREES if six else ZONES_3_DEGREES).get(int(match["zone"]))
        known = "13 to 23" if six else "25 to 45"
    else:
        meridian = int(match["meridian"])
        # "CGCS2000_GK_CM_117E" without a width is a 6-degree zone; 120 can only be a 3-degree one.
        six = match["width"] in ("6", "六") or (match["width"] is None and meridian in MERIDIANS_6_DEGREES)
        number = (MERIDIANS_6_DEGREES if six else MERIDIANS_3_DEGREES).get(meridian)
        known = "75, 81, ... 135" if six else "75, 78, ... 135"
    if number is None:
        raise UnknownSystem(
            "'%(text)s': there is no such %(degrees)s-degree zone; China has %(known)s",
            text=text,
            degrees=6 if six else 3,
            known=known,
        )
    return _of_epsg(number, text)


def _of_wkt(text: str) -> CoordinateSystem:
    try:
        number = CRS.from_wkt(text).to_epsg(min_confidence=60)
    except CRSError as error:
        raise UnknownSystem(
            "the WKT definition cannot be read (%(error)s); accepted are %(accepted)s",
            error=error,
            accepted=ACCEPTED,
        ) from error
    if number is None:
        raise UnknownSystem(
            "the WKT definition has no EPSG code; name the system; accepted are %(accepted)s",
            accepted=ACCEPTED,
        )
    return _of_epsg(number, f"EPSG:{number}")


@lru_cache(maxsize=256)
def _of_epsg(number: int, text: str) -> CoordinateSystem:
    if str(number) in _NAMES:
        return _NAMES[str(number)]
    try:
        crs = _horizontal(number)
    except CRSError as error:
        raise UnknownSystem(
            "'%(text)s': EPSG has no system %(number)s; accepted are %(accepted)s",
            text=text,
            number=number,
            accepted=ACCEPTED,
        ) from error
    if not (crs.is_geographic or crs.is_projected) or crs.area_of_use is None:
        raise UnknownSystem(
            "'%(text)s' (%(name)s) is no system for maps; accepted are %(accepted)s",
            text=text,
            name=crs.name,
            accepted=ACCEPTED,
        )
    kind = Kind.GEOGRAPHIC if crs.is_geographic else Kind.PROJECTED
    return CoordinateSystem(f"EPSG:{number}", crs.name, kind, crs.area_of_use.bounds)


def _horizontal(number: int) -> CRS:
    crs = CRS.from_epsg(number)
    return crs.sub_crs_list[0] if crs.is_compound else crs


def _to_lonlat(code: str) -> Callable[[ArrayLike, ArrayLike], tuple[Floats, Floats]]:
    match code:
        case "GCJ-02":
            return china_offsets.gcj02_to_wgs84
        case "BD-09":
            return china_offsets.bd09_to_wgs84
        case _:
            return _transformed(code, True)


def _from_lonlat(code: str) -> Callable[[ArrayLike, ArrayLike], tuple[Floats, Floats]]:
    match code:
        case "GCJ-02":
            return china_offsets.wgs84_to_gcj02
        case "BD-09":
            return china_offsets.wgs84_to_bd09
        case _:
            return _transformed(code, False)


@lru_cache(maxsize=256)
def _transformed(code: str, towards_lonlat: bool) -> Callable[[ArrayLike, ArrayLike], tuple[Floats, Floats]]:
    number = _epsg_number(code)
    if number is None:
        raise UnknownSystem(
            "'%(text)s' names no coordinate system; accepted are %(accepted)s", text=code, accepted=ACCEPTED
        )
    ends = (_horizontal(number), CRS.from_epsg(4326))
    transformer = Transformer.from_crs(*(ends if towards_lonlat else ends[::-1]), always_xy=True)

    def transform(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        first, second = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
        moved = transformer.transform(first, second)
        return np.asarray(moved[0], dtype=np.float64), np.asarray(moved[1], dtype=np.float64)

    return transform


def _moved(geometry: Shape, move: Callable[[ArrayLike, ArrayLike], tuple[Floats, Floats]]) -> Shape:
    def columns(points: Floats) -> Floats:
        moved = points.copy()
        moved[:, 0], moved[:, 1] = move(points[:, 0], points[:, 1])
        return moved

    has_heights = bool(np.any(shapely.has_z(geometry)))
    return shapely.transform(geometry, columns, include_z=has_heights)  # type: ignore[no-any-return]
