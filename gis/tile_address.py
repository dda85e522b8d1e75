"""Addresses of web map tiles: the XYZ scheme of Web Mercator, (0, 0) in the north-west corner.

A *block* is the tile of zoom 14 that carries a shape version. The border between two tiles belongs to the
eastern and to the southern one, as everywhere in the scheme.
"""

import re
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from gis.errors import GisError
from gis.local_metres import MAX_LATITUDE, mercator, mercator_to_lonlat
from gis.measure import require_lonlat

BLOCK_ZOOM: Final = 14
MAX_ZOOM: Final = 30
TILE_LIMIT: Final = 100_000
QUARTERS: Final = np.array([(0, 0), (1, 0), (0, 1), (1, 1)], dtype=np.int64)
START_LIMIT: Final = 16
DEFAULT_TILE_BUFFER: Final = 256 / 4096
"""How far ST_AsMVTGeom reaches over a tile's border unless told otherwise, as a share of the tile's side."""


class NoSuchTile(GisError):
    """A zoom, column or row that the scheme does not have."""

    code = "no_such_tile"


class TooManyTiles(GisError):
    """A cover of more tiles than anyone could want at once."""

    code = "too_many_tiles"


class Tile(NamedTuple):
    """One tile; sorts by zoom, column, row. `str(tile)` is "z/x/y"."""

    z: int
    x: int
    y: int

    def __str__(self) -> str:
        return f"{self.z}/{self.x}/{self.y}"


class Bounds(NamedTuple):
    """A box in EPSG:4326 degrees, in the order of every bbox here."""

    west: float
    south: float
    east: float
    north: float


def tile(z: int, x: int, y: int) -> Tile:
    """The tile of these three numbers. Raises NoSuchTile."""
    if not 0 <= z <= MAX_ZOOM:
        raise NoSuchTile(f"zoom {z} is not 0..{MAX_ZOOM}")
    if not (0 <= x < 1 << z and 0 <= y < 1 << z):
        raise NoSuchTile(f"tile {z}/{x}/{y} is not there: columns and rows of zoom {z} are 0..{(1 << z) - 1}")
    return Tile(z, x, y)


def parse_tile(text: str) -> Tile:
    """The tile written as "z/x/y". Raises NoSuchTile."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,10})/(\d{1,10})", text, flags=re.ASCII)
    if match is None:
        raise NoSuchTile(f"{text!r} is not a tile address; write zoom/column/row, e.g. 14/13721/6693")
    return tile(*(int(number) for number in match.groups()))


def tile_at(lon: float, lat: float, z: int) -> Tile:
    """The tile of zoom z that holds a point. Latitudes beyond the square fall into the first or last row.

    Raises NoSuchTile for the zoom, NotLonLat for the point.
    """
    require_lonlat(shapely.Point(lon, lat))
    x, y = tiles_at(lon, lat, z)
    return Tile(z, int(x), int(y))


def tiles_at(lon: ArrayLike, lat: ArrayLike, z: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Columns and rows, at zoom z, of the tiles that hold these points (degrees, finite). Raises
    NoSuchTile.
    """
    tile(z, 0, 0)
    side = 1 << z
    x, y = mercator(lon, np.clip(np.asarray(lat, dtype=np.float64), -MAX_LATITUDE, MAX_LATITUDE))
    column, row = (np.clip(np.floor(part * side), 0, side - 1).astype(np.int64) for part in (x, y))
    return column, row


def bounds(address: Tile) -> Bounds:
    """The box that a tile covers, in degrees."""
    side = 1 << address.z
    lon, lat = mercator_to_lonlat(
        np.array([address.x, address.x + 1]) / side, np.array([address.y + 1, address.y]) / side
    )
    return Bounds(float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1]))


def centre(address: Tile) -> tuple[float, float]:
    """Longitude and latitude of a tile's middle on the map (the middle in Mercator, not of the latitudes)."""
    side = 1 << address.z
    lon, lat = mercator_to_lonlat((address.x + 0.5) / side, (address.y + 0.5) / side)
    return float(lon), float(lat)


def ancestor(address: Tile, z: int) -> Tile:
    """The tile of zoom z, not deeper than the given one, that holds it. Raises NoSuchTile."""
    if not 0 <= z <= address.z:
        raise NoSuchTile(f"tile {address} has no ancestor of zoom {z}; ask for 0..{address.z}")
    up = address.z - z
    return Tile(z, address.x >> up, address.y >> up)


def block_of(address: Tile) -> Tile:
    """The z14 block that a tile of zoom 14 or deeper lies in. Raises NoSuchTile for a tile above the
    blocks.
    """
    return ancestor(address, BLOCK_ZOOM)


