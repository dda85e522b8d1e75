"""Carrying a plan out: one transaction, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from twin.accounts.models import User
from twin.base.errors import Conflict
from twin.base.events import emit
from twin.base.patience import be_patient
from twin.base.refusals import reason_later
from twin.base.verbs import verb
from twin.places.actions.bulk import add_places, change_places, copy_rows, end_places
from twin.places.actions.grids import (
    close_grids,
    draw_grids,
    move_grid,
    place_buildings_in,
    reshape_grid,
    settle_grids,
)
from twin.places.actions.holding import hold_grids, take_grids
from twin.places.actions.placing import place_buildings
from twin.places.importing.events import BuildingsImported, PlacesImported
from twin.places.importing.grid_moves import PARENT
from twin.places.importing.grid_tree import Tree
from twin.places.importing.known import SHAPE, as_multi
from twin.places.importing.notes import storable
from twin.places.importing.plan import Plan, make_plan
from twin.places.importing.request import ImportRequest, Kind, Progress, silent
from twin.places.importing.rows import Row, Verdict
from twin.places.importing.shapes import geos
from twin.places.models import Building, Compound, Grid
from twin.places.models.importing import ImportRow, ImportRun

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('places_import', %s))"
NOBODY_TYPES = "\ue000"
"""A letter that Unicode leaves to private use."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A plan that was carried out, and its record."""

    plan: Plan
    run: ImportRun
    moved: int


@verb
def apply_import(
    *,
    request: ImportRequest,
    run: ImportRun | None = None,
    expected_digest: str | None = None,
    by: User | None = None,
    sha256: str = "",
    progress: Progress = silent,
) -> Applied:
    """Plan once more, now with everything locked that the plan rests on, and do it.

    expected_digest: of the plan that somebody looked at. Raises FileRefused, and Conflict when the world has moved on
    since then (`plan_changed`) or for what no check foresaw (`refused_by_database`): then nothing is changed.
    """
    one_at_a_time(request.community.pk)
    if request.kind == Kind.GRIDS:
        take_grids(request.community.pk)
    elif request.kind == Kind.BUILDINGS:
        hold_grids(request.community.pk)
    plan = make_plan(request, lock=True, progress=progress)
    if expected_digest is not None and plan.digest() != expected_digest:
        raise Conflict(
            "The community has changed since the dry run; look at the new report, then apply.",
            code="plan_changed",
        )
    moved = _write(plan, progress)
    record = _record(plan, run, by, sha256)
    _tell(plan, record)
    return Applied(plan, record, moved)


def _write(plan: Plan, progress: Progress) -> int:
    """Returns how many buildings moved. What speaks at the commit is asked here, while it can still be told."""
    try:
        is_grids = plan.request.kind == Kind.GRIDS
        moved = _apply_grids(plan, progress) if is_grids else _apply_places(plan, progress)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise Conflict(
            "The database refuses this import: %(reason)s",
            reason=reason_later(error),
            code="refused_by_database",
        ) from error
    return moved


def one_at_a_time(community_id: int) -> None:
    """Wait until no other import of this community is being applied. Inside a verb only."""
    be_patient()
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [community_id])


def _apply_places(plan: Plan, progress: Progress) -> int:
    """Returns how many buildings moved to another grid."""
    request, kind = plan.request, plan.kind
    ending = _ending(plan)
    end_places(
        model=kind.model, community_id=request.community.pk, ids=ending,
        told=lambda done: progress("end", done, len(ending)),
    )  # fmt: skip
    if kind.model is Compound:
        _give_up_names(Compound, plan.rows)
    new = [row for row in plan.rows if row.verdict == Verdict.CREATE]
    changed = [row for row in plan.rows if row.verdict == Verdict.CHANGE]
    shapes = as_multi([row.shape for row in new], kind.lines)
    ids = add_places(
        model=kind.model,
        community_id=request.community.pk,
        source=request.source,
        rows=[
            {**row.values, "source_id": row.source_id, kind.shape: shape}
            for row, shape in zip(new, shapes, strict=True)
        ],
        told=lambda done: progress("create", done, len(new)),
    )
    for row in new:
        row.place_id = ids[row.source_id]
    moved = change_places(
        model=kind.model,
        community_id=request.community.pk,
        changes={row.place_id: _changed_values(plan, row) for row in changed if row.place_id is not None},
        told=lambda done: progress("change", done, len(changed)),
    )
    return len(moved)


def _changed_values(plan: Plan, row: Row) -> dict[str, Any]:
    values = {field: now for field, (_, now) in row.changes.items() if field != SHAPE}
    if SHAPE in row.changes:
        values[plan.kind.shape] = as_multi([row.shape], plan.kind.lines)[0]
    return values


def _apply_grids(plan: Plan, progress: Progress) -> int:
    """What ends is closed first, for its name and ground to be free, and names that will go are given up; then parents
    before children. Buildings that an inner or ended grid now holds go where they lie. Returns how many of those moved."""
    if plan.tree is None:
        return 0
    closed = close_grids(grids=Grid.objects.filter(pk__in=_ending(plan)))
    _give_up_names(Grid, plan.tree.order)
    drawn, done = [], 0
    for rows in _together(plan.tree):
        progress("create", done, len(plan.tree.order))
        if rows[0].verdict == Verdict.CREATE:
            drawn += _draw(plan, rows)
        elif rows[0].verdict == Verdict.CHANGE:
            _change_grid(rows[0], _parent_id(plan.tree, rows[0]))
        done += len(rows)
    settled = settle_grids(grids=closed)
    inner = {grid.parent_id for grid in drawn}
    held = place_buildings(Building.objects.standing().filter(grid__in=inner))
    return len({*settled, *place_buildings_in([grid.pk for grid in drawn]), *held})


