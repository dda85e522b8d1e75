"""The two parts that one cut leaves, and whether it can be made at all."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gis.subdivide.chords import Chords
from gis.subdivide.ring import Floats, Ring, ring_of

SNAP_M: Final = 0.05
"""A cut that ends this near a corner ends in the corner."""
TOUCHING_M: Final = 1e-4
CLEARANCE_M: Final = 0.3
STUB_M: Final = 0.6


@dataclass(frozen=True, slots=True)
class Halves:
    """Both sides of a cut. clearance: metres from the cut to the nearest corner that it does not end in or
    beside; stub: metres of the shortest bit of wall that it leaves beside its ends.
    """

    right: Ring
    left: Ring
    clearance: float
    stub: float

    def crampedness(self) -> float:
        """0 for a clear cut, up to 1 for one that leaves a neck or a stub too short to build."""
        neck = max(0.0, 1.0 - self.clearance / CLEARANCE_M)
        return 0.7 * neck + 0.3 * max(0.0, 1.0 - self.stub / STUB_M)

    def dark(self, counts: tuple[int, int], daylight_m: float) -> int:
        """How many sides that are one flat have no straight outer wall of `daylight_m`; counts: right,
        left.
        """
        return sum(
            count == 1 and ring.longest_wall() < daylight_m
            for count, ring in zip(counts, (self.right, self.left), strict=True)
        )


def halves(cuts: Chords, row: int) -> Halves | None:
    """The parts that a cut leaves; nothing when it would touch a corner on its way or make a part fall
    apart.
    """
    ring, edge_from, edge_to = cuts.ring, int(cuts.edge_from[row]), int(cuts.edge_to[row])
    start, end = _snapped(ring, edge_from, cuts.start[row]), _snapped(ring, edge_to, cuts.end[row])
    clearance = _clearance(ring, start, end, (edge_from, edge_to))
    if clearance < TOUCHING_M or _crosses(ring, start, end):
        return None
    right = _part(ring, edge_from, edge_to, start, end)
    left = _part(ring, edge_to, edge_from, end, start)
    if min(len(right.points), len(left.points)) < 3 or min(right.area, left.area) <= 0.0:
        return None
    if ring.has_slit and not all(isinstance(part.polygon(), shapely.Polygon) for part in (right, left)):
        return None
    return Halves(right, left, clearance, min(_stub(ring, edge_from, start), _stub(ring, edge_to, end)))


def _snapped(ring: Ring, edge: int, at: Floats) -> Floats:
    for corner in (ring.points[edge], ring.following[edge]):
        if np.hypot(*(corner - at)) < SNAP_M:
            return np.asarray(corner)
    return at


def _part(ring: Ring, edge_from: int, edge_to: int, start: Floats, end: Floats) -> Ring:
    """From `start` along the outline to `end` and straight back."""
    count = (edge_to - edge_from) % len(ring.points)
    corners = (np.arange(count) + edge_from + 1) % len(ring.points)
    points = np.concatenate([[start], ring.points[corners], [end]])
    outer = np.concatenate([[ring.outer[edge_from]], ring.outer[corners], [False]])
    return ring_of(points, outer)


def _clearance(ring: Ring, start: Floats, end: Floats, ends_on: tuple[int, int]) -> float:
    """Metres from the cut to the nearest corner, the ends of its own two edges and of the cut itself left
    out.
    """
    vector = end - start
    to_corner = ring.points - start
    along = np.clip(to_corner @ vector / max(float(vector @ vector), 1e-18), 0.0, 1.0)
    apart = np.hypot(*(to_corner - along[:, None] * vector).T)
    own = np.hypot(*to_corner.T) < TOUCHING_M
    own |= np.hypot(*(ring.points - end).T) < TOUCHING_M
    for edge in ends_on:
        at = (edge, (edge + 1) % len(ring.points))
        # Beside the cut they are no obstacle; in the middle of its way they are.
        own[[corner for corner in at if not TOUCHING_M < along[corner] < 1.0 - TOUCHING_M]] = True
    return float(apart[~own].min(initial=np.inf))


def _crosses(ring: Ring, start: Floats, end: Floats) -> bool:
    """Whether the cut properly crosses an edge; only a snapped one can."""

    def side(a: Floats, b: Floats, c: Floats) -> Floats:
        result: Floats = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
        result = result - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
        return np.where(np.abs(result) < 1e-7, 0.0, np.sign(result))

    one, other = side(start, end, ring.points), side(start, end, ring.following)
    here = side(ring.points, ring.following, np.broadcast_to(start, ring.points.shape))
    there = side(ring.points, ring.following, np.broadcast_to(end, ring.points.shape))
    return bool(np.any((one * other < 0) & (here * there < 0)))


def _stub(ring: Ring, edge: int, at: Floats) -> float:
    """Metres to the nearer end of the edge; infinite when the cut ends in a corner."""
    gaps = [float(np.hypot(*(corner - at))) for corner in (ring.points[edge], ring.following[edge])]
    return np.inf if min(gaps) < TOUCHING_M else min(gaps)
