"""In which directions a piece is cut: square to its walls, and into its inward corners."""

from typing import Final

import numpy as np

from gis.subdivide.ring import Floats, Ring

RIGHT_ANGLE: Final = np.pi / 2.0
SAME_DIRECTION: Final = np.radians(3.0)
MOST_DIRECTIONS: Final = 4
MOSTLY: Final = 0.85


def sweep_angles(ring: Ring) -> Floats:
    """Angles of the sweep in radians, 0 to pi, no two within 3 degrees.

    The walls' own directions, the longest first, and square to them; half way between where an inward
    corner can be cut through; and the compass for what is too round to have a direction.
    """
    leaning = np.arctan2(ring.edges[:, 1], ring.edges[:, 0]) % RIGHT_ANGLE
    chosen: list[float] = []
    covered = np.zeros(len(leaning), dtype=bool)
    while len(chosen) < MOST_DIRECTIONS and ring.lengths[covered].sum() < MOSTLY * ring.lengths.sum():
        longest = int(np.argmax(np.where(covered, -1.0, ring.lengths)))
        chosen.append(float(leaning[longest]))
        covered |= _apart(leaning, chosen[-1]) < SAME_DIRECTION
    wanted = list(chosen)
    if ring.reflex.any():
        wanted.append((chosen[0] + RIGHT_ANGLE / 2.0) % RIGHT_ANGLE)
    if len(chosen) == MOST_DIRECTIONS:
        wanted.extend((chosen[0] + RIGHT_ANGLE * part) % RIGHT_ANGLE for part in (0.25, 0.5, 0.75))
    kept: list[float] = []
    for angle in wanted:
        if all(_apart(np.array([angle]), other)[0] >= SAME_DIRECTION for other in kept):
            kept.append(angle)
    return np.concatenate([kept, np.array(kept) + RIGHT_ANGLE])


def _apart(angles: Floats, angle: float) -> Floats:
    """Between directions that count the same when turned by a right angle, 0 to 45 degrees."""
    gap = np.abs(angles - angle) % RIGHT_ANGLE
    result: Floats = np.minimum(gap, RIGHT_ANGLE - gap)
    return result
