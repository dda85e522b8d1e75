"""Is a layer off by the GCJ-02 or BD-09 shift? Judged by what must not meet: roads and buildings.

In a real district 0.4 % of the road length lies under buildings when both layers agree, and 9 to 20 % when
one of them is off by the shift. So every possible shift is tried, and the one that clears the roads is
named, if it stands out enough. Buildings against known buildings work in the same way, and better when both
show the same houses.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.crs import BD09, GCJ02, WGS84, CoordinateSystem, Kind
from gis.flat_frame import FlatFrame
from gis.sentence import Sentence

Geometries = NDArray[np.object_]
Floats = NDArray[np.float64]

LEAST_ROAD_M: Final = 500.0
LEAST_BUILDINGS: Final = 20
CLEAR: Final = 0.03
"""Share of overlap that real layers have at most when they agree (bridges, passages, careless drawing)."""
TIMES_WORSE: Final = 3.0
WORSE_BY: Final = 0.01
SAME_HOUSES: Final = 0.5
"""Share of overlap above which two layers show the same houses."""
STANDS_OUT: Final = 0.15
IN_DEGREES: Final = (WGS84, GCJ02, BD09)


@dataclass(frozen=True, slots=True)
class ShiftVerdict:
    """What the numbers of a layer really are.

    system: one of WGS 84, GCJ-02, BD-09; None when it cannot be judged. agrees: whether that is what was
    declared; None when it cannot be judged. overlaps: by code, the share that overlaps if the numbers are
    of that system. reason: one sentence.
    """

    system: CoordinateSystem | None
    agrees: bool | None
    overlaps: dict[str, float]
    reason: Sentence


def judge_shift(layer: ArrayLike, reference: ArrayLike, declared: CoordinateSystem = WGS84) -> ShiftVerdict:
    """Whether a layer is shifted against a reference that is known to lie right.

    layer: shapely geometries in EPSG:4326, converted from the `declared` system already. reference: in
    EPSG:4326. One of them, or both, are polygons of buildings, the other may be lines of roads.
    """
    moved, fixed = _flat(layer), _flat(reference)
    kinds = (_is_area(moved), _is_area(fixed))
    if len(moved) == 0 or len(fixed) == 0 or None in kinds or kinds == (False, False):
        return _unjudged(Sentence("buildings are needed on one side and roads or buildings on the other"))
    taken_for = declared if declared.kind is Kind.SHIFTED else WGS84
    frame = FlatFrame.around(shapely.box(*shapely.total_bounds(fixed)))
    in_metres = frame.metre_geometry(fixed)
    overlaps: dict[str, float] = {}
    for system in IN_DEGREES:
        overlap = _overlap(frame.metre_geometry(reread(moved, taken_for, system)), in_metres)
        if overlap is None:
            return _unjudged(Sentence("too few buildings and roads lie near each other"))
        overlaps[system.code] = round(overlap, 5)
    return _judged(overlaps, taken_for, same_kind=kinds == (True, True))


def reread(geometries: ArrayLike, taken_for: CoordinateSystem, really: CoordinateSystem) -> Geometries:
    """Geometries in EPSG:4326 whose numbers were taken for one system and are of another, put right."""
    every = np.asarray(geometries, dtype=object)
    if taken_for == really:
        return every
    numbers = taken_for.geometry_from_lonlat(every)
    result: Geometries = really.lonlat_geometry(numbers)
    return result


def _judged(overlaps: dict[str, float], taken_for: CoordinateSystem, same_kind: bool) -> ShiftVerdict:
    ranked = sorted(overlaps, key=lambda code: overlaps[code])
    if same_kind and overlaps[ranked[-1]] >= SAME_HOUSES:
        best, second = ranked[-1], overlaps[ranked[-2]]
        if second > overlaps[best] - STANDS_OUT:
            return ShiftVerdict(None, None, overlaps, Sentence("two systems both fit known buildings"))
        reason = Sentence(
            "as %(best)s, %(share)s of the area covers known buildings",
            best=best,
            share=f"{overlaps[best]:.0%}",
        )
    else:
        best, second = ranked[0], overlaps[ranked[1]]
        if overlaps[best] > CLEAR:
            reason = Sentence(
                "even as %(best)s, %(share)s overlap with the reference",
                best=best,
                share=f"{overlaps[best]:.1%}",
            )
            return ShiftVerdict(None, None, overlaps, reason)
        if second < max(TIMES_WORSE * overlaps[best], overlaps[best] + WORSE_BY):
            reason = Sentence(
                "as %(other)s it fits nearly as well, %(share)s overlap",
                other=ranked[1],
                share=f"{second:.1%}",
            )
            return ShiftVerdict(None, None, overlaps, reason)
        reason = Sentence(
            "as %(best)s, %(share)s overlap with the reference; otherwise %(other)s or more",
            best=best,
            share=f"{overlaps[best]:.1%}",
            other=f"{second:.1%}",
        )
    system = next(each for each in IN_DEGREES if each.code == best)
    return ShiftVerdict(system, system == taken_for, overlaps, reason)


def _overlap(layer: Geometries, reference: Geometries) -> float | None:
    """Share of the smaller kind (roads before buildings, else the layer) that lies in the other; None for
    too little.
    """
    areas, measured = (layer, reference) if not _is_area(reference) else (reference, layer)
    measure = shapely.area if _is_area(measured) else shapely.length
    within = measured[shapely.intersects(measured, shapely.box(*shapely.total_bounds(areas)))]
    enough = len(within) >= LEAST_BUILDINGS if _is_area(measured) else measure(within).sum() >= LEAST_ROAD_M
    if len(areas) < LEAST_BUILDINGS or not enough:
        return None
    tree = shapely.STRtree(areas)
    one, other = tree.query(within, predicate="intersects")
    return float(measure(shapely.intersection(within[one], areas[other])).sum() / measure(within).sum())


def _flat(geometries: ArrayLike) -> Geometries:
    """Single valid parts, without heights, empty ones left out."""
    every = np.atleast_1d(np.asarray(geometries, dtype=object))
    parts = shapely.get_parts(shapely.make_valid(shapely.force_2d(every[~shapely.is_empty(every)])))
    result: Geometries = parts
    return result


def _is_area(geometries: Geometries) -> bool | None:
    """True for polygons, False for lines, None for anything else or a mixture."""
    dimensions = set(np.unique(shapely.get_dimensions(geometries)).tolist())
    return {frozenset({2}): True, frozenset({1}): False}.get(frozenset(dimensions))


def _unjudged(why: Sentence) -> ShiftVerdict:
    return ShiftVerdict(None, None, {}, why)
