"""Walking against standing.

Two signs tell that someone stands. Over some minutes two in five of the places lie within the stay radius
of their middle, however wide the others scatter: that is GPS noise. Or, for a shorter stop under a clear
sky, a position that is dragged behind the fixes on a rope of that radius is not moved for long enough. What
moves away from a stay and is back before a stop could have been one belongs to it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis.track.fixes import known_accuracy_m
from gis.track.rules import TrackRules

Floats = NDArray[np.float64]
LEAST_ACCURACY_M: Final = 3.0
LEAST_SCATTER: Final = 4
ENOUGH: Final = 12
NEAR_SHARE: Final = 0.4
MOST_OF_IT: Final = 0.75
SOME: Final = 20
STRIDES: Final = 5
"""Looked at so often within the time that scattering takes to be told."""


def averaged(at: Floats, places: Floats, accuracy_m: Floats, half_window_s: float) -> Floats:
    """Each place (n, 2), in metres, as the mean of those within half a window of time, the more exact ones
    counting more.

    The window is cut to the same length on both sides, so that the two ends stay where they are.
    """
    weight = 1.0 / np.maximum(known_accuracy_m(accuracy_m), LEAST_ACCURACY_M) ** 2
    half = np.minimum(half_window_s, np.minimum(at - at[0], at[-1] - at))
    first = np.searchsorted(at, at - half, side="left")
    last = np.searchsorted(at, at + half, side="right")
    sums = np.concatenate(
        [np.zeros((1, 3)), np.cumsum(np.column_stack([places * weight[:, None], weight]), axis=0)]
    )
    total = sums[last] - sums[first]
    result: Floats = total[:, :2] / total[:, 2:]
    return result


def standing(at: Floats, places: Floats, accuracy_m: Floats, rules: TrackRules) -> NDArray[np.bool_]:
    """Which of the places (n, 2), in metres, belong to someone who stands, (n,)."""
    stands = _scattering(at, places, accuracy_m, rules)
    slack = _slack(places, rules.stay_radius_m)
    for first, last in runs(slack):
        if slack[first] and at[last] - at[first] >= rules.stay_s:
            stands[first : last + 1] = True
    _absorb_short_ways(at, places, stands, rules)
    return stands


def _scattering(at: Floats, places: Floats, accuracy_m: Floats, rules: TrackRules) -> NDArray[np.bool_]:
    """Places around a middle that many of the places of some minutes are near.

    Near is within the stay radius, or as far as the phone itself says that it may be wrong.
    """
    error = known_accuracy_m(accuracy_m)
    found = np.zeros(len(at), dtype=bool)
    window_s = max(rules.scatter_s, ENOUGH * _interval(at))
    final = max(float(at[-1]) - window_s, float(at[0]))
    begins = np.append(np.arange(at[0], final, window_s / STRIDES), final)
    firsts = np.searchsorted(at, begins, side="left")
    lasts = np.searchsorted(at, begins + window_s, side="right")
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        if last - first < LEAST_SCATTER or at[last - 1] - at[first] < MOST_OF_IT * window_s:
            continue
        near = places[first:last]
        far = np.hypot(*(near - np.median(near, axis=0)).T)
        radius = max(rules.stay_radius_m, float(np.median(error[first:last])))
        if np.mean(far <= radius) >= NEAR_SHARE:
            found[first:last] |= far <= 2.0 * radius
    return found


def _absorb_short_ways(at: Floats, places: Floats, stands: NDArray[np.bool_], rules: TrackRules) -> None:
    """Ways too short or too slow to be any become part of the stay beside them. Changes `stands`."""
    brief_s = max(rules.stay_s, 2.5 * _interval(at))
    for first, last in runs(stands):
        if stands[first]:
            continue
        begin, end = max(first - 1, 0), min(last + 1, len(at) - 1)
        seconds, way = at[end] - at[begin], places[first : last + 1]
        before, after = places[max(first - SOME, 0) : first], places[last + 1 : last + 1 + SOME]
        middles = [np.median(side, axis=0) for side in (before, after) if len(side)]
        if len(middles) == 2 and seconds < brief_s:
            apart = np.hypot(*(middles[0] - middles[1]))
            stands[first : last + 1] = apart <= 2.0 * rules.stay_radius_m
        elif len(middles) == 1 and seconds < rules.scatter_s:
            farthest = np.hypot(*(way - middles[0]).T).max()
            stands[first : last + 1] = farthest <= 3.0 * rules.stay_radius_m
        walked = np.hypot(*np.diff(places[begin : last + 1], axis=0).T).sum()
        if walked < rules.slowest_m_s * (at[last] - at[begin]):
            stands[first : last + 1] = True


def _interval(at: Floats) -> float:
    return float(np.median(np.diff(at))) if len(at) > 1 else 0.0


def speeds(at: Floats, places: Floats, half_window_s: float) -> Floats:
    """Metres per second at each place (n, 2), straight from half a window before to half a window after."""
    first = np.searchsorted(at, at - half_window_s, side="left")
    last = np.minimum(np.searchsorted(at, at + half_window_s, side="right"), len(at)) - 1
    seconds = at[last] - at[first]
    metres = np.hypot(*(places[last] - places[first]).T)
    result: Floats = np.where(seconds > 0.0, metres / np.maximum(seconds, 1e-9), 0.0)
    return result


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last index of every run of equal values."""
    if len(flags) == 0:
        return []
    starts = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=2) != 0)
    return list(zip(starts.tolist(), [*(starts[1:] - 1).tolist(), len(flags) - 1], strict=True))


def _slack(places: Floats, rope_m: float) -> NDArray[np.bool_]:
    """Whether each place lies within the rope's length of what it drags."""
    slack = np.ones(len(places), dtype=bool)
    x, y = float(places[0, 0]), float(places[0, 1])
    for index, (next_x, next_y) in enumerate(places.tolist()):
        far = ((next_x - x) ** 2 + (next_y - y) ** 2) ** 0.5
        if far > rope_m:
            slack[index] = False
            pulled = 1.0 - rope_m / far
            x, y = x + (next_x - x) * pulled, y + (next_y - y) * pulled
    return slack
