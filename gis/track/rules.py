"""Thresholds of a patrol, and the reasons that a fix can have."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why a fix adds no distance. All but the KEPT_REASONS also take it off the track."""

    CLOCK_OUT_OF_RANGE = "clock_out_of_range"
    OUTSIDE_SHIFT = "outside_shift"
    NULL_ISLAND = "null_island"
    MOCKED = "mocked"
    INACCURATE = "inaccurate"
    REPEAT = "repeat"
    TELEPORT = "teleport"
    TOO_FAST = "too_fast"
    GAP = "gap"
    STAYING = "staying"


KEPT_REASONS: Final = frozenset({Reason.GAP, Reason.STAYING})
"""The place is right: the first fix after a gap, and those of someone who stands."""


@dataclass(frozen=True, slots=True)
class TrackRules:
    """What counts as walking; each community may set its own.

    accuracy_m: a fix with a larger stated error does not count; one without a stated error does.
    slowest_m_s, fastest_m_s: a stretch below stands, a stretch above rides.
    gap_s: after a longer silence a new stretch begins, and what lies between is not counted.
    stay_radius_m, stay_s: someone who keeps within this radius for this long stands.
    scatter_s: over so long, someone stands when two in five fixes are within that radius.
    teleport_m_s: nothing that patrols can be so fast; a jump of the position, not a ride.
    smooth_s: half of the window over which positions are averaged before they are measured.
    wobble_m: how far the way is straightened before it is measured.
    """

    accuracy_m: float = 30.0
    slowest_m_s: float = 0.2
    fastest_m_s: float = 3.0
    gap_s: float = 120.0
    stay_radius_m: float = 15.0
    stay_s: float = 90.0
    scatter_s: float = 300.0
    teleport_m_s: float = 40.0
    smooth_s: float = 8.0
    wobble_m: float = 3.0
