"""The last part of a plan, which each kind of place has for itself: what meets what, what is known, where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from twin.places.importing import grid_moves, grid_tree
from twin.places.importing.endings import endings_of, missing_places, tell_endings
from twin.places.importing.kinds import Context
from twin.places.importing.known import compare, ids_moved
from twin.places.importing.leaves import place_rows
from twin.places.importing.outlines import square_metres
from twin.places.importing.overlaps import note_overlaps, others_of, refuse_repeats
from twin.places.importing.request import Kind
from twin.places.importing.rows import Row, Verdict
from twin.places.models import Building, Compound, Grid

if TYPE_CHECKING:
    from twin.places.importing.plan import Plan

LEAST_M2, MOST_M2 = 1.0, 1_000_000.0
"""The largest building has 0.4 km²; a parcel that was taken for one is soon larger."""
CUT_FROM = frozenset({"shape", "floors_above", "floors_below", "height_m"})


def finish(plan: Plan, context: Context) -> None:
    """Give every row its verdict. Raises FileRefused."""
    _refuse_without_id(plan.rows)
    missing = missing_places(plan.rows, plan.known)
    if plan.request.options.end_missing and any(row.is_wanted for row in plan.rows):
        plan.endings = endings_of(
            missing
        )  # a file of which nothing can be read says nothing of what is no more
    FINISH[plan.request.kind](plan, context)
    plan.notes += tell_endings(plan)
    plan.missing = len(missing) - sum(row.verdict == Verdict.END for row in plan.endings)


def _buildings(plan: Plan, context: Context) -> None:
    request = plan.request
    _judge_areas(plan.rows)
    refuse_repeats(plan.rows)
    compare(plan.kind, plan.rows, plan.known)
    plan.notes += ids_moved(plan.rows, plan.known)
    others = others_of(request.community.pk, request.source, plan.rows, plan.endings)
    plan.notes += note_overlaps(plan.rows, others, request.options.accept_duplicates)
    decided = frozenset(place.id for place in plan.known.values() if place.values["grid_decided"])
    plan.notes += place_rows(request.community.pk, plan.kind, plan.rows, decided)
    names = dict(Grid.objects.filter(community=request.community).values_list("id", "name"))
    for row in plan.rows:
        if row.verdict != Verdict.CHANGE:
            continue
        then = plan.known[row.source_id].values
        home = row.values.pop("grid_id", then["grid_id"])
        if home != then["grid_id"]:
            row.note("moves_to_grid", grid=names[home])
        if row.changes.keys() & CUT_FROM and then["cut"] != Building.Cut.NONE:
            row.note("cut_no_longer_fits")


def _judge_areas(rows: list[Row]) -> None:
    """What is larger than any building is a parcel or a district; what is smaller than a kiosk is a slip."""
    wanted = [row for row in rows if row.is_wanted]
    areas = square_metres(np.array([row.shape for row in wanted], dtype=object))
    for index in np.flatnonzero((areas > MOST_M2) | (areas < LEAST_M2)):
        if areas[index] > MOST_M2:
            wanted[index].refuse("area_is_implausible", m2=round(float(areas[index])))
        else:
            wanted[index].note("area_is_small", m2=round(float(areas[index]), 2))


def _ground(plan: Plan, context: Context) -> None:
    refuse_repeats(plan.rows)
    compare(plan.kind, plan.rows, plan.known)


def _compounds(plan: Plan, context: Context) -> None:
    _ground(plan, context)
    own = {place.id for place in plan.known.values()}
    standing = Compound.objects.standing().filter(community=plan.request.community).exclude(pk__in=own)
    taken = dict(standing.values_list("name", "source"))
    ending = {row.source_id for row in plan.endings}
    kept = {
        place.values["name"]: source_id for source_id, place in plan.known.items() if source_id not in ending
    }
    first: dict[str, Row] = {}
    for row in plan.rows:
        if not row.is_wanted:
            continue
        name = row.values["name"]
        if name in taken:
            row.refuse("name_is_taken", name=name, source=taken[name] or "-")
        elif first.setdefault(name, row) is not row:
            row.refuse("name_repeats_row", name=name, row=first[name].number)
    _refuse_names_that_are_kept(plan, kept)


def _refuse_names_that_are_kept(plan: Plan, kept: dict[str, str]) -> None:
    """Compounds of the file may trade names. One that is refused keeps its own, which may refuse another, and so on. kept:
    name -> id in the source of who has it now."""
    while True:
        renamed = {row.source_id: row for row in plan.rows if row.is_wanted and "name" in row.changes}
        wanting = [row for row in plan.rows if row.is_wanted]
        refused = [
            row
            for row in wanting
            if (holder := kept.get(row.values["name"], row.source_id)) != row.source_id
            and holder not in renamed
        ]
        for row in refused:
            row.refuse("name_is_taken", name=row.values["name"], source=plan.request.source)
        if not refused:
            return


def _grids(plan: Plan, context: Context) -> None:
    community = plan.request.community
    plan.notes += grid_tree.take_out_roots(plan.rows)
    refuse_repeats(plan.rows)
    compare(plan.kind, plan.rows, plan.known)
    standing = grid_tree.standing_grids(community)
    plan.tree = grid_tree.plant(plan.rows, standing, community.root.pk)
    grid_moves.judge_moves(plan.tree, standing, plan.request.options.move_grids)
    grid_tree.refuse_below_decided_buildings(plan.tree, standing)
    ending = grid_moves.keep_what_holds_grids(plan.endings, plan.tree, standing)
    plan.notes += grid_tree.check_siblings(plan.tree, standing, ending)


def _refuse_without_id(rows: list[Row]) -> None:
    for row in rows:
        if row.is_wanted and not row.source_id:
            row.refuse("no_geometry")


FINISH: dict[str, Callable[[Plan, Context], None]] = {
    Kind.BUILDINGS: _buildings,
    Kind.STREETS: _ground,
    Kind.LANDCOVER: _ground,
    Kind.COMPOUNDS: _compounds,
    Kind.GRIDS: _grids,
}
