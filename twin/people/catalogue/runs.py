"""Catalogues that come through a page or a command: received, checked, looked at, applied as they were looked at."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from twin.accounts.models import User
from twin.base import runs
from twin.base.errors import Conflict
from twin.base.notes import storable
from twin.base.planned_runs import PlannedWork
from twin.base.runs import MIB, Progress, refuse_larger, silent
from twin.base.verbs import verb
from twin.people.catalogue.applying import one_at_a_time, write_plan
from twin.people.catalogue.plan import CataloguePlan, CatalogueRequest, Options, make_plan
from twin.people.models import TagCatalogueRow, TagCatalogueRun

MOST_BYTES = 4 * MIB
"""Some thousands of tags; it is read while somebody waits."""


@verb
def receive_catalogue(*, request: CatalogueRequest, by: User | None = None) -> TagCatalogueRun:
    """Keep a catalogue that somebody wants to import. Nothing of it is read yet. Raises TooLarge."""
    refuse_larger(len(request.data), MOST_BYTES)
    return TagCatalogueRun.objects.create(
        community=request.community, by=by, file_name=request.file_name[-200:], source=request.source,
        options=request.options.stored(), sha256=sha256(request.data).hexdigest(), file=request.data,
    )  # fmt: skip


def request_of(run: TagCatalogueRun) -> CatalogueRequest:
    """Raises Conflict once the file is not kept any longer."""
    if run.file is None:
        raise Conflict("The file of this catalogue is not kept any longer; send it again.")
    kept: dict[str, Any] = {**run.options, "lower": tuple(run.options.get("lower", ()))}
    return CatalogueRequest(run.community, bytes(run.file), run.file_name, run.source, Options(**kept))


class _Work(PlannedWork[TagCatalogueRun, CataloguePlan]):
    """Checking and applying catalogues."""

    def plan(self, run: TagCatalogueRun, progress: Progress) -> CataloguePlan:
        return make_plan(request_of(run), progress=progress)

    def write(self, run: TagCatalogueRun, plan: CataloguePlan, progress: Progress) -> None:
        write_plan(plan=plan, by=run.by, progress=progress)

    def keep_rows(self, run: TagCatalogueRun, plan: CataloguePlan) -> None:
        TagCatalogueRow.objects.filter(run=run).delete()
        TagCatalogueRow.objects.bulk_create(
            TagCatalogueRow(
                run=run, sheet=row.sheet, number=row.number, kind=row.kind, code=row.code, name=row.said.get("name", ""),
                verdict=row.verdict, about_id=row.about_id, changes=storable(row.changes),
                notes=[one.stored() for one in row.notes],
            )
            for row in plan.rows
        )  # fmt: skip

    def settle(self, run: TagCatalogueRun) -> None:
        one_at_a_time(run.community_id)


WORK = _Work()


def check_catalogue(run: TagCatalogueRun) -> TagCatalogueRun:
    """The dry run: store what would happen to every row. Raises FileRefused, which the run remembers."""
    return runs.check(run, WORK)


def apply_catalogue(run: TagCatalogueRun) -> TagCatalogueRun:
    """Carry out what the dry run said; once, however often it is asked for. Raises like `twin.base.runs.apply`."""
    return runs.apply(run, WORK)


@verb
def import_catalogue(
    *, request: CatalogueRequest, by: User | None = None, progress: Progress = silent
) -> CataloguePlan:
    """Receive, plan and apply in one go, for whoever looked at a dry run before. Raises FileRefused, Conflict."""
    one_at_a_time(request.community.pk)
    plan = make_plan(request, progress=progress)
    run = receive_catalogue(request=request, by=by)
    WORK.carry_out(run, plan, progress)
    return plan
