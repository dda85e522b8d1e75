"""Which rows are the same thing: now (pieces that share an id) and in the next file (the id in the source).

A file without ids gets them from what does not change by itself: a name where names are unique, else the shape.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
import shapely

from gis.flat_frame import metres_per_degree
from twin.places.importing.columns import Columns, column_named, usual_columns
from twin.places.importing.notes import FileRefused, Note, note
from twin.places.importing.numbers import is_nothing
from twin.places.importing.synonyms import IDS, OSM_WAY_ID
from twin.places.importing.table import Geometries, Table

LONGEST_ID = 120
SHAPE = "shape-"
MOST_PIECES = 500
CONFLICTS_OF_AN_ID = 0.1
FEW_CONFLICTS = 2
"""Two namesakes are a slip of the pen; a tenth of the rows is a column that never was an id."""
PRECISION_DEGREES = 1e-7
"""A centimetre: the same drawing saved by another program keeps its id."""


@dataclass(slots=True)
class Identity:
    """ids: one for each row. pieces: rows that are one thing, in the order of the file, for ids that come more than once.
    conflicts: rows that share an id but cannot be one thing. basis: "column", "feature_id", "name" or "shape"."""

    ids: list[str]
    basis: str
    column: str = ""
    pieces: dict[str, list[int]] = field(default_factory=dict)
    conflicts: dict[str, list[int]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    without: list[int] = field(default_factory=list)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that ids were read from."""
        return (self.column, OSM_WAY_ID) if self.column.casefold() == "osm_id" else (self.column,)


@dataclass(frozen=True, slots=True)
class Rule:
    """How a kind of place is told apart. names: our fields that together are unique, or none. apart_m: how far parts of one
    thing may lie apart: a building's within a yard (namesakes stand in other streets), a road's anywhere."""

    names: tuple[str, ...] = ()
    apart_m: float = np.inf


def identify(
    table: Table, geometries: Geometries, columns: Columns, stated: str | None, rule: Rule
) -> Identity:
    """stated: the column that the sender says holds the id, None to look for one. Raises FileRefused when it holds none."""
    rejected: list[Note] = []
    for basis, column, ids in _candidates(table, stated):
        found = _judged(Identity(ids, basis, column), geometries, rule)
        crowded = sum(len(rows) for rows in found.conflicts.values())
        if stated is None and crowded > max(CONFLICTS_OF_AN_ID * len(ids), FEW_CONFLICTS):
            rejected.append(note("column_is_no_id", column=column or "id", count=crowded))
            continue
        found.notes = rejected
        return _completed(found, table, geometries, columns, rule)
    named = bool(rule.names) and columns.has(rule.names[-1])
    found = Identity([""] * len(table), "name" if named else "shape", notes=rejected)
    return _completed(found, table, geometries, columns, rule)


def _candidates(table: Table, stated: str | None) -> Iterable[tuple[str, str, list[str]]]:
    if stated is not None:
        if stated:
            column = column_named(table, stated)
            yield "column", column, _texts(table, column)
        return
    usual = usual_columns(table, IDS)
    way = usual_columns(table, [OSM_WAY_ID])
    for column in usual:
        ids = _texts(table, column)
        if way and column.casefold() == "osm_id":  # OpenStreetMap counts areas and ways apart
            ids = [f"relation/{one}" if one else one for one in ids]
            ids = [
                one or (f"way/{other}" if other else "")
                for one, other in zip(ids, _texts(table, way[0]), strict=True)
            ]
        if sum(map(bool, ids)) >= 0.9 * len(ids):
            yield "column", column, ids
    if table.feature_ids:
        yield "feature_id", "", [one or "" for one in table.feature_ids]


def _texts(table: Table, column: str) -> list[str]:
    return [_text(value) for value in table.columns[column]]


def _text(value: object) -> str:
    if is_nothing(value):
        return ""
    if isinstance(value, float) and value == int(value):
        value = int(value)  # a column of whole numbers with gaps arrives as floats
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    if len(text) > LONGEST_ID:
        return f"{text[: LONGEST_ID - 17]}-{sha256(text.encode()).hexdigest()[:16]}"
    return text


def _judged(found: Identity, geometries: Geometries, rule: Rule) -> Identity:
    groups: dict[str, list[int]] = defaultdict(list)
    for row, one in enumerate(found.ids):
        if one:
            groups[one].append(row)
    for one, rows in groups.items():
        if len(rows) == 1:
            continue
        are_one = np.isinf(rule.apart_m) or (
            len(rows) <= MOST_PIECES and gap_m(geometries[rows], rule.apart_m) <= rule.apart_m
        )
        (found.pieces if are_one else found.conflicts)[one] = rows
    return found


def gap_m(shapes: Geometries, most_m: float = np.inf) -> float:
    """The widest gap between shapes (EPSG:4326) when each is tied to its nearest neighbour in one tree, in metres.

    Beyond `most_m` it is not looked for.
    """
    there = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    if len(there) < 2:
        return 0.0
    scale = metres_per_degree(float(shapely.bounds(there[0])[1]))
    flat = shapely.transform(shapely.force_2d(there), lambda points: points * scale)
    joined, rest, widest = [0], set(range(1, len(flat))), 0.0
    nearest = shapely.distance(flat[0], flat)
    while rest:
        following = min(rest, key=lambda row: float(nearest[row]))
        widest = max(widest, float(nearest[following]))
        if widest > most_m:
            return widest
        rest.discard(following)
        joined.append(following)
        nearest = np.minimum(nearest, shapely.distance(flat[following], flat))
    return widest


def _completed(
    found: Identity, table: Table, geometries: Geometries, columns: Columns, rule: Rule
) -> Identity:
    """Ids for rows without one. Rows of one name are pieces of one thing; rows of one shape are repeats."""
    found.without = [row for row, one in enumerate(found.ids) if not one]
    if found.basis == "column" and len(found.without) == len(found.ids) and found.ids:
        raise FileRefused("id_column_is_empty", where="fields", column=found.column)
    by_shape = shape_ids(geometries[found.without])
    for row, shape in zip(found.without, by_shape, strict=True):
        words = [_text(columns.cell(table, row, name)) for name in rule.names]
        found.ids[row] = _text("/".join(word for word in words if word)) if words and words[-1] else shape
    if found.basis == "name":
        _judged(found, geometries, rule)
        for one in [one for one in found.pieces if one.startswith(SHAPE)]:
            del found.pieces[one]
    return found


def shape_ids(shapes: Geometries) -> list[str]:
    """For each shape an id that is the same for the same shape, wherever its ring begins; "" for none."""
    if not len(shapes):
        return []
    there = shapes.copy()
    there[shapely.is_empty(there)] = None
    snapped = shapely.transform(shapely.force_2d(there), lambda points: np.round(points / PRECISION_DEGREES))
    raw = shapely.to_wkb(shapely.normalize(snapped))
    return ["" if one is None else SHAPE + sha256(one).hexdigest()[:20] for one in raw]
