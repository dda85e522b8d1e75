"""Whether a file lies beside the world by the shift of Chinese online maps: judged against what is known to lie right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from django.db import connection

from gis.crs import CHINA, CoordinateSystem
from gis.crs_shift import ShiftVerdict, judge_shift
from gis.sentence import Sentence
from twin.places.importing.coordinates import locate
from twin.places.importing.notes import FileRefused, Note, note
from twin.places.importing.opening import opened
from twin.places.importing.reading import read_table
from twin.places.importing.request import ImportRequest, Kind, Options
from twin.places.importing.table import Geometries

MOST_JUDGED = 30_000
AROUND_DEGREES = 0.02
"""The shift is at most 1.2 km."""
KNOWN = """
    SELECT ST_AsBinary({shape}) FROM {table}
    WHERE community_id = %s AND ended_at IS NULL AND (%s = '' OR source <> %s)
      AND {shape} && ST_MakeEnvelope(%s, %s, %s, %s, 4326)
    ORDER BY id LIMIT 200000
"""


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known to lie right, and where it is from."""

    name: str | Sentence
    geometries: Geometries


def judge(request: ImportRequest, geometries: Geometries, declared: CoordinateSystem) -> list[Note]:
    """Notes on the shift of these shapes (EPSG:4326). Raises FileRefused when they are shifted and nobody insists."""
    shapes = geometries[~shapely.is_missing(geometries)]
    if not len(shapes):
        return []
    if not _in_china(shapes):
        return [note("shift_cannot_happen_here")]
    if request.kind not in (Kind.BUILDINGS, Kind.STREETS):
        return [note("shift_is_judged_for_buildings_and_streets")]
    references = [*_from_files(request), *_from_community(request, shapes)]
    if not references:
        return [note("shift_has_no_reference")]
    unjudged = []
    for reference in references:
        layer, known = _window(shapes, reference.geometries)
        verdict = judge_shift(layer, known, declared)
        if verdict.agrees is None:
            unjudged.append(note("shift_cannot_be_judged", reference=reference.name, reason=verdict.reason))
        elif verdict.agrees:
            return [note("shift_is_none", reference=reference.name, overlap=_least(verdict))]
        else:
            return [_shifted(request, reference, verdict, declared)]
    return unjudged


CODES = {"GCJ-02": "shift_is_gcj02", "BD-09": "shift_is_bd09", "EPSG:4326": "shift_is_not_there"}


def _shifted(
    request: ImportRequest, reference: Reference, verdict: ShiftVerdict, declared: CoordinateSystem
) -> Note:
    really = verdict.system.code if verdict.system is not None else ""
    shares = verdict.overlaps
    details = {
        "reference": reference.name,
        "declared": declared.code,
        "really": really,
        "overlap": _percent(shares.get(declared.code, shares["EPSG:4326"])),
        "overlap_then": _percent(shares[really]),
    }
    if request.options.accept_shift:
        return note("shift_accepted", **details)
    raise FileRefused(CODES[really], where="crs", **details)


def _least(verdict: ShiftVerdict) -> str:
    assert verdict.system is not None
    return _percent(verdict.overlaps[verdict.system.code])


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _in_china(shapes: Geometries) -> bool:
    west, south, east, north = CHINA
    middle = shapely.get_coordinates(
        shapely.point_on_surface(shapely.make_valid(shapes[:: max(1, len(shapes) // 200)]))
    )
    inside = (middle >= (west, south)) & (middle <= (east, north))
    return bool(inside.all(axis=1).mean() > 0.5)


def _from_files(request: ImportRequest) -> list[Reference]:
    return [Reference(path.name, _reference_file(path, request.options)) for path in request.references]


def _reference_file(path: Path, options: Options) -> Geometries:
    with opened(path) as file:
        table = read_table(file, kind="streets", layer=None, encoding=None)
        located = locate(table, Options(crs=options.reference_crs), None)
    shapes = located.geometries[~shapely.is_missing(located.geometries)]
    dimensions = shapely.get_dimensions(shapes)
    for dimension in (1, 2):  # a file of roads that also has squares is a file of roads
        if (dimensions == dimension).mean() >= 0.5:
            return shapes[dimensions == dimension]
    raise FileRefused("reference_is_neither_streets_nor_buildings", where="reference", name=path.name)


def _from_community(request: ImportRequest, shapes: Geometries) -> list[Reference]:
    """Streets before buildings for buildings; buildings for streets. What this very source brought before proves nothing."""
    tables = [("places_building", "footprint", Sentence("buildings"), "")]
    if request.kind == Kind.BUILDINGS:
        tables = [
            ("places_street", "geometry", Sentence("streets"), ""),
            ("places_building", "footprint", Sentence("buildings"), request.source),
        ]
    west, south, east, north = shapely.total_bounds(shapes) + np.array([-1, -1, 1, 1]) * AROUND_DEGREES
    found = []
    with connection.cursor() as cursor:
        for table, shape, name, but in tables:
            cursor.execute(
                KNOWN.format(table=table, shape=shape),
                [request.community.pk, but, but, west, south, east, north],
            )
            known = shapely.from_wkb([bytes(row[0]) for row in cursor.fetchall()])
            if len(known):
                found.append(Reference(name, known))
    return found


def _window(shapes: Geometries, reference: Geometries) -> tuple[Geometries, Geometries]:
    """Both layers where they meet, narrowed to a part that can be judged in seconds; sampling single rows instead would
    thin out what the judgement counts."""
    box = np.array(shapely.total_bounds(reference)) + np.array([-1, -1, 1, 1]) * AROUND_DEGREES
    while True:
        there = shapely.box(*box)
        layer, known = (
            shapes[shapely.intersects(shapes, there)],
            reference[shapely.intersects(reference, there)],
        )
        if len(layer) + len(known) <= MOST_JUDGED or not len(layer):
            return layer, known
        middle = np.median(shapely.get_coordinates(shapely.centroid(layer)), axis=0)
        half = (box[2:] - box[:2]) / 4
        box = np.concatenate([middle - half, middle + half])
