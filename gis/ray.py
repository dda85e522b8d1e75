"""What a ray hits first: wall panels of dwellings, and buildings as solid blocks.

Written apart from the picture on the screen, so that clicks can be checked against it. Everything is in one
frame of local metres (`gis.local_metres`), x east, y north, z up.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import Polygon

Floats = NDArray[np.float64]
AHEAD_M: Final = 1e-6
EDGE: Final = 1e-9
DEFAULT_SKIN_M: Final = 0.05


@dataclass(frozen=True, eq=False)
class Panels:
    """Upright rectangles. walls: (n, 2, 2) from point to point; base_m, top_m: (n,); ids: (n,) of their
    dwellings.
    """

    walls: Floats
    base_m: Floats
    top_m: Floats
    ids: NDArray[np.int64]

    @classmethod
    def of(cls, walls: ArrayLike, base_m: ArrayLike, top_m: ArrayLike, ids: ArrayLike) -> "Panels":
        """From columns; single heights count for all."""
        each = np.asarray(walls, dtype=np.float64).reshape(-1, 2, 2)
        base, top = (np.broadcast_to(np.asarray(h, dtype=np.float64), len(each)) for h in (base_m, top_m))
        return cls(each, base, top, np.broadcast_to(np.asarray(ids, dtype=np.int64), len(each)))


@dataclass(frozen=True, slots=True)
class Block:
    """A building that is in the way: its outline in local metres, from base to top."""

    footprint: Polygon
    base_m: float
    top_m: float


@dataclass(frozen=True, slots=True)
class Hit:
    """id: of the dwelling, None for a building that has no panels there. distance_m: along the ray; point:
    (3,).
    """

    id: int | None
    distance_m: float
    point: Floats


def nearest_hit(
    eye: ArrayLike,
    towards: ArrayLike,
    panels: Panels,
    blocks: list[Block] | None = None,
    skin_m: float = DEFAULT_SKIN_M,
) -> Hit | None:
    """The first thing that a ray meets, seen from either side; None when it meets nothing.

    eye: (3,). towards: (3,), any length. A panel up to `skin_m` behind the face of a block is that face: a
    building's wall and its dwellings' panels are the same wall.
    """
    start = np.asarray(eye, dtype=np.float64)
    direction = np.asarray(towards, dtype=np.float64)
    direction = direction / np.linalg.norm(direction)
    distances = _to_panels(start, direction, panels)
    first = int(np.argmin(distances)) if len(distances) else -1
    panel_m = float(distances[first]) if first >= 0 else np.inf
    block_m = min((_to_block(start, direction, block) for block in blocks or []), default=np.inf)
    if not np.isfinite(min(panel_m, block_m)):
        return None
    if panel_m <= block_m + skin_m:
        return Hit(int(panels.ids[first]), panel_m, start + panel_m * direction)
    return Hit(None, block_m, start + block_m * direction)


def is_visible(
    eye: ArrayLike,
    point: ArrayLike,
    panels: Panels,
    blocks: list[Block] | None = None,
    skin_m: float = DEFAULT_SKIN_M,
) -> bool:
    """Whether nothing stands between the eye and a point (3,) on a wall, the wall itself left out."""
    start, end = np.asarray(eye, dtype=np.float64), np.asarray(point, dtype=np.float64)
    hit = nearest_hit(start, end - start, panels, blocks, skin_m)
    return hit is None or hit.distance_m >= float(np.linalg.norm(end - start)) - skin_m


def _to_panels(start: Floats, direction: Floats, panels: Panels) -> Floats:
    """Distance to each panel, (n,); inf where it is missed. A ray within a panel's plane misses it."""
    along = panels.walls[:, 1] - panels.walls[:, 0]
    offset = panels.walls[:, 0] - start[:2]
    facing = direction[0] * along[:, 1] - direction[1] * along[:, 0]
    with np.errstate(all="ignore"):
        distance = (offset[:, 0] * along[:, 1] - offset[:, 1] * along[:, 0]) / facing
        across = (offset[:, 0] * direction[1] - offset[:, 1] * direction[0]) / facing
        height = start[2] + distance * direction[2]
    met = (np.abs(facing) > EDGE) & (distance > AHEAD_M) & (across >= -EDGE) & (across <= 1.0 + EDGE)
    met &= (height >= panels.base_m - EDGE) & (height <= panels.top_m + EDGE)
    return np.where(met, distance, np.inf)


def _to_block(start: Floats, direction: Floats, block: Block) -> float:
    """Distance to a block's walls, roof or underside; inf where it is missed."""
    rings = (block.footprint.exterior, *block.footprint.interiors)
    points = [shapely.get_coordinates(ring) for ring in rings]
    walls = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in points])
    sides = _to_panels(start, direction, Panels.of(walls, block.base_m, block.top_m, 0))
    nearest = float(sides.min(initial=np.inf))
    if abs(direction[2]) > EDGE:
        for level in (block.base_m, block.top_m):
            distance = (level - start[2]) / direction[2]
            x, y = start[:2] + distance * direction[:2]
            if AHEAD_M < distance < nearest and shapely.intersects_xy(block.footprint, x, y):
                nearest = float(distance)
    return nearest
