"""Courtyards: a footprint with holes becomes one outline by a slit from every hole.

A slit is a party wall that is known from the start: around a courtyard, the building is a strip that begins
and ends there. It is laid where the building is narrowest, straight on from a wall or square to one, as a
mason would.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.subdivide.ring import Floats, Ring, ring_of

BESIDE_M: Final = 0.5
CROWDED_M: Final = 30.0
"""How much longer a slit may be that does not end where another one does."""


def outline(footprint: shapely.Polygon) -> Ring:
    """One Ring around a valid polygon in metres, holes joined to the outside by slits; all its own walls
    are outer.
    """
    oriented = shapely.orient_polygons(footprint)
    rings = [_open(each) for each in (oriented.exterior, *oriented.interiors)]
    while len(rings) > 1:
        rings = _joined(rings)
    return rings[0]


def _open(ring: shapely.LinearRing) -> Ring:
    points = shapely.get_coordinates(ring)[:-1]
    return ring_of(points, np.ones(len(points), dtype=bool))


def _joined(rings: list[Ring]) -> list[Ring]:
    """One ring fewer: the two that come nearest to each other become one. Nothing can lie between those
    two.
    """
    owner = np.concatenate([np.full(len(ring.points), i) for i, ring in enumerate(rings)])
    corner, edge, foot = _shortest_slit(rings, owner)
    first = np.searchsorted(owner, np.arange(len(rings)))
    one, other = int(owner[corner]), int(owner[edge])
    merged = _spliced(rings[other], edge - int(first[other]), foot, rings[one], corner - int(first[one]))
    return [merged, *(ring for i, ring in enumerate(rings) if i not in (one, other))]


def _shortest_slit(rings: list[Ring], owner: NDArray[np.int64]) -> tuple[int, int, Floats]:
    """From a corner of one ring square to an edge of another: index of the corner, of the edge, and the
    foot.
    """
    points, edges = (np.concatenate([getattr(r, name) for r in rings]) for name in ("points", "edges"))
    to_corner = points[:, None, :] - points[None, :, :]
    along = np.clip((to_corner * edges).sum(axis=2) / (edges**2).sum(axis=1), 0.0, 1.0)
    feet = points[None, :, :] + along[:, :, None] * edges[None, :, :]
    apart = np.hypot(*np.moveaxis(points[:, None, :] - feet, 2, 0))
    cost = np.round(apart, 6) + CROWDED_M * (_ends_a_slit(rings, points)[:, None] | _ends_a_slit(rings, feet))
    cost[owner[:, None] == owner[None, :]] = np.inf
    corner, edge = np.unravel_index(int(np.argmin(cost)), cost.shape)
    return int(corner), int(edge), feet[corner, edge]


def _ends_a_slit(rings: list[Ring], places: Floats) -> NDArray[np.bool_]:
    """Whether another slit ends right beside these places (..., 2): two in one corner would pinch a piece
    apart.
    """
    ends = np.concatenate([ring.points[~ring.outer] for ring in rings])
    result: NDArray[np.bool_] = (np.abs(places[..., None, :] - ends).max(axis=-1) < BESIDE_M).any(axis=-1)
    return result


def _spliced(outer: Ring, edge: int, on_edge: Floats, hole: Ring, at: int) -> Ring:
    """Along one ring to the slit, over it, around the other, back over it, and on."""
    around = np.roll(hole.points, -at, axis=0)
    around_walls = np.roll(hole.outer, -at)
    there, back = on_edge[None], np.stack([around[0], on_edge])
    points = [outer.points[: edge + 1], there, around, back, outer.points[edge + 1 :]]
    slit, slit_and_wall = np.array([False]), np.array([False, outer.outer[edge]])
    walls = [outer.outer[: edge + 1], slit, around_walls, slit_and_wall, outer.outer[edge + 1 :]]
    return ring_of(np.concatenate(points), np.concatenate(walls))
