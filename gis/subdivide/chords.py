"""Every sensible straight cut through a piece: from wall to wall, the piece on either side in one part."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gis.subdivide.ring import Floats, Ring
from gis.subdivide.sweep import THIN_M, Ints, Sweep


@dataclass(frozen=True, eq=False)
class Chords:
    """Cuts through one ring, a row each. The right-hand part runs start -> edge_from's end -> ... -> end.

    start, end: (n, 2) metres, on edge `edge_from` and on edge `edge_to`.
    share: (n,) which of the wanted areas the right-hand part was cut for; right_area: (n,) the one it has.
    """

    ring: Ring
    start: Floats
    end: Floats
    edge_from: Ints
    edge_to: Ints
    share: Ints
    right_area: Floats

    @cached_property
    def vectors(self) -> Floats:
        return self.end - self.start

    @cached_property
    def lengths(self) -> Floats:
        return np.hypot(self.vectors[:, 0], self.vectors[:, 1])

    @cached_property
    def right_outer(self) -> Floats:
        """Metres of outer wall of the right-hand part."""
        return self._along(self.ring.lengths * self.ring.outer)

    @cached_property
    def right_around(self) -> Floats:
        """Metres of the right-hand part's whole outline."""
        return self._along(self.ring.lengths) + self.lengths

    def squareness(self) -> Floats:
        """(n, 2) how far each end is from square to its edge: 0 square, 1 along the edge; 0 at an inward
        corner.
        """
        return np.stack([self._lean(self.edge_from, self.start), self._lean(self.edge_to, self.end)], axis=1)

    def ends_outside(self) -> NDArray[np.bool_]:
        """(n, 2) whether each end stands on an outer wall."""
        return np.stack([self.ring.outer[self.edge_from], self.ring.outer[self.edge_to]], axis=1)

    def _lean(self, edge: Ints, at: Floats) -> Floats:
        along = (self.vectors * self.ring.edges[edge]).sum(axis=1)
        lean = np.abs(along) / np.maximum(self.lengths * self.ring.lengths[edge], 1e-12)
        for corner in (edge, (edge + 1) % len(self.ring.points)):
            here = np.abs(self.ring.points[corner] - at).max(axis=1) < THIN_M
            lean[here & self.ring.reflex[corner]] = 0.0
        return np.asarray(lean)

    def _along(self, weight: Floats) -> Floats:
        """The sum of a weight of the edges along the right-hand part, cut edges in proportion."""
        past = np.concatenate([[0.0], np.cumsum(weight)])
        between = past[self.edge_to] - past[self.edge_from + 1]
        between = between + np.where(self.edge_to < self.edge_from, past[-1], 0.0)
        first = weight[self.edge_from] * (1.0 - self._progress(self.edge_from, self.start))
        last = weight[self.edge_to] * self._progress(self.edge_to, self.end)
        result: Floats = first + between + last
        return result

    def _progress(self, edge: Ints, at: Floats) -> Floats:
        walked = at - self.ring.points[edge]
        result: Floats = np.hypot(walked[:, 0], walked[:, 1]) / self.ring.lengths[edge]
        return result


def chords(ring: Ring, angles: Floats, areas: Floats, slack: float) -> Chords:
    """All cuts square to one of the angles whose right-hand part has one of the areas.

    angles: (d,) radians, of the sweep; the cuts run square to it. areas: (s,) wanted, in square metres.
    Cuts that start or end in a corner may miss the area by up to `slack` square metres; the others hit it.
    """
    sweep = Sweep.across(ring, angles)
    stops = sweep.stops(areas, slack)
    rows, at = stops.stretch, stops.x
    lower, upper = sweep.y_of(sweep.lower, at, rows), sweep.y_of(sweep.upper, at, rows)
    turned = angles[sweep.direction[rows]]
    cos, sin = np.cos(turned), np.sin(turned)
    start, end = (np.stack([at * cos - y * sin, at * sin + y * cos], axis=1) for y in (lower, upper))
    return Chords(ring, start, end, sweep.lower[rows], sweep.upper[rows], stops.wanted, stops.right_area)
