"""What makes one cut better than another, as numbers: the one place to tune how flats look."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gis.subdivide.chords import Chords
from gis.subdivide.ring import Floats
from gis.subdivide.sweep import Ints

DAYLIGHT_M: Final = 1.5
"""The least straight outer wall with which a flat counts as lit: one window."""


@dataclass(frozen=True, slots=True)
class Taste:
    """Weights of what is disliked in a cut; every term is a pure number, about 0 when fine and 1 when bad."""

    length: float = 1.0
    unequal: float = 2.0
    slanted: float = 0.6
    dark: float = 4.0
    slender: float = 0.6
    uneven_walls: float = 0.25
    ends_inside: float = 0.2
    one_sided: float = 0.2
    """Against cutting off one part after the other where halving does as well."""
    slack: float = 0.12
    """By what share of a part a cut that ends in a corner may miss its area."""


FOR_FLATS: Final = Taste()
FOR_UNITS: Final = replace(FOR_FLATS, ends_inside=0.7, slender=0.05, slack=0.16)
"""A stairwell reaches from front to back: both ends of its walls stand on outer walls."""

WHEN_DARK: Final = replace(FOR_FLATS, dark=20.0, uneven_walls=3.0, slender=0.15, length=0.3, ends_inside=0.0)
"""For storeys so deep that daylight decides everything else."""


def dislike(cuts: Chords, right_count: Ints, count: int, flats_each: int, taste: Taste) -> Floats:
    """How bad each cut is that leaves `right_count` (n,) of `count` equal parts to its right, (n,).

    flats_each: into how many flats each part is cut later; they all want daylight.
    """
    ring, part_area = cuts.ring, cuts.ring.area / count
    flat_area, flat_wall = part_area / flats_each, ring.outer_length / (count * flats_each)
    bad = taste.length * cuts.lengths / np.sqrt(ring.area)
    bad += taste.unequal * np.abs(cuts.right_area - part_area * right_count) / part_area
    bad += taste.slanted * (cuts.squareness() ** 2).sum(axis=1)
    bad += taste.ends_inside * (~cuts.ends_outside()).sum(axis=1)
    bad += taste.one_sided * np.abs(right_count / count - 0.5)
    left_around = ring.lengths.sum() - cuts.right_around + 2.0 * cuts.lengths
    for parts, area, outer, around in (
        (right_count, cuts.right_area, cuts.right_outer, cuts.right_around),
        (count - right_count, ring.area - cuts.right_area, ring.outer_length - cuts.right_outer, left_around),
    ):
        flats = parts * flats_each
        comfortable = flats * min(0.6 * flat_wall, 0.4 * float(np.sqrt(flat_area)))
        bad += taste.dark * np.maximum(0.0, 1.0 - outer / np.maximum(comfortable, 1e-9))
        bad += 2.0 * taste.dark * (outer < np.minimum(flats * DAYLIGHT_M, comfortable))
        bad += taste.uneven_walls * np.abs(outer / np.maximum(flat_wall * flats, 1e-9) - 1.0)
        slenderness = np.maximum(around**2 / (16.0 * np.maximum(area, 1e-9)) - 1.0, 0.0)
        bad += taste.slender * slenderness / parts
    return np.asarray(bad)
