"""A line swept over a piece in several directions at once, and where it must stop to cut off a wanted area.

Between two corners that the line meets one after the other, each stretch of it inside the piece has ends
that move on two known edges, so the area to its right falls along a parabola: the stop is exact, without
any geometry library.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis.subdivide.ring import Floats, Ring

Ints = NDArray[np.int64]
THIN_M: Final = 1e-6
TIE_M: Final = 1e-7
CELLS: Final = 1_000_000
"""Directions x stops x edges looked at in one go: some 50 MB."""


@dataclass(frozen=True, eq=False)
class Stops:
    """Where to stop, a row each. stretch: its row in the sweep; x: of the line; wanted: index of the area
    that was asked for; right_area: the one that lies to the right.
    """

    stretch: Ints
    x: Floats
    wanted: Ints
    right_area: Floats


@dataclass(frozen=True, eq=False)
class Sweep:
    """All stretches (r,): from x = low to x = high, from edge `lower` up to edge `upper`, in a turned
    direction.

    x, y, slope: (directions, edges), the corners of the ring and the rise of its edges in each turned frame.
    """

    x: Floats
    y: Floats
    slope: Floats
    direction: Ints
    lower: Ints
    upper: Ints
    low: Floats
    high: Floats

    @classmethod
    def across(cls, ring: Ring, angles: Floats) -> "Sweep":
        """The sweep over a ring whose line runs square to each of the angles (radians)."""
        cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
        x = ring.points[:, 0] * cos + ring.points[:, 1] * sin
        y = ring.points[:, 1] * cos - ring.points[:, 0] * sin
        run, rise = np.roll(x, -1, axis=1) - x, np.roll(y, -1, axis=1) - y
        slope = rise / np.where(np.abs(run) < 1e-12, 1.0, run)
        corners = np.sort(x, axis=1)
        found = [np.concatenate(columns) for columns in zip(*_blocks(x, y, run, slope, corners), strict=True)]
        direction, corner, lower, upper = found
        return cls(
            x, y, slope, direction, lower, upper, corners[direction, corner], corners[direction, corner + 1]
        )

    def y_of(self, edge: Ints, x: Floats, rows: Ints | slice = slice(None)) -> Floats:
        """Height of one edge of each stretch (or of some rows) at x, in its turned frame."""
        d, e = self.direction[rows], edge[rows]
        result: Floats = self.y[d, e] + self.slope[d, e] * (x - self.x[d, e])
        return result

    def stops(self, areas: Floats, slack: float) -> Stops:
        """Every stop with one of the areas (s,) to the right: exact ones, and those in a corner that miss
        by `slack`.
        """
        at_low, at_high = (
            np.maximum(self.y_of(self.upper, x) - self.y_of(self.lower, x), 0.0)
            for x in (self.low, self.high)
        )
        width = self.high - self.low
        right, swept = self._right_areas(), (at_low + at_high) / 2.0 * width
        need = right - areas[:, None]
        wanted, row = np.nonzero((need > 0.0) & (need < swept))
        bend = (at_high[row] - at_low[row]) / width[row]
        root = np.sqrt(np.maximum(at_low[row] ** 2 + 2.0 * bend * need[wanted, row], 0.0))
        step = 2.0 * need[wanted, row] / np.maximum(at_low[row] + root, 1e-12)
        first, first_row = np.nonzero((np.abs(need) <= slack) & (at_low > THIN_M))
        last, last_row = np.nonzero((np.abs(need - swept) <= slack) & (at_high > THIN_M))
        return Stops(
            np.concatenate([row, first_row, last_row]),
            np.concatenate(
                [self.low[row] + np.minimum(step, width[row]), self.low[first_row], self.high[last_row]]
            ),
            np.concatenate([wanted, first, last]),
            np.concatenate([areas[wanted], right[first_row], (right - swept)[last_row]]),
        )

    def _right_areas(self) -> Floats:
        """The area to the right of every stretch at its low end, (r,): around the ring from `lower` to
        `upper`.
        """
        bottom, top = self.y_of(self.lower, self.low), self.y_of(self.upper, self.low)
        cross = self.x * np.roll(self.y, -1, axis=1) - np.roll(self.x, -1, axis=1) * self.y
        past = np.concatenate([np.zeros((len(cross), 1)), np.cumsum(cross, axis=1)], axis=1)
        between = past[self.direction, self.upper] - past[self.direction, self.lower + 1]
        between += np.where(self.upper < self.lower, past[self.direction, -1], 0.0)
        after, before = (self.direction, (self.lower + 1) % self.x.shape[1]), (self.direction, self.upper)
        first = self.low * self.y[after] - self.x[after] * bottom
        last = self.x[before] * top - self.low * self.y[before]
        closing = self.low * (bottom - top)
        result: Floats = (first + between + last + closing) / 2.0
        return result


def _blocks(x: Floats, y: Floats, run: Floats, slope: Floats, corners: Floats) -> Iterator[tuple[Ints, ...]]:
    """Direction, corner, edge below and edge above of every stretch, some corners at a time."""
    left, right = np.minimum(x, x + run), np.maximum(x, x + run)
    at_once = max(1, CELLS // x.size)
    for begin in range(0, corners.shape[1] - 1, at_once):
        low, high = corners[:, begin : begin + at_once], corners[:, begin + 1 : begin + at_once + 1]
        low = low[:, : high.shape[1]]
        middle = ((low + high) / 2.0)[:, :, None]
        met = (left[:, None, :] < middle) & (right[:, None, :] > middle) & (high - low > THIN_M)[:, :, None]
        height = y[:, None, :] + slope[:, None, :] * (middle - x[:, None, :])
        direction, corner, lower, upper = _stretches(height, met, run > 0)
        yield direction, corner + begin, lower, upper


def _stretches(height: Floats, met: NDArray[np.bool_], rightwards: NDArray[np.bool_]) -> tuple[Ints, ...]:
    """Where a line runs inside: its direction, the corner it comes from, the edge below and the edge above.

    height, met: (directions, corners, edges), where each line meets each edge and whether. rightwards:
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
    direction, corner, pair = np.nonzero(complete & rightwards[row, below] & ~rightwards[row, above])
    return direction, corner, below[direction, corner, pair], above[direction, corner, pair]
