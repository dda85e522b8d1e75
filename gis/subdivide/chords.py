"""Every sensible straight cut through a piece: from wall to wall, the piece on either side in one part.

A sweep in several directions at once. Between two corners that the sweep line meets one after the other,
each stretch of the line inside the piece has ends that move on two known edges, so the area to its right
falls along a parabola: the place that splits off a wanted share is exact, and so is every length, without
any geometry library.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gis.subdivide.ring import Floats, Ring

Ints = NDArray[np.int64]
THIN_M = 1e-6
TIE_M = 1e-7


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
    sweep = _Sweep.across(ring, angles)
    rows, at, share, right_area = sweep.hits(areas, slack)
    lower, upper = sweep.y_of(sweep.lower, rows, at), sweep.y_of(sweep.upper, rows, at)
    turned = angles[sweep.direction[rows]]
    cos, sin = np.cos(turned), np.sin(turned)
    start, end = (np.stack([at * cos - y * sin, at * sin + y * cos], axis=1) for y in (lower, upper))
    return Chords(ring, start, end, sweep.lower[rows], sweep.upper[rows], share, right_area)


@dataclass(frozen=True, eq=False)
class _Sweep:
    """The stretches of all sweep lines: from x = low to x = high, from edge `lower` up to edge `upper`."""

    x: Floats
    y: Floats
    slope: Floats
    direction: Ints
    lower: Ints
    upper: Ints
    low: Floats
    high: Floats

    @classmethod
    def across(cls, ring: Ring, angles: Floats) -> "_Sweep":
        cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
        x = ring.points[:, 0] * cos + ring.points[:, 1] * sin
        y = ring.points[:, 1] * cos - ring.points[:, 0] * sin
        run, rise = np.roll(x, -1, axis=1) - x, np.roll(y, -1, axis=1) - y
        slope = rise / np.where(np.abs(run) < 1e-12, 1.0, run)
        stops = np.sort(x, axis=1)
        low, high = stops[:, :-1], stops[:, 1:]
        middle = ((low + high) / 2.0)[:, :, None]
        left, right = np.minimum(x, x + run), np.maximum(x, x + run)
        met = (left[:, None, :] < middle) & (right[:, None, :] > middle) & (high - low > THIN_M)[:, :, None]
        height = y[:, None, :] + slope[:, None, :] * (middle - x[:, None, :])
        direction, stop, lower, upper = _stretches(height, met, run > 0)
        return cls(x, y, slope, direction, lower, upper, low[direction, stop], high[direction, stop])

    def y_of(self, edge: Ints, rows: Ints, at: Floats) -> Floats:
        """Height, in the turned frame, of the edges of some stretches at x = at."""
        d, e = self.direction[rows], edge[rows]
        result: Floats = self.y[d, e] + self.slope[d, e] * (at - self.x[d, e])
        return result

    def right_areas(self) -> Floats:
        """The area to the right of every stretch at its low end."""
        every = np.arange(len(self.direction))
        bottom, top = (self.y_of(edge, every, self.low) for edge in (self.lower, self.upper))
        n = self.x.shape[1]
        cross = self.x * np.roll(self.y, -1, axis=1) - np.roll(self.x, -1, axis=1) * self.y
        past = np.concatenate([np.zeros((len(cross), 1)), np.cumsum(cross, axis=1)], axis=1)
        between = past[self.direction, self.upper] - past[self.direction, self.lower + 1]
        between += np.where(self.upper < self.lower, past[self.direction, -1], 0.0)
        after = (self.direction, (self.lower + 1) % n)
        before = (self.direction, self.upper)
        first = self.low * self.y[after] - self.x[after] * bottom
        last = self.x[before] * top - self.low * self.y[before]
        closing = self.low * bottom - self.low * top
        result: Floats = (first + between + last + closing) / 2.0
        return result

    def hits(self, areas: Floats, slack: float) -> tuple[Ints, Floats, Ints, Floats]:
        """Row of the stretch, x of the cut, index of the area and the area to its right, for every cut
        wanted.
        """
        every = np.arange(len(self.direction))
        width = self.high - self.low
        at_low, at_high = (
            self.y_of(self.upper, every, x) - self.y_of(self.lower, every, x) for x in (self.low, self.high)
        )
        at_low, at_high = np.maximum(at_low, 0.0), np.maximum(at_high, 0.0)
        right = self.right_areas()
        swept = (at_low + at_high) / 2.0 * width
        found = []
        for share, area in enumerate(areas):
            need = right - area
            inside = np.flatnonzero((need > 0.0) & (need < swept))
            bend = (at_high[inside] - at_low[inside]) / width[inside]
            root = np.sqrt(np.maximum(at_low[inside] ** 2 + 2.0 * bend * need[inside], 0.0))
            step = 2.0 * need[inside] / np.maximum(at_low[inside] + root, 1e-12)
            found.append(
                (
                    inside,
                    self.low[inside] + np.minimum(step, width[inside]),
                    share,
                    right[inside] - need[inside],
                )
            )
            near_low = np.flatnonzero((np.abs(need) <= slack) & (at_low > THIN_M))
            found.append((near_low, self.low[near_low], share, right[near_low]))
            near_high = np.flatnonzero((np.abs(need - swept) <= slack) & (at_high > THIN_M))
            found.append((near_high, self.high[near_high], share, (right - swept)[near_high]))
        return (
            np.concatenate([f[0] for f in found]),
            np.concatenate([f[1] for f in found]),
            np.concatenate([np.full(len(f[0]), f[2]) for f in found]),
            np.concatenate([f[3] for f in found]),
        )


def _stretches(height: Floats, met: NDArray[np.bool_], rightwards: NDArray[np.bool_]) -> tuple[Ints, ...]:
    """Where a line runs inside: its direction, its stop, the edge below and the edge above.

    height, met: (directions, stops, edges), where each line meets each edge and whether. rightwards:
    (directions, edges); counter-clockwise, the inside is above an edge that runs to the right.
    """
    # Where two edges of a slit lie on each other, the one that closes a stretch comes first.
    sorting = np.where(met, height + np.where(rightwards, TIE_M, -TIE_M)[:, None, :], np.inf)
    counts = met.sum(axis=2)
    pairs = int(counts.max(initial=0)) // 2
    order = np.argsort(sorting, axis=2, kind="stable")[:, :, : 2 * pairs]
    below, above = order[:, :, 0::2], order[:, :, 1::2]
    row = np.arange(len(rightwards))[:, None, None]
    complete = 2 * np.arange(pairs) + 1 < counts[:, :, None]
    direction, stop, pair = np.nonzero(complete & rightwards[row, below] & ~rightwards[row, above])
    return direction, stop, below[direction, stop, pair], above[direction, stop, pair]
