"""Cut an outline into a number of equal parts, by one straight cut after the other."""

from bisect import insort
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis.subdivide.chords import chords
from gis.subdivide.directions import sweep_angles
from gis.subdivide.halves import Halves, halves
from gis.subdivide.ring import Ring
from gis.subdivide.taste import DAYLIGHT_M, FOR_FLATS, FOR_UNITS, WHEN_DARK, Taste, dislike

TRIED: Final = 24
ANY_SPLIT: Final = 8
MOST_UNEVEN: Final = 2.0
SECOND_THOUGHTS: Final = 5
"""How many ways to make a cut are followed to the end, when the best one leaves a flat in the dark."""
PATIENCE: Final = 100


def units(ring: Ring, count: int, flats_each: int) -> list[Ring]:
    """A building cut into stairwells of equal area, each to hold `flats_each` flats a floor.

    Fewer than asked come back for a shape that no straight cut divides.
    """
    return _equal_parts(ring, count, flats_each, FOR_UNITS)


def flats(ring: Ring, count: int) -> list[Ring]:
    """One storey of one stairwell cut into flats of equal area, each with a window where the shape allows.

    Fewer than asked come back for a shape that no straight cut divides.
    """
    plan = _equal_parts(ring, count, 1, FOR_FLATS)
    if _dark(plan) == 0:
        return plan
    others = [_equal_parts(ring, count, 1, WHEN_DARK)]
    if count <= ANY_SPLIT:
        others += [_lit_parts(ring, count, taste, _Patience()) for taste in (FOR_FLATS, WHEN_DARK)]
    return min((plan, *others), key=lambda plan: (-len(plan), _dark(plan)))


def _dark(plan: list[Ring]) -> int:
    return sum(flat.longest_wall() < DAYLIGHT_M for flat in plan)


def _equal_parts(ring: Ring, count: int, flats_each: int, taste: Taste) -> list[Ring]:
    """By the least disliked cut, and so on with both sides."""
    if count == 1:
        return [ring]
    found = _cuts(ring, count, flats_each, taste, 1)
    return [
        part
        for cut in found
        for side, parts in ((cut.parts.right, cut.right_count), (cut.parts.left, count - cut.right_count))
        for part in _equal_parts(side, parts, flats_each, taste)
    ] or [ring]


@dataclass(slots=True)
class _Patience:
    """How many more outlines are looked at for second thoughts; then the first thought has to do."""

    left: int = PATIENCE


def _lit_parts(ring: Ring, count: int, taste: Taste, patience: _Patience) -> list[Ring]:
    """By the first of several cuts after which, followed to the end, nobody is left in the dark."""
    if count == 1:
        return [ring]
    patience.left -= 1
    best: list[Ring] = []
    for cut in _cuts(ring, count, 1, taste, SECOND_THOUGHTS if patience.left > 0 else 1):
        right = _lit_parts(cut.parts.right, cut.right_count, taste, patience)
        plan = right + _lit_parts(cut.parts.left, count - cut.right_count, taste, patience)
        best = min((plan, best), key=lambda plan: (-len(plan), _dark(plan)))
        if patience.left <= 0 or (len(best) == count and _dark(best) == 0):
            break
    return best or [ring]


@dataclass(frozen=True, slots=True)
class _Cut:
    bad: float
    parts: Halves
    right_count: int


def _cuts(ring: Ring, count: int, flats_each: int, taste: Taste, most: int) -> list[_Cut]:
    """The least disliked cuts that can be made, with any number of the parts on either side, best first."""
    right_counts = _right_counts(count)
    part = ring.area / count
    cuts = chords(ring, sweep_angles(ring), np.asarray(part * right_counts), taste.slack * part)
    right = right_counts[cuts.share]
    bad = dislike(cuts, right, count, flats_each, taste)
    found: list[_Cut] = []
    for row in np.argsort(bad, kind="stable"):
        if len(found) == TRIED or (len(found) >= most and bad[row] >= found[most - 1].bad):
            break
        parts = halves(cuts, int(row))
        if parts is None:
            continue
        flats_in_parts = (int(right[row]) * flats_each, int(count - right[row]) * flats_each)
        total = float(bad[row]) + parts.crampedness() + taste.dark * parts.dark(flats_in_parts, DAYLIGHT_M)
        insort(found, _Cut(total, parts, int(right[row])), key=lambda cut: cut.bad)
    return found[:most]


def _right_counts(count: int) -> NDArray[np.int64]:
    """How many parts may lie to the right of a cut: any number of few, about half of many."""
    every = np.arange(1, count)
    return every[np.abs(every - count / 2.0) <= MOST_UNEVEN] if count > ANY_SPLIT else every
