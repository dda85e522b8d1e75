"""How many stairwells and flats a building probably has, when nobody says."""

from typing import Final

import numpy as np
import shapely

from gis.subdivide.ring import Ring

DEFAULT_FLAT_AREA_M2: Final = 90.0
WALK_UP_STOREYS: Final = 11
FLATS_OF_A_SLAB: Final = 2
FLATS_OF_A_TALL_SLAB: Final = 4
FLATS_OF_A_TOWER: Final = 8
TOWER_SIDE_M: Final = 36.0
LONG: Final = 1.6
FILLED: Final = 0.75
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
    if _is_tower(outline):
        return FLATS_OF_A_TOWER
    return FLATS_OF_A_SLAB if storeys_above <= WALK_UP_STOREYS else FLATS_OF_A_TALL_SLAB


def _is_tower(outline: Ring) -> bool:
    """Not much longer than wide, and either small or filled: wings around a yard are slabs."""
    box = shapely.minimum_rotated_rectangle(shapely.MultiPoint(outline.points))
    corners = shapely.get_coordinates(box)
    one, other = (float(np.hypot(*(corners[i + 1] - corners[i]))) for i in (0, 1))
    longer, shorter = max(one, other), min(one, other)
    return longer < LONG * shorter and (longer <= TOWER_SIDE_M or outline.area > FILLED * longer * shorter)