def _together(tree: Tree) -> Iterator[list[Row]]:
    """New grids that may be drawn at once: those in a row whose parents are drawn already. Others one by one."""
    new: dict[int, Row] = {}
    for row in tree.order:
        parent = tree.parents[row.number]
        waits = isinstance(parent, Row) and parent.number in new
        if new and (waits or row.verdict != Verdict.CREATE):
            yield list(new.values())
            new = {}
        if row.verdict == Verdict.CREATE:
            new[row.number] = row
        else:
            yield [row]
    if new:
        yield list(new.values())


def _draw(plan: Plan, rows: list[Row]) -> list[Grid]:
    assert plan.tree is not None
    made = [
        Grid(
            community=plan.request.community,
            parent_id=_parent_id(plan.tree, row),
            geometry=geos(row.shape),
            source=plan.request.source,
            source_id=row.source_id,
            **row.values,
        )
        for row in rows
    ]
    for row, grid in zip(
        rows, draw_grids(community=plan.request.community, grids=made, place=False), strict=True
    ):
        row.place_id = grid.pk
    return made


def _parent_id(tree: Tree, row: Row) -> int | None:
    parent = tree.parents[row.number]
    return parent.place_id if isinstance(parent, Row) else parent


def _give_up_names(model: type[Grid] | type[Compound], rows: Sequence[Row]) -> None:
    """Grids and compounds may trade names, or a new one take a name that is given away: no two may have the same even for a
    moment, so until its own turn comes one that gets another name or parent is called by something that nobody types."""
    changed = [row for row in rows if row.verdict == Verdict.CHANGE and _comes_or_is_renamed(row)]
    giving = [row.place_id for row in changed if row.place_id is not None]
    model.objects.filter(pk__in=giving).update(name=Concat(Value(NOBODY_TYPES), Cast("pk", TextField())))


def _comes_or_is_renamed(row: Row) -> bool:
    return "name" in row.changes or PARENT in row.changes


def _change_grid(row: Row, parent_id: int | None) -> None:
    grid = Grid.objects.get(pk=row.place_id)  # type: ignore[misc]
    if PARENT in row.changes:
        move_grid(grid=grid, parent=Grid.objects.get(pk=parent_id))  # type: ignore[misc]
        grid.refresh_from_db()
    changed = {name: now for name, (_, now) in row.changes.items() if name not in (SHAPE, PARENT)}
    if _comes_or_is_renamed(row):
        changed["name"] = row.values["name"]
    shape = geos(row.shape) if SHAPE in row.changes else None
    if changed or shape is not None:
        reshape_grid(grid=grid, geometry=shape, **changed)


def _ending(plan: Plan) -> list[int]:
    return [row.place_id for row in plan.endings if row.verdict == Verdict.END and row.place_id is not None]


def _record(plan: Plan, run: ImportRun | None, by: User | None, sha256: str) -> ImportRun:
    """The run and its rows, for whoever asks later what this import did."""
    request = plan.request
    record = run or ImportRun(
        community=request.community, by=by, kind=request.kind, file_name=request.file_name, sha256=sha256,
        source=request.source, options=request.options.stored(),
    )  # fmt: skip
    record.state, record.applied_at = ImportRun.State.APPLIED, timezone.now()
    record.report, record.error = plan.report(), None
    record.step, record.done, record.total = "", len(plan.rows), len(plan.rows)
    record.save()
    keep_rows(record, plan, shapes=False)
    return record


def keep_rows(run: ImportRun, plan: Plan, *, shapes: bool) -> None:
    """Replace the rows of a run with those of a plan, with or without their shapes. Inside a verb only."""
    ImportRow.objects.filter(run=run)._raw_delete(ImportRow.objects.db)
    fields = [field for field in ImportRow._meta.concrete_fields if not field.primary_key]
    copy_rows(ImportRow, fields, (_stored(run, row, shapes) for row in plan.entries))


def _stored(run: ImportRun, row: Row, shapes: bool) -> dict[str, Any]:
    return {
        "run_id": run.pk,
        "number": row.number or None,
        "source_id": row.source_id,
        "verdict": str(row.verdict),
        "joined_into": row.joined_into,
        "place_id": row.place_id,
        "changes": storable(row.changes),
        "notes": [one.stored() for one in row.notes],
        "shape": row.shape if shapes else None,
    }


def _tell(plan: Plan, run: ImportRun) -> None:
    counts = plan.counts
    created, changed, ended = counts[Verdict.CREATE], counts[Verdict.CHANGE], counts[Verdict.END]
    if not created and not changed and not ended:
        return
    common: dict[str, Any] = {"community_id": plan.request.community.pk, "run_id": run.pk, "source": plan.request.source,
              "created": created, "changed": changed, "ended": ended}  # fmt: skip
    if plan.request.kind == Kind.BUILDINGS:
        emit(BuildingsImported(**common))
    else:
        emit(PlacesImported(kind=str(plan.request.kind), **common))
