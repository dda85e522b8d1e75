"""The plan: what would be done with every row of a file. A dry run is a plan that is looked at; nothing is written here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import shapely

from twin.base.runs import report_of
from twin.places.importing.columns import SOURCE_ID, Columns, columns_of
from twin.places.importing.coordinates import Located, box_around, locate
from twin.places.importing.grid_tree import Tree
from twin.places.importing.identity import Identity, identify
from twin.places.importing.kinds import Context, PlaceKind, kind_of
from twin.places.importing.known import KnownPlace, known_places
from twin.places.importing.notes import Note, RowRefused, note
from twin.places.importing.numbers import plain
from twin.places.importing.opening import opened
from twin.places.importing.outlines import shape_areas, shape_lines
from twin.places.importing.pieces import join_pieces, set_aside
from twin.places.importing.plan_kinds import finish
from twin.places.importing.reading import read_table
from twin.places.importing.request import ImportRequest, Kind, Progress, silent
from twin.places.importing.rows import Cells, Row, Verdict
from twin.places.importing.shifts import judge
from twin.places.importing.surroundings import box_of_community, look_for_strays, outside_boundary
from twin.places.importing.table import Table
from twin.places.models import Compound

UNKNOWN_WORDS_TOLD = 12
EXTRA: dict[str, tuple[str, ...]] = {Kind.BUILDINGS: ("grid_id", "grid_decided", "cut")}
"""What else of a known place decides about its row, beside what a file can say."""


@dataclass(slots=True)
class Plan:
    """rows: every row of the file, in its order. notes: on the whole file. tree: of grids only. endings: places of this
    source that are not in the file and end; missing: how many are not in the file and stay as they are."""

    request: ImportRequest
    kind: PlaceKind
    rows: list[Row]
    notes: list[Note]
    read_as: dict[str, Any]
    known: dict[str, KnownPlace] = field(default_factory=dict)
    tree: Tree | None = None
    endings: list[Row] = field(default_factory=list)
    missing: int = 0

    @property
    def entries(self) -> list[Row]:
        """Everything that the report tells one by one."""
        return [*self.rows, *self.endings]

    @property
    def counts(self) -> dict[str, int]:
        """Rows by verdict, and how many places that makes."""
        by_verdict = Counter(row.verdict for row in self.entries)
        counts = {verdict: by_verdict.get(verdict, 0) for verdict in Verdict.values}
        noted = sum(1 for row in self.rows if row.notes and row.verdict != Verdict.REFUSE)
        return {"rows": len(self.rows), **counts, "noted": noted, "missing": self.missing}

    def digest(self) -> str:
        """The same for the same plan: what was shown is what may be applied."""
        seen = sha256()
        for row in self.entries:
            seen.update(f"{row.number}|{row.verdict}|{row.source_id}|{row.place_id}|{row.changes}\n".encode())
        return seen.hexdigest()

    def report(self) -> dict[str, Any]:
        """As stored and sent."""
        return report_of(
            read_as=self.read_as,
            counts=self.counts,
            notes=self.notes,
            rows=self.entries,
            digest=self.digest(),
        )


def make_plan(request: ImportRequest, *, lock: bool = False, progress: Progress = silent) -> Plan:
    """Read a file and say what would become of each row. Raises FileRefused for the whole of it.

    lock: inside a transaction that will apply the plan: what it compares with stays as it is until then.
    """
    progress("read", 0, 1)
    options = request.options
    with opened(request.path, layer=options.layer) as file:
        table = read_table(file, kind=request.kind, layer=options.layer, encoding=options.encoding)
    progress("read", 1, 1)
    located = locate(table, options, box_around([box_of_community(request.community)]))
    notes = [*table.notes, *located.notes, *judge(request, located.geometries, located.system)]
    kind = kind_of(request.kind)
    columns = columns_of(table, request.kind, options.fields, options.constants)
    _know_heights(table, columns, located)
    identity = identify(table, located.geometries, columns, options.fields.get(SOURCE_ID), kind.rule)
    rows = _rows(table, identity, located)
    context = _context(request)
    notes += _read_rows(rows, table, columns, identity, located, kind, context, progress)
    look_for_strays(rows)
    progress("compare", 0, len(rows))
    plan = Plan(request, kind, rows, notes, _read_as(table, columns, identity, located))
    extra = EXTRA.get(kind.name, ())
    plan.known = known_places(kind, request.community.pk, request.source, extra, lock)
    finish(plan, context)
    plan.notes += [*identity.notes, *_identity_notes(identity), *outside_boundary(request.community, rows)]
    plan.notes += [*_words(context, columns, request), *_unread(columns, identity)]
    progress("compare", len(rows), len(rows))
    return plan


def _know_heights(table: Table, columns: Columns, located: Located) -> None:
    """Heights of bodies given by their faces, where no column tells them."""
    if located.face_heights and "geometry_height" not in table.columns:
        table.columns["geometry_height"] = [located.face_heights.get(row) for row in range(len(table))]
        columns.of["height"] = (*columns.of.get("height", ()), "geometry_height")


def _rows(table: Table, identity: Identity, located: Located) -> list[Row]:
    rows = [Row(index + 1, source_id) for index, source_id in enumerate(identity.ids)]
    for index, found in table.row_notes.items():
        rows[index].notes += found
    for index, code in table.broken.items():
        rows[index].refuse(code)
    for index in located.nowhere:
        rows[index].refuse("outside_system", system=str(located.system))
    if identity.basis in ("column", "feature_id"):
        for index in identity.without:
            if rows[index].is_wanted:
                rows[index].note("id_is_missing", id=rows[index].source_id)
    return rows


def _context(request: ImportRequest) -> Context:
    context = Context(request.community, request.options.default_floors)
    if request.kind == Kind.BUILDINGS:
        standing = Compound.objects.standing().filter(community=request.community).values_list("name", "id")
        context.compounds = {plain(name): place_id for name, place_id in standing}
    return context


def _read_rows(
    rows: list[Row], table: Table, columns: Columns, identity: Identity, located: Located, kind: PlaceKind,
    context: Context, progress: Progress,
) -> list[Note]:  # fmt: skip
    """Shapes, pieces and values into the rows."""
    set_aside(rows, identity, located.geometries, kind.lines)
    (shape_lines if kind.lines else shape_areas)(rows, located.geometries)
    cells = join_pieces(rows, identity, kind.lines)
    for index, row in enumerate(rows):
        if index % 2000 == 0:
            progress("read_rows", index, len(rows))
        if not row.is_wanted:
            continue
        read = Cells(table, columns, cells.get(index, [index]))
        try:
            kind.read(read, row, context)
        except RowRefused as refused:
            row.refuse(refused.note.code, **refused.note.details)
        if read.differing:
            row.note("pieces_differ", fields=", ".join(read.differing))
    progress("read_rows", len(rows), len(rows))
    return [] if len(rows) else [note("no_rows")]


def _read_as(table: Table, columns: Columns, identity: Identity, located: Located) -> dict[str, Any]:
    return {
        "format": table.format,
        "layer": table.layer,
        "encoding": table.encoding,
        "system": located.system.code,
        "system_name": located.system.name,
        "system_how": located.how,
        "columns": {name: list(found) for name, found in columns.of.items()},
        "constants": dict(columns.constants),
        "unread": list(columns.unread),
        "id": identity.basis,
        "id_column": identity.column,
        "box": _box(located),
    }


def _box(located: Located) -> list[float]:
    there = located.geometries[~shapely.is_missing(located.geometries)]
    return [round(float(edge), 6) for edge in shapely.total_bounds(there)] if len(there) else []


def _identity_notes(identity: Identity) -> list[Note]:
    if not identity.ids:
        return []
    if identity.basis == "column":
        return [note("id_from_column", column=identity.column)]
    return [
        note(
            {"feature_id": "id_from_feature", "name": "id_from_name", "shape": "id_from_shape"}[
                identity.basis
            ]
        )
    ]


def _unread(columns: Columns, identity: Identity) -> list[Note]:
    left = [column for column in columns.unread if column not in identity.columns]
    return [note("columns_not_read", columns=", ".join(left))] if left else []


def _words(context: Context, columns: Columns, request: ImportRequest) -> list[Note]:
    notes = []
    if context.unknown_words:
        most = sorted(context.unknown_words.items(), key=lambda item: (-item[1], item[0]))[
            :UNKNOWN_WORDS_TOLD
        ]
        words = ", ".join(f"{word} ({count})" for word, count in most)
        notes.append(note("words_not_known", words=words, count=sum(context.unknown_words.values())))
    if request.kind == Kind.BUILDINGS and not columns.has("use"):
        notes.append(note("use_is_not_stated"))
    return notes
