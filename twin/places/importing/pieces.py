"""Rows that share an id become one place: pieces cut at tile seams grow together, labels lend their names."""

from __future__ import annotations

import numpy as np
import shapely

from gis.footprint import Repair, joined
from twin.places.importing.identity import Identity, gap_m
from twin.places.importing.outlines import square_metres
from twin.places.importing.rows import Row
from twin.places.importing.table import Geometries

APART_M = 1.0
MOST_SHARED = 0.05


def set_aside(rows: list[Row], identity: Identity, shapes: Geometries, lines: bool) -> None:
    """Before shapes are judged: refuse rows that share an id but cannot be one thing, and take labels for what they are."""
    for one, numbers in identity.conflicts.items():
        for index in numbers:
            others = [rows[other].number for other in numbers if other != index]
            rows[index].refuse("id_is_not_unique", id=one, rows=_listed(others))
    dimension = 1 if lines else 2
    for indexes in identity.pieces.values():
        dimensions = shapely.get_dimensions(shapes[indexes])
        main = next((rows[i] for i, d in zip(indexes, dimensions, strict=True) if d == dimension), None)
        if main is None:
            continue
        for index, found in zip(indexes, dimensions, strict=True):
            if found == 0:
                rows[index].join(main)
                rows[index].note("is_a_label", row=main.number)


def join_pieces(rows: list[Row], identity: Identity, lines: bool) -> dict[int, list[int]]:
    """Give the first row of each id the shape of all its pieces. Returns, by row index, the rows to read it from: the largest
    piece first, labels last."""
    cells: dict[int, list[int]] = {}
    for indexes in identity.pieces.values():
        sound = [index for index in indexes if rows[index].is_wanted]
        labels = [index for index in indexes if rows[index].joined_into is not None]
        if not sound:
            for index in labels:
                rows[index].joined_into = None
                rows[index].refuse("point_where_area_is_needed")
            continue
        main = sound[0]
        for index in labels:
            rows[index].joined_into = rows[main].number
        size = shapely.length if lines else shapely.area
        sizes = {index: float(size(rows[index].shape)) for index in sound}
        cells[main] = [*sorted(sound, key=lambda index: (-sizes[index], index)), *labels]
        if len(sound) > 1:
            _join(rows, sound, lines)
    return cells


def _join(rows: list[Row], sound: list[int], lines: bool) -> None:
    main, *others = (rows[index] for index in sound)
    shapes = np.array([rows[index].shape for index in sound], dtype=object)
    if lines:
        main.shape = shapely.line_merge(shapely.union_all(shapes))
        main.note("pieces_joined", count=len(shapes), rows=_listed([row.number for row in others]))
    else:
        outline = joined(list(shapes))
        main.shape = outline.geometry
        kinds = {one.repair for one in outline.notes}
        code = "pieces_joined" if Repair.JOINED in kinds else "same_piece_repeated"
        main.note(code, count=len(shapes), rows=_listed([row.number for row in others]))
        _note_layout(main, shapes)
    for row in others:
        row.join(main)


def _note_layout(main: Row, shapes: Geometries) -> None:
    gap = gap_m(shapely.get_parts(np.array([main.shape], dtype=object)))
    if gap > APART_M:
        main.note("parts_stand_apart", gap_m=round(gap, 1))
    different = shapes[np.unique(shapely.to_wkb(shapely.normalize(shapes)), return_index=True)[1]]
    whole = float(square_metres(np.array([main.shape]))[0])
    if square_metres(different).sum() > (1 + MOST_SHARED) * whole:
        main.note("pieces_overlap")


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return f"{shown}, …" if len(numbers) > 10 else shown
