"""What the community already knows from the same source, and how a row differs from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db import connection

from twin.places.importing.kinds.kind import PlaceKind
from twin.places.importing.notes import Note, note
from twin.places.importing.rows import Row, Verdict
from twin.places.importing.table import Geometries

SAME_DEGREES = 1e-8
"""A millimetre: a shape that another program has saved again has not moved."""
SAME_NUMBER = 1e-6
SHAPE = "shape"
FEW_JUMP, JUMPING_SHARE = 3, 0.2
KNOWN = """
    SELECT id, source_id, ST_AsBinary({shape}), {fields} FROM {table}
    WHERE community_id = %s AND source = %s AND ended_at IS NULL ORDER BY id {lock}
"""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    id: int
    shape: bytes
    values: dict[str, Any]


def known_places(
    kind: PlaceKind, community_id: int, source: str, extra: tuple[str, ...], lock: bool
) -> dict[str, KnownPlace]:
    """Standing places of this source by their id in it. lock: nobody may change them until the transaction ends."""
    fields = (*kind.fields, *extra)
    query = KNOWN.format(
        shape=kind.shape,
        fields=", ".join(fields),
        table=kind.model._meta.db_table,
        lock="FOR UPDATE" if lock else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [community_id, source])
        found: dict[str, KnownPlace] = {}
        for place_id, source_id, shape, *values in cursor:
            raw = b"" if shape is None else bytes(shape)
            found.setdefault(source_id, KnownPlace(place_id, raw, dict(zip(fields, values, strict=True))))
        return found


def compare(kind: PlaceKind, rows: list[Row], known: dict[str, KnownPlace]) -> None:
    """Give each wanted row its verdict: CREATE, CHANGE with the fields, or UNCHANGED."""
    met = [row for row in rows if row.is_wanted and row.source_id in known]
    moved = _moved(kind, met, [known[row.source_id] for row in met])
    for row, has_moved in zip(met, moved, strict=True):
        place = known[row.source_id]
        row.place_id = place.id
        row.changes = changed_fields(kind.fields, row, place.values)
        if has_moved:
            row.changes[SHAPE] = ("", "")
        row.verdict = Verdict.CHANGE if row.changes else Verdict.UNCHANGED


def ids_moved(rows: list[Row], known: dict[str, KnownPlace]) -> list[Note]:
    """A note when many places would jump: then the ids of the file mean other places than before."""
    met = [row for row in rows if row.place_id is not None and row.is_wanted]
    redrawn = [row for row in met if SHAPE in row.changes]
    then = shapely.from_wkb([known[row.source_id].shape or None for row in redrawn])
    apart = int(shapely.disjoint(np.array([row.shape for row in redrawn], dtype=object), then).sum())
    if apart <= max(FEW_JUMP, JUMPING_SHARE * len(met)):
        return []
    return [note("ids_moved", count=apart, rows=len(met))]


def changed_fields(fields: tuple[str, ...], row: Row, then: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What the row says differently. What was worked out changes only together with what it was worked out from: the
    place may know better by now."""
    said = {
        field: (then[field], row.values[field])
        for field in fields
        if field in row.values and field not in row.derived and not _same(then[field], row.values[field])
    }
    for field, basis in row.derived.items():
        if basis in said and not _same(then[field], row.values[field]):
            said[field] = (then[field], row.values[field])
    return said


def _same(then: Any, now: Any) -> bool:
    if isinstance(then, float) and isinstance(now, int | float):
        return abs(then - now) < SAME_NUMBER
    return bool(then == now)


def _moved(kind: PlaceKind, rows: list[Row], places: list[KnownPlace]) -> Geometries:
    if not rows:
        return np.zeros(0, dtype=bool)
    now = as_multi([row.shape for row in rows], kind.lines)
    then = shapely.from_wkb([place.shape or None for place in places])
    moved = shapely.to_wkb(now, byte_order=1) != shapely.to_wkb(then, byte_order=1)
    for index in np.flatnonzero(moved):
        if then[index] is not None:
            moved[index] = not shapely.equals_exact(now[index], then[index], SAME_DEGREES, normalize=True)
    return moved


def as_multi(shapes: list[Any], lines: bool) -> Geometries:
    """Multi-geometries, as the tables have them."""
    array = np.array(shapes, dtype=object)
    single = shapely.get_type_id(array) == (1 if lines else 3)
    for index in np.flatnonzero(single):
        array[index] = (
            shapely.multilinestrings([array[index]]) if lines else shapely.multipolygons([array[index]])
        )
    return array
