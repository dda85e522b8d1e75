"""Imports of places that come through a page: the file is kept, checked, looked at, and applied as it was looked at."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from django.core.files.base import File
from django.db import transaction

from twin.accounts.models import User
from twin.base import runs
from twin.base.errors import Conflict
from twin.base.runs import State
from twin.base.verbs import verb
from twin.places.importing.applying import apply_import, keep_rows, one_at_a_time
from twin.places.importing.plan import Plan, make_plan
from twin.places.importing.request import ImportRequest, Kind, Options, Progress
from twin.places.models import Community, ImportRow, ImportRun

READ_ANEW = (State.CHECKED, State.REFUSED, State.FAILED)


@verb
def receive_import(
    *,
    community: Community,
    kind: str,
    file: File[bytes],
    file_name: str,
    source: str,
    options: Options,
    reference: File[bytes] | None = None,
    by: User | None = None,
) -> ImportRun:
    """Keep a file that somebody wants to import. Nothing of it is read yet."""
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    run = ImportRun(
        community=community, by=by, kind=kind, file_name=file_name[-200:], source=source, options=options.stored(),
        sha256=digest.hexdigest(),
    )  # fmt: skip
    run.file.save("data", file, save=False)
    if reference is not None:
        run.reference.save("reference", reference, save=False)
    run.save()
    return run


@verb
def read_anew(
    *, run: ImportRun, source: str, options: Options, reference: File[bytes] | None = None
) -> ImportRun:
    """Have a file that was sent already read in another way: what was found before is forgotten, and nothing is checked yet.

    Raises Conflict for a run that is applied or being applied, or whose file is not kept any more.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state not in READ_ANEW or not run.file:
        raise Conflict("This import is %(state)s; send the file again.", state=State(run.state).label)
    if reference is not None:
        if run.reference:
            transaction.on_commit(partial(run.reference.storage.delete, str(run.reference.name)), robust=True)
        run.reference.save("reference", reference, save=False)
    run.source, run.options = source, options.stored()
    run.state, run.report, run.error = State.RECEIVED, {}, None
    run.step, run.done, run.total = "", 0, 0
    run.save()
    ImportRow.objects.filter(run=run)._raw_delete(ImportRow.objects.db)  # type: ignore[attr-defined]
    return run


class _Work:
    """Checking and applying files of places."""

    def plan(self, run: ImportRun, progress: Progress) -> Plan:
        return make_plan(request_of(run), progress=progress)

    def keep(self, run: ImportRun, plan: Plan) -> None:
        run.report = plan.report()
        run.done = run.total = len(plan.rows)
        run.save()
        keep_rows(run, plan, shapes=True)

    def apply(self, run: ImportRun, progress: Progress) -> None:
        apply_import(
            request=request_of(run), run=run, expected_digest=run.report["digest"], progress=progress
        )
        runs.forget_files(
            run
        )  # what was brought in is in the tables, and the run knows the digest of the file

    def settle(self, run: ImportRun) -> None:
        one_at_a_time(run.community_id)


WORK = _Work()


def check_run(run: ImportRun) -> ImportRun:
    """The dry run: store what would happen to every row. Raises FileRefused, which the run remembers."""
    return runs.check(run, WORK)


def announce_apply(run: ImportRun) -> None:
    """Say that a checked run is about to be applied, by somebody else than who asked for it."""
    runs.announce(run)


def apply_run(run: ImportRun) -> ImportRun:
    """Carry out what the dry run said; once, however often it is asked for.

    Raises Conflict for a run that is not checked, and (`plan_changed`) when the community has changed since: then the run
    holds the new report. Raises FileRefused.
    """
    return runs.apply(run, WORK)


def kept_bytes(run: ImportRun) -> int:
    """How large the kept file is; 0 for one that is gone."""
    return run.file.size if _is_kept(run) else 0


def _is_kept(run: ImportRun) -> bool:
    """Not where a backup was put back without its files."""
    return bool(run.file) and bool(run.file.storage.exists(str(run.file.name)))


@verb
def forget_unapplied(*, before: datetime) -> int:
    """Files that nobody has applied, with their reports. What was applied is kept. Returns how many runs went."""
    old = ImportRun.objects.exclude(state__in=(State.APPLIED, State.APPLYING)).filter(created_at__lt=before)
    gone = list(old.select_for_update().only("file", "reference"))
    for run in gone:
        runs.forget_files(run)
    ImportRow.objects.filter(run__in=gone)._raw_delete(ImportRow.objects.db)  # type: ignore[attr-defined]
    ImportRun.objects.filter(pk__in=[run.pk for run in gone]).delete()
    return len(gone)


def request_of(run: ImportRun) -> ImportRequest:
    """What was asked for. Raises Conflict for a file that is gone."""
    if not _is_kept(run):
        raise Conflict("The file of this import is not there any longer; send it again.", code="file_is_gone")
    return ImportRequest(
        community=run.community,
        kind=Kind(run.kind),
        path=Path(run.file.path),
        file_name=run.file_name,
        source=run.source,
        options=Options(**run.options),
        references=(Path(run.reference.path),) if run.reference else (),
    )
