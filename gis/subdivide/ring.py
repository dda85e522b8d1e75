"""The outline of a piece of a storey, every edge of which knows whether it is an outer wall."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SAME_POINT_M = 1e-6
CRUMB_M2 = 1e-6
STRAIGHT_M = 1e-6
GRID_M = 1e-6


@dataclass(frozen=True, eq=False)
class Ring:
    """A closed outline, counter-clockwise, in metres; may touch itself along a slit that leads to a hole.

    points: (n, 2); edge i runs from points[i] to points[i + 1], the last one back to points[0]. outer: (n,)
    whether edge i is an outer wall of the building (outside or courtyard) or a wall between pieces.
    """

    points: Floats
    outer: NDArray[np.bool_]

    @cached_property
    def following(self) -> Floats:
        """The point after each point, (n, 2)."""
        return np.roll(self.points, -1, axis=0)

    @cached_property
    def edges(self) -> Floats:
        """The vector of each edge, (n, 2)."""
        return self.following - self.points

    @cached_property
    def lengths(self) -> Floats:
        """The length of each edge in metres, (n,)."""
        return np.hypot(self.edges[:, 0], self.edges[:, 1])

    @cached_property
    def area(self) -> float:
        """Square metres."""
        (x, y), (next_x, next_y) = self.points.T, self.following.T
        return float(np.sum(x * next_y - next_x * y) / 2.0)

    @cached_property
    def outer_length(self) -> float:
        """Metres of outer wall."""
        return float(self.lengths[self.outer].sum())

    @cached_property
    def reflex(self) -> NDArray[np.bool_]:
        """Whether the outline turns inwards at each point, (n,): the corner of an L."""
        before = np.roll(self.edges, 1, axis=0)
        return before[:, 0] * self.edges[:, 1] - before[:, 1] * self.edges[:, 0] < -1e-9

    @cached_property
    def has_slit(self) -> bool:
        """Whether the outline passes some place twice."""
        return len(np.unique(np.round(self.points, 6), axis=0)) < len(self.points)

    def walls(self) -> Floats:
        """Outer walls (m, 2, 2), each from point to point with the outside on the right hand; straight runs
        joined.
        """
        runs = np.stack([self.points, self.following], axis=1)[self.outer]
        while len(runs) > 1:
            follower = _straight_on(runs)
            joined = np.flatnonzero(follower >= 0)
            if len(joined) == 0:
                break
            # One joint at a time: the run after a joint may itself be the first half of the next one.
            one, other = int(joined[0]), int(follower[joined[0]])
            runs[one, 1] = runs[other, 1]
            runs = np.delete(runs, other, axis=0)
        return runs

    def longest_wall(self) -> float:
        """Metres of the longest straight outer wall; 0 where there is none."""
        walls = self.walls()
        return float(np.hypot(*(walls[:, 1] - walls[:, 0]).T).max(initial=0.0))

    def polygon(self) -> shapely.Polygon | shapely.MultiPolygon:
        """The outline as a valid polygon; a slit vanishes and what it enclosed is a hole.

        An outline that falls apart into several pieces comes back as the MultiPolygon that it is.
        """
        polygon = shapely.Polygon(self.points)
        if polygon.is_valid:
            return polygon
        # The two sides of a slit part by the last bit of a float; a grid far below a millimetre heals it.
        whole = shapely.set_precision(shapely.make_valid(polygon, method="structure"), GRID_M)
        parts = shapely.get_parts(whole)
        real = [part for part in parts if part.area > CRUMB_M2]
        return real[0] if len(real) == 1 else shapely.MultiPolygon(real)


def ring_of(points: Floats, outer: NDArray[np.bool_]) -> Ring:
    """A Ring without repeated neighbours; of a repeated point the edge that leads on is the last one's."""
    gap = np.abs(np.roll(points, -1, axis=0) - points).max(axis=1)
    kept = gap > SAME_POINT_M
    return Ring(points[kept], outer[kept])


def _straight_on(runs: Floats) -> NDArray[np.int64]:
    """For each run of wall (m, 2, 2) the one that goes straight on from its end; -1 where there is none."""
    vectors = runs[:, 1] - runs[:, 0]
    lengths = np.hypot(vectors[:, 0], vectors[:, 1])
    meets = np.abs(runs[:, None, 1] - runs[None, :, 0]).max(axis=2) < SAME_POINT_M
    cross = np.abs(vectors[:, None, 0] * vectors[None, :, 1] - vectors[:, None, 1] * vectors[None, :, 0])
    straight = cross < STRAIGHT_M * np.maximum(lengths[:, None], lengths[None, :])
    forward = vectors @ vectors.T > 0
    found = meets & straight & forward
    return np.where(found.any(axis=1), found.argmax(axis=1), -1)
