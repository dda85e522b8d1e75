"""Walk through the stairwells of a building from neighbour to neighbour."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.subdivide.ring import Floats, Ring

TOUCHING_M: Final = 0.01
PARTY_WALL_M: Final = 1.0
"""Two that share less wall than this are no neighbours."""


def from_end_to_end(units: list[Ring]) -> list[int]:
    """The order of a walk that begins at an end (the western one) and goes to a neighbour as long as there
    is one.

    At a fork it takes the shorter branch, so that no dead end is left behind.
    """
    polygons = [unit.polygon() for unit in units]
    centres = np.array([polygon.centroid.coords[0] for polygon in polygons])
    near = _neighbours(units, np.array(polygons))
    ends = near.sum(axis=1)
    start = min(range(len(units)), key=lambda i: (ends[i], *np.round(centres[i], 3)))
    order, left = [start], set(range(len(units))) - {start}
    while left:
        here = order[-1]
        onwards = {i for i in left if near[here, i]} or left
        ways_on = {i: sum(near[i, j] for j in left) for i in onwards}
        nearest = min(onwards, key=lambda i: (ways_on[i] if near[here, i] else 0, _gap(centres, here, i), i))
        order.append(nearest)
        left.discard(nearest)
    return order


def _gap(centres: Floats, one: int, other: int) -> float:
    return round(float(np.hypot(*(centres[one] - centres[other]))), 3)


def _neighbours(units: list[Ring], polygons: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Whether two stairwells share a party wall, (n, n)."""
    inner = [np.stack([unit.points, unit.following], axis=1)[~unit.outer] for unit in units]
    party_walls = np.array([shapely.MultiLineString(list(edges)) for edges in inner])
    shared = shapely.intersection(party_walls[:, None], shapely.buffer(polygons, TOUCHING_M)[None, :])
    near: NDArray[np.bool_] = shapely.length(shared) >= PARTY_WALL_M
    near |= near.T
    np.fill_diagonal(near, False)
    return near
