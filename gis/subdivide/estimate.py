"""How many stairwells and flats a building probably has, when nobody says."""

from typing import Final

import numpy as np

from gis.subdivide.ring import Ring

DEFAULT_FLAT_AREA_M2: Final = 90.0
WALK_UP_STOREYS: Final = 11
FLATS_OF_A_SLAB: Final = 2
FLATS_OF_A_TALL_SLAB: Final = 4
FLATS_OF_A_TOWER: Final = 8
SLAB: Final = 1.15
"""Perimeter² / 16 areas: 1 for a square, 1.125 for two squares side by side."""
WINDOW_M: Final = 3.0
"""Outer wall that a flat of a deep building has at least."""


def probable_counts(
    outline: Ring, storeys_above: int, flat_area_m2: float, units: int | None, flats: int | None
) -> tuple[int, int]:
    """Stairwells and flats per stairwell and floor; what is stated stays as it is.

    A slab has 2 flats on a landing, a tall one 4; a tower has up to 8 around one core. flat_area_m2 counts
    the flat's share of stairs and walls.
    """
    by_area = round(outline.area / flat_area_m2)
    in_all = max(1, min(by_area, int(outline.outer_length / WINDOW_M)))
    if units is None:
        units = max(1, round(in_all / (flats or _usual_flats(outline, storeys_above))))
    if flats is None:
        flats = max(1, round(in_all / units))
    return units, flats


def _usual_flats(outline: Ring, storeys_above: int) -> int:
    slenderness = float(np.sum(outline.lengths[outline.outer])) ** 2 / (16.0 * outline.area)
    if slenderness < SLAB:
        return FLATS_OF_A_TOWER
    return FLATS_OF_A_SLAB if storeys_above <= WALK_UP_STOREYS else FLATS_OF_A_TALL_SLAB
