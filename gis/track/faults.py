"""Fixes that are wrong, found one by one or against their neighbours."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.measure import distances_m
from gis.track.fixes import Fixes, Floats, known_accuracy_m
from gis.track.rules import Reason, TrackRules

NULL_ISLAND_DEGREES: Final = 0.001
PROOF: Final = 3
"""So many fixes in a row that agree with each other outvote the place where someone was thought to be."""
RECENT_CHAINS: Final = 32
BESIDE: Final = 3
SPIKE_ERRORS: Final = 4.0
LEAST_ERROR_M: Final = 5.0
Marks: TypeAlias = NDArray[np.object_]
Seconds = tuple[float, float]


def mark_faults(fixes: Fixes, shift: Seconds | None, clock: Seconds | None, rules: TrackRules) -> Marks:
    """A Reason for every fix (n,) that is wrong by itself, None for the others; the first that applies.

    shift: from and until, Unix seconds, inclusive. clock: times that a phone can mean at all.
    """
    marks: Marks = np.full(len(fixes), None, dtype=object)
    place = np.isfinite(fixes.lon) & np.isfinite(fixes.lat)
    place &= (np.abs(fixes.lon) <= 180.0) & (np.abs(fixes.lat) <= 90.0)
    nowhere = np.maximum(np.abs(fixes.lon), np.abs(fixes.lat)) < NULL_ISLAND_DEGREES
    earliest, latest = clock or (-np.inf, np.inf)
    started, ended = shift or (-np.inf, np.inf)
    wrong = {
        Reason.CLOCK_OUT_OF_RANGE: ~((fixes.at >= earliest) & (fixes.at <= latest)),
        Reason.OUTSIDE_SHIFT: (fixes.at < started) | (fixes.at > ended),
        Reason.NULL_ISLAND: ~place | nowhere,
        Reason.MOCKED: fixes.mocked,
        Reason.INACCURATE: (fixes.accuracy_m > rules.accuracy_m) | (fixes.accuracy_m < 0.0),
    }
    for reason, applies in reversed(wrong.items()):
        marks[applies] = reason
    return marks


def mark_repeats(fixes: Fixes, marks: Marks) -> None:
    """Of fixes that tell the same second, keep the one with the smallest error (then the first). Changes
    `marks`.
    """
    good = unmarked(marks)
    error = np.where(np.isnan(fixes.accuracy_m[good]), np.inf, fixes.accuracy_m[good])
    order = good[np.lexsort((good, error, fixes.at[good]))]
    same = np.flatnonzero(np.diff(fixes.at[order], prepend=-np.inf) == 0.0)
    marks[order[same]] = Reason.REPEAT


def mark_teleports(fixes: Fixes, marks: Marks, rules: TrackRules) -> None:
    """Fixes that could only be reached faster than anything that patrols. Changes `marks`.

    Fixes in order of time. Three in a row that agree with each other are right, and so is the longest chain
    of fixes that can be reached from each other; where two that are right do not meet, there is a gap
    between.
    """
    good = unmarked(marks)
    if len(good) < 2:
        return
    marks[good[_spikes(fixes.rows(good), rules)]] = Reason.TELEPORT
    good = unmarked(marks)
    chains = _chains(fixes.rows(good), rules)
    believed = chains == np.argmax(np.bincount(chains))
    starts = np.flatnonzero(np.diff(chains, prepend=-1))
    lengths = np.diff(starts, append=len(chains))
    believed |= np.repeat(lengths >= PROOF, lengths)
    marks[good[~believed]] = Reason.TELEPORT


def _spikes(fixes: Fixes, rules: TrackRules) -> NDArray[np.bool_]:
    """Fixes far beside the middle of those around them, further than anyone walks there and back, (n,)."""

    def around(column: Floats) -> Floats:
        padded = np.pad(column, BESIDE, mode="edge")
        return np.lib.stride_tricks.sliding_window_view(padded, 2 * BESIDE + 1)

    lon, lat = (np.median(around(column), axis=1) for column in (fixes.lon, fixes.lat))
    half_span = np.ptp(around(fixes.at), axis=1) / 2.0
    error = known_accuracy_m(fixes.accuracy_m)
    allowed = SPIKE_ERRORS * np.maximum(error, LEAST_ERROR_M) + rules.fastest_m_s * half_span
    spikes: NDArray[np.bool_] = distances_m(lon, lat, fixes.lon, fixes.lat) > allowed
    return spikes


def reach_m(fixes: Fixes, rules: TrackRules) -> Floats:
    """How far each fix but the first can be from the one before it, (n - 1,), in metres."""
    error = known_accuracy_m(fixes.accuracy_m)
    return _reach(np.diff(fixes.at), error[:-1], error[1:], rules)


def _reach(seconds: Floats, error_m: Floats, other_error_m: Floats, rules: TrackRules) -> Floats:
    """By speed, and by both being wrong by twice what they say."""
    result: Floats = rules.teleport_m_s * seconds + 2.0 * (error_m + other_error_m)
    return result


def _chains(fixes: Fixes, rules: TrackRules) -> NDArray[np.int64]:
    """The number of the chain that each fix belongs to: one that it could be reached from; of several, the
    latest.
    """
    chain_of = np.zeros(len(fixes), dtype=np.int64)
    # Most fixes follow the one before: measure those steps at once and look closer where one is too long.
    step = distances_m(fixes.lon[:-1], fixes.lat[:-1], fixes.lon[1:], fixes.lat[1:])
    possible = np.append(False, step <= reach_m(fixes, rules)).tolist()
    ends: list[int] = []
    for index in range(len(fixes)):
        chain = int(chain_of[index - 1]) if possible[index] else _reachable(fixes, ends, index, rules)
        if chain == len(ends):
            ends.append(index)
        ends[chain] = index
        chain_of[index] = chain
    return chain_of


def _reachable(fixes: Fixes, ends: list[int], index: int, rules: TrackRules) -> int:
    """The chain whose end can reach a fix, the latest of them; a new number when there is none."""
    if not ends:
        return 0
    recent = np.argsort(ends)[-RECENT_CHAINS:]
    last, here = fixes.rows(np.array(ends)[recent]), fixes.rows([index])
    reach = _reach(
        here.at - last.at, known_accuracy_m(last.accuracy_m), known_accuracy_m(here.accuracy_m), rules
    )
    can = np.flatnonzero(distances_m(last.lon, last.lat, here.lon, here.lat) <= reach)
    return int(recent[can[-1]]) if len(can) else len(ends)


def unmarked(marks: Marks) -> NDArray[np.int64]:
    """Rows without a reason."""
    return np.flatnonzero([mark is None for mark in marks.tolist()])
