"""The door of every stairwell, and the order in which stairwells and flats are counted.

Doors stand on the outside, all on one side of the building where that can be, the northern one first: a
slab keeps its southern side for living rooms. Stairwells are counted from left to right by someone who
faces their doors, flats from left to right by someone who has come in.
"""

from typing import Final

import numpy as np
import shapely

from gis.subdivide.ring import Floats, Ring
from gis.subdivide.walk import from_end_to_end

ON_THE_OUTSIDE_M: Final = 1e-3
WIDE_ENOUGH: Final = 0.25
"""A wall is a front when it is at least this part of the stairwell's longest one."""
LANDING_M: Final = 2.0


def doors(units: list[Ring], footprint: shapely.Polygon) -> tuple[Floats, list[int]]:
    """The door of each stairwell (n, 2), in metres, and the order in which the stairwells are counted."""
    exterior = shapely.orient_polygons(footprint).exterior
    fronts = [_fronts(unit, exterior) for unit in units]
    places = [shapely.line_locate_point(exterior, shapely.points(middles)) for middles, _ in fronts]
    # Begin in the middle of the building: an end also has a gable, where no other stairwell could follow.
    first = min(
        range(len(units)), key=lambda i: (round(units[i].outer_length, 3), -float(fronts[i][1].max()), i)
    )
    chosen = {first: int(np.argmax(fronts[first][1]))}
    while len(chosen) < len(units):
        taken = np.array([places[i][front] for i, front in chosen.items()])
        gaps = {i: _around(places[i], taken, exterior.length) for i in range(len(units)) if i not in chosen}
        nearest = min(gaps, key=lambda i: (round(float(gaps[i].min()), 3), i))
        chosen[nearest] = int(np.argmin(gaps[nearest]))
    points = np.array([fronts[i][0][chosen[i]] for i in range(len(units))])
    stands = np.array([places[i][chosen[i]] for i in range(len(units))])
    return points, _left_to_right(from_end_to_end(units), stands, exterior.length)


def flats_in_order(flats: list[Ring], door: Floats, unit: Ring) -> list[Ring]:
    """The flats of a stairwell from left to right, seen from the landing behind the door."""
    middle = np.array(unit.polygon().centroid.coords[0])
    inwards = middle - door
    depth = float(np.hypot(*inwards))
    landing = door + inwards / max(depth, 1e-9) * min(LANDING_M, depth / 3.0)
    outwards = np.arctan2(-inwards[1], -inwards[0])
    centres = np.array([flat.polygon().centroid.coords[0] for flat in flats]) - landing
    clockwise = (outwards - np.arctan2(centres[:, 1], centres[:, 0])) % (2.0 * np.pi)
    far = np.hypot(*centres.T)
    return [flats[i] for i in np.lexsort((np.round(far, 3), np.round(clockwise, 6)))]


def _fronts(unit: Ring, exterior: shapely.LinearRing) -> tuple[Floats, Floats]:
    """Middles (n, 2) of the walls that a door may stand in, and how far north each looks, weighed by its
    length.
    """
    walls = unit.walls()
    middles = walls.mean(axis=1)
    outside = shapely.distance(shapely.points(middles), exterior) < ON_THE_OUTSIDE_M
    if outside.any():
        walls, middles = walls[outside], middles[outside]
    if len(walls) == 0:
        centre = unit.polygon().representative_point()
        return np.array([shapely.shortest_line(exterior, centre).coords[0]]), np.array([0.0])
    along = walls[:, 1] - walls[:, 0]
    lengths = np.hypot(*along.T)
    wide = lengths >= WIDE_ENOUGH * lengths.max()
    return middles[wide], np.round(-along[wide, 0], 3)


def _around(places: Floats, taken: Floats, circumference: float) -> Floats:
    """How far along the outside each place is from the nearest of the taken ones."""
    gap = np.abs(places[:, None] - taken)
    result: Floats = np.minimum(gap, circumference - gap).min(axis=1)
    return result


def _left_to_right(order: list[int], stands: Floats, circumference: float) -> list[int]:
    """The walk in that direction in which most doors follow each other to the right for who faces them.

    That is counter-clockwise along the outside.
    """
    steps = (np.diff(stands[order]) + circumference / 2.0) % circumference - circumference / 2.0
    return order if np.sign(np.round(steps, 3)).sum() >= 0 else order[::-1]
