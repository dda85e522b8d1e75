"""Cutting many buildings in the background: planned as rows, done one by one, broken off and taken up again at will."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, TwinError
from twin.base.notes import phrase_of, storable
from twin.base.verbs import verb
from twin.places.actions.cutting import cut_building
from twin.places.models import Building, Community, CutRow, CutRun
from twin.places.ties import ties_of

PLANNED_AT_ONCE = 2000
Outcome = CutRow.Outcome


@verb
def plan_cutting(
    *,
    community: Community,
    buildings: QuerySet[Building],
    what: str,
    again: bool = False,
    by: User | None = None,
) -> CutRun:
    """Remember which buildings are to be cut; those that are cut already only with `again`. Nothing is cut yet.

    Raises Invalid where there is nothing to cut."""
    chosen = buildings.filter(community=community, ended_at=None)
    chosen = chosen if again else chosen.filter(cut=Building.Cut.NONE)
    ids = list(chosen.order_by("id").values_list("id", flat=True))
    if not ids:
        raise Invalid("There is no building here that could be cut.", where="which")
    run = CutRun.objects.create(community=community, what=what[:200], again=again, by=by)
    CutRow.objects.bulk_create((CutRow(run=run, building_id=pk) for pk in ids), batch_size=PLANNED_AT_ONCE)
    return run


@verb
def stop_cutting(*, run: CutRun) -> None:
    """After the building that is being cut now. What is cut stays cut."""
    CutRun.objects.filter(pk=run.pk, finished_at=None).update(stopped_at=timezone.now())


@verb
def go_on_cutting(*, run: CutRun) -> None:
    """Raises Conflict for one that is through."""
    now = timezone.now()
    if not CutRun.objects.filter(pk=run.pk, finished_at=None).update(stopped_at=None, moved_at=now):
        raise Conflict("All of these buildings are done already.")


def cut_all(run_id: int) -> None:
    """Cut what is left of a run until it is through or somebody stops it. Two at once share the work."""
    while cut_next(run_id=run_id):
        pass


@verb
def cut_next(*, run_id: int) -> bool:
    """Cut the next building that waits, and remember what became of it. False when there is none, or it was stopped."""
    run = CutRun.objects.get(pk=run_id)
    if run.stopped_at or run.finished_at:
        return False
    rows = CutRow.objects.filter(run=run, outcome=Outcome.WAITING)
    row = (
        rows.select_for_update(of=("self",), skip_locked=True)
        .select_related("building")
        .order_by("id")
        .first()
    )
    if row is None:
        if not rows.exists():
            CutRun.objects.filter(pk=run_id).update(finished_at=timezone.now())
        return False
    try:
        with transaction.atomic():
            row.dwellings = _cut(row.building, run.again)
            row.outcome = Outcome.CUT
    except (Invalid, Conflict) as error:
        row.outcome, row.dwellings, row.why = Outcome.REFUSED, 0, _stored(error)
    row.save(update_fields=["outcome", "dwellings", "why"])
    CutRun.objects.filter(pk=run_id).update(moved_at=timezone.now())
    return True


def _cut(building: Building, again: bool) -> int:
    if building.ended_at is not None:
        raise Conflict("%(building)s does not exist any longer.", building=building)
    if building.cut != Building.Cut.NONE:
        _demand_nothing_hangs_on(building)
    return cut_building(building=building, again=again)


def _demand_nothing_hangs_on(building: Building) -> None:
    """Homes that are cut anew are other homes: whoever lives in the old ones would be left without."""
    ties = ties_of(Building, [building.pk]).get(building.pk, [])
    if ties:
        with override("en"):
            why = [{"sentence": str(phrase_of(one.code)), "values": one.details} for one in ties]
        raise Conflict(
            "%(building)s is not cut again, because of what hangs on its homes: %(why)s",
            building=building,
            why=why,
        )


def _stored(error: TwinError) -> dict[str, Any]:
    values = {
        name: str(value) if isinstance(value, Building) else value for name, value in error.values.items()
    }
    return {"sentence": error.sentence, "values": storable(values)}
