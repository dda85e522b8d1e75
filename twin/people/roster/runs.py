"""Rosters that come through a page or a command: received, checked, looked at, applied as they were looked at."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256

from twin.accounts.models import User
from twin.base import runs
from twin.base.errors import Conflict
from twin.base.planned_runs import PlannedWork
from twin.base.runs import Progress, State, refuse_larger, silent
from twin.base.sealed_fields import new_ids, sealed_columns, text_of
from twin.base.verbs import verb
from twin.people.models import RosterAddress, RosterRow, RosterRun
from twin.people.roster.applying import one_at_a_time, write_plan
from twin.people.roster.keeping import keep_rows, recount
from twin.people.roster.plan import Options, RosterPlan, RosterRequest, make_plan
from twin.people.roster.workbook import MOST_BYTES

AT_ONCE_BYTES = 256 * 1024
"""Some three thousand rows, a few seconds. Larger rosters are worked on in the background and asked after."""


@verb
def receive_roster(*, request: RosterRequest, by: User | None = None) -> RosterRun:
    """Keep a roster that somebody wants to import, sealed. Nothing of it is read yet. Raises TooLarge."""
    refuse_larger(len(request.data), MOST_BYTES)
    [run_id] = new_ids(RosterRun, 1)
    texts = {"file_sealed": b64encode(request.data).decode()}
    return RosterRun.objects.create(
        id=run_id, community=request.community, by=by, file_name=request.file_name[-200:], source=request.source,
        options=request.options.stored(), sha256=sha256(request.data).hexdigest(),
        **sealed_columns(RosterRun, row_id=run_id, community_id=request.community.pk, texts=texts),
    )  # fmt: skip


def file_of(run: RosterRun) -> bytes:
    """The roster as it was sent. Raises Conflict once it has been forgotten."""
    text = text_of(run, "file_sealed")
    if not text:
        raise Conflict("The file of this roster is not kept any longer; send it again.")
    return b64decode(text)


def request_of(run: RosterRun) -> RosterRequest:
    return RosterRequest(run.community, file_of(run), run.file_name, run.source, Options(**run.options))


class _Work(PlannedWork[RosterRun, RosterPlan]):
    """Checking and applying rosters."""

    def plan(self, run: RosterRun, progress: Progress) -> RosterPlan:
        return make_plan(request_of(run), progress=progress)

    def write(self, run: RosterRun, plan: RosterPlan, progress: Progress) -> None:
        write_plan(plan=plan, run_id=run.pk, progress=progress)

    def keep_rows(self, run: RosterRun, plan: RosterPlan) -> None:
        keep_rows(run, plan)

    def settle(self, run: RosterRun) -> None:
        one_at_a_time(run.community_id)

    def carry_out(self, run: RosterRun, plan: RosterPlan, progress: Progress) -> None:
        super().carry_out(run, plan, progress)
        _supersede(run)


WORK = _Work()


def check_roster(run: RosterRun) -> RosterRun:
    """The dry run: store what would happen to every row. Raises FileRefused, which the run remembers."""
    return runs.check(run, WORK)


def apply_roster(run: RosterRun) -> RosterRun:
    """Carry out what the dry run said; once, however often it is asked for. Raises like `twin.base.runs.apply`."""
    return runs.apply(run, WORK)


@verb
def import_roster(
    *, request: RosterRequest, by: User | None = None, progress: Progress = silent
) -> RosterPlan:
    """Receive, plan and apply in one go, for whoever looked at a dry run before. Raises FileRefused, Conflict."""
    one_at_a_time(request.community.pk)
    plan = make_plan(request, progress=progress)
    run = receive_roster(request=request, by=by)
    WORK.carry_out(run, plan, progress)
    return plan


def _supersede(run: RosterRun) -> None:
    """Addresses that wait in earlier rosters of this name and come again in this one: its rows are the newer ones."""
    texts = RosterAddress.objects.filter(run=run).values("text")
    older = RosterAddress.objects.filter(
        run__community=run.community,
        run__source=run.source,
        run__lt=run.pk,
        state=RosterAddress.State.WAITING,
    )
    again = list(older.filter(text__in=texts).select_related("run"))
    ids = [address.pk for address in again]
    RosterAddress.objects.filter(pk__in=ids).update(state=RosterAddress.State.SUPERSEDED)
    RosterRow.objects.filter(address__in=ids).update(said_sealed=None, verdict=RosterRow.Verdict.UNCHANGED)
    for earlier in {address.run_id: address.run for address in again}.values():
        recount(earlier)


@verb
def forget_rosters(*, before: datetime) -> int:
    """Rosters that nobody has applied go with all that was kept of them; of those that were applied, the file. Rows that wait
    for an address keep what they say. Returns how many files went."""
    old = RosterRun.objects.filter(created_at__lt=before, file_sealed__isnull=False).exclude(
        state=State.APPLYING
    )
    ids = list(old.select_for_update().values_list("pk", flat=True))
    unapplied = RosterRun.objects.filter(pk__in=ids).exclude(state=State.APPLIED)
    RosterRow.objects.filter(run__in=unapplied)._raw_delete(RosterRow.objects.db)  # type: ignore[attr-defined]
    unapplied.delete()
    RosterRun.objects.filter(pk__in=ids).update(file_sealed=None)
    return len(ids)
