"""Raw fixes to a track: what counts, where it went, and how far it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPoint

from gis.flat_frame import FlatFrame
from gis.measure import distances_m, length_m
from gis.track import faults, stays
from gis.track.fixes import Fixes, Floats
from gis.track.rules import Reason, TrackRules

DEFAULT_TOLERANCE_M: Final = 3.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the track without a gap, walked or stood.

    started_at, ended_at: Unix seconds. places: (n, 2) averaged positions in EPSG:4326, one for each fix
    that counts; a walk also has the middle of the stay before and after it. distance_m: 0 for a stay.
    """

    started_at: float
    ended_at: float
    staying: bool
    places: Floats
    distance_m: float

    @property
    def line(self) -> LineString:
        """The way in EPSG:4326; for someone who stands or was heard once, a line of no length at the
        middle.
        """
        if self.staying or len(self.places) < 2:
            middle = self.places.mean(axis=0)
            return LineString([middle, middle])
        return LineString(self.places)


@dataclass(frozen=True, slots=True)
class CleanTrack:
    """reasons: for each fix, in the order of the input, why it adds no distance; None for those walked.

    stretches: in order of time. distance_m: metres walked. walked_s, stayed_s: seconds.
    """

    reasons: tuple[Reason | None, ...]
    stretches: tuple[Stretch, ...]

    @property
    def distance_m(self) -> float:
        return float(sum(stretch.distance_m for stretch in self.stretches))

    @property
    def walked_s(self) -> float:
        return float(sum(each.ended_at - each.started_at for each in self.stretches if not each.staying))

    @property
    def stayed_s(self) -> float:
        return float(sum(each.ended_at - each.started_at for each in self.stretches if each.staying))


def clean(
    fixes: Fixes,
    *,
    shift: tuple[float, float] | None = None,
    clock: tuple[float, float] | None = None,
    rules: TrackRules | None = None,
) -> CleanTrack:
    """Judge every fix and measure the way.

    shift: from and until, Unix seconds; fixes outside do not count. clock: which times a phone can mean at
    all (1970 and 2036 it cannot). Nothing of the input is lost: every fix keeps its place in `reasons`.
    Same input, same answer, whatever the order and however often a fix was sent.
    """
    rules = rules or TrackRules()
    order = np.argsort(fixes.at, kind="stable")
    in_time = fixes.rows(order)
    marks = faults.mark_faults(in_time, shift, clock, rules)
    faults.mark_repeats(in_time, marks)
    faults.mark_teleports(in_time, marks, rules)
    stretches: list[Stretch] = []
    for rows in _without_gaps(in_time, marks, rules):
        stretches.extend(_measured(in_time, rows, marks, rules))
    reasons = np.full(len(fixes), None, dtype=object)
    reasons[order] = marks
    return CleanTrack(tuple(reasons), tuple(stretches))


def simplified(line: LineString, tolerance_m: float = DEFAULT_TOLERANCE_M) -> LineString:
    """A line in EPSG:4326 with fewer points, nowhere further than the tolerance from the given one."""
    if line.is_empty:
        return line
    frame = FlatFrame.around(line)
    return frame.lonlat_geometry(shapely.simplify(frame.metre_geometry(line), tolerance_m))


def _without_gaps(fixes: Fixes, marks: faults.Marks, rules: TrackRules) -> Iterator[NDArray[np.int64]]:
    """Rows that count, split where nothing was heard for too long or the place jumped. Marks the first
    after a gap.
    """
    good = faults.unmarked(marks)
    if len(good) == 0:
        return
    at, lon, lat = fixes.at[good], fixes.lon[good], fixes.lat[good]
    silence = np.diff(at)
    jumps = distances_m(lon[:-1], lat[:-1], lon[1:], lat[1:]) > faults.reach_m(fixes.rows(good), rules)
    breaks = np.flatnonzero((silence > rules.gap_s) | jumps) + 1
    marks[good[breaks]] = Reason.GAP
    yield from np.split(good, breaks)


def _measured(
    fixes: Fixes, rows: NDArray[np.int64], marks: faults.Marks, rules: TrackRules
) -> Iterator[Stretch]:
    """The stretches of rows without a gap. Marks rides and stays."""
    lonlat = np.column_stack([fixes.lon[rows], fixes.lat[rows]])
    frame = FlatFrame.around(MultiPoint(lonlat))
    at = fixes.at[rows]
    places = stays.averaged(at, frame.to_metres(lonlat), fixes.accuracy_m[rows], rules.smooth_s)
    stands = stays.standing(at, places, fixes.accuracy_m[rows], rules)
    rides = ~stands & (stays.speeds(at, places, rules.smooth_s) > rules.fastest_m_s)
    marks[rows[rides]] = Reason.TOO_FAST
    stayed = rows[stands]
    marks[stayed[faults.unmarked(marks[stayed])]] = Reason.STAYING
    for first, last in stays.runs(rides):
        if not rides[first]:
            part = slice(first, last + 1)
            yield from _stretches(at[part], places[part], stands[part], frame, rules)


def _stretches(
    at: Floats, places: Floats, stands: NDArray[np.bool_], frame: FlatFrame, rules: TrackRules
) -> Iterator[Stretch]:
    """A walk begins in the middle of the stay before it and ends in the middle of the one after."""
    parts = stays.runs(stands)
    middles = [np.median(places[first : last + 1], axis=0) for first, last in parts]
    for index, (first, last) in enumerate(parts):
        here = places[first : last + 1]
        if stands[first]:
            yield Stretch(float(at[first]), float(at[last]), True, frame.to_lonlat(here), 0.0)
            continue
        way = np.array([*middles[max(index - 1, 0) : index], *here, *middles[index + 1 : index + 2]])
        started, ended = at[max(first - 1, 0)], at[min(last + 1, len(at) - 1)]
        yield Stretch(float(started), float(ended), False, frame.to_lonlat(way), _length_m(way, frame, rules))


def _length_m(way: Floats, frame: FlatFrame, rules: TrackRules) -> float:
    """Metres of a way (n, 2), its wobble straightened."""
    if len(way) < 2:
        return 0.0
    return length_m(frame.lonlat_geometry(shapely.simplify(LineString(way), rules.wobble_m)))