def children(address: Tile) -> tuple[Tile, Tile, Tile, Tile]:
    """The four tiles one zoom deeper: north-west, north-east, south-west, south-east. Raises NoSuchTile."""
    z, x, y = tile(address.z + 1, address.x * 2, address.y * 2)
    return Tile(z, x, y), Tile(z, x + 1, y), Tile(z, x, y + 1), Tile(z, x + 1, y + 1)


def tiles_of_bbox(west: float, south: float, east: float, north: float, z: int) -> list[Tile]:
    """Every tile of zoom z that a box (degrees) touches, sorted.

    A box whose west is greater than its east crosses the antimeridian. Raises NoSuchTile, NotLonLat, and
    TooManyTiles above a hundred thousand.
    """
    require_lonlat(shapely.LineString([(west, south), (east, north)]))
    if south > north:
        raise GisError(f"a box from latitude {south} to {north} is upside down: south comes before north")
    if west > east:
        return sorted(
            {*tiles_of_bbox(west, south, 180, north, z), *tiles_of_bbox(-180, south, east, north, z)}
        )
    first, last = tile_at(west, north, z), tile_at(east, south, z)
    columns, rows = range(first.x, last.x + 1), range(first.y, last.y + 1)
    if len(columns) * len(rows) > TILE_LIMIT:
        raise TooManyTiles(f"{len(columns) * len(rows)} tiles of zoom {z}; ask for at most {TILE_LIMIT}")
    return [Tile(z, x, y) for x in columns for y in rows]


def tiles_of_geometry(geometry: BaseGeometry, z: int, margin: float = 0.0) -> list[Tile]:
    """Every tile of zoom z that a geometry (degrees, not across the antimeridian) touches, sorted; none for
    an empty one.

    margin: how far a tile reaches over its border, as a share of its side; a vector tile's buffer. Lines
    between points are straight on the map, as drawn. A geometry that merely reaches a tile's border touches
    the tiles on both sides. A quadtree descent: a long diagonal costs its own tiles, not its box. Raises
    NoSuchTile, NotLonLat, and TooManyTiles above a hundred thousand.
    """
    require_lonlat(geometry)
    tile(z, 0, 0)
    if geometry.is_empty:
        return []
    on_map = _in_tile_units(geometry, z)
    shapely.prepare(on_map)
    up, queue = _start(on_map.bounds, z, margin)
    while True:
        queue = _those_touching(on_map, queue, up, margin)
        if len(queue) > TILE_LIMIT:
            raise TooManyTiles(f"more than {TILE_LIMIT} tiles of zoom {z}; ask for a lower zoom")
        if up == 0:
            return sorted(Tile(z, int(x), int(y)) for x, y in queue)
        queue = (queue[:, None, :] * 2 + QUARTERS).reshape(-1, 2)
        up -= 1


def blocks_of_geometry(geometry: BaseGeometry, margin: float = DEFAULT_TILE_BUFFER) -> list[Tile]:
    """The z14 blocks with a tile whose content changes when this geometry appears, disappears or moves.

    The margin is there because a tile also holds what lies just outside it; see `tiles_of_geometry`.
    """
    return tiles_of_geometry(geometry, BLOCK_ZOOM, margin)


def _in_tile_units(geometry: BaseGeometry, z: int) -> BaseGeometry:
    """On the map, one unit a tile of zoom z; what lies beyond the square is drawn to its edge, as in
    `tile_at`.
    """
    side = float(1 << z)

    def columns(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = mercator(lonlat[:, 0], np.clip(lonlat[:, 1], -MAX_LATITUDE, MAX_LATITUDE))
        return np.clip(np.column_stack([x, y]), 0.0, 1.0) * side

    return shapely.transform(geometry, columns)


def _start(box: tuple[float, ...], z: int, margin: float) -> tuple[int, NDArray[np.int64]]:
    """How many zooms above z to begin, and the few tiles (n, 2) there that hold the whole box (in tile
    units).
    """
    for up in range(z + 1):
        scale, last = float(1 << up), (1 << (z - up)) - 1
        first = np.clip(np.ceil((np.array(box[:2]) - margin) / scale - 1.0), 0, last).astype(np.int64)
        final = np.clip(np.floor((np.array(box[2:]) + margin) / scale), 0, last).astype(np.int64)
        if np.prod(final - first + 1) <= START_LIMIT:
            break
    x, y = np.meshgrid(*(np.arange(low, high + 1) for low, high in zip(first, final, strict=True)))
    return up, np.column_stack([x.ravel(), y.ravel()])


def _those_touching(
    on_map: BaseGeometry, addresses: NDArray[np.int64], up: int, margin: float
) -> NDArray[np.int64]:
    low = addresses * (1 << up) - margin
    high = (addresses + 1) * (1 << up) + margin
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    touching: NDArray[np.bool_] = shapely.intersects(on_map, boxes)
    return addresses[touching]
