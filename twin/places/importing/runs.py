"""Imports that come through a page: the file is kept, checked, looked at, and applied as it was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.files.base import File
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from twin.accounts.models import User
from twin.base.errors import Conflict
from twin.base.verbs import verb
from twin.places.importing.applying import apply_import, keep_rows, one_at_a_time
from twin.places.importing.notes import FileRefused
from twin.places.importing.plan import Plan, make_plan
from twin.places.importing.request import ImportRequest, Kind, Options, Progress
from twin.places.models import Community, ImportRow, ImportRun

State = ImportRun.State
APPLICABLE = (State.CHECKED, State.APPLYING, State.FAILED)
"""APPLYING and FAILED too: a process that died in the middle has changed nothing."""
SECONDS_BETWEEN_REPORTS = 0.5


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


def check_run(run: ImportRun) -> ImportRun:
    """The dry run: store what would happen to every row. Raises FileRefused, which the run remembers."""
    try:
        with _progress_of(run) as progress:
            plan = make_plan(request_of(run), progress=progress)
    except FileRefused as refused:
        _refuse(run=run, refused=refused)
        raise
    except BaseException:
        _fail(run)
        raise
    _keep_plan(run=run, plan=plan)
    return run


def announce_apply(run: ImportRun) -> None:
    """Say that a checked run is about to be applied, by somebody else than who asked for it."""
    ImportRun.objects.filter(pk=run.pk, state=State.CHECKED).update(state=State.APPLYING)


def apply_run(run: ImportRun) -> ImportRun:
    """Carry out what the dry run said; once, however often it is asked for.

    Raises Conflict for a run that is not checked, and (`plan_changed`) when the community has changed since: then the run
    holds the new report. Raises FileRefused.
    """
    claimed = ImportRun.objects.filter(pk=run.pk, state__in=APPLICABLE).update(
        state=State.APPLYING, error=None
    )
    try:
        if claimed:
            with _progress_of(run) as progress:
                _apply_once(run=run, progress=progress)
    except Conflict as conflict:
        if conflict.code == "plan_changed":
            check_run(run)
        else:
            _fail(run)
        raise
    except FileRefused as refused:
        _refuse(run=run, refused=refused)
        raise
    except BaseException:
        _fail(run)
        raise
    run.refresh_from_db()
    if run.state != State.APPLIED:
        raise Conflict(
            "This import is %(state)s; only a checked one can be applied.", state=State(run.state).label
        )
    return run


@verb
def forget_unapplied(*, before: datetime) -> int:
    """Files that nobody has applied, with their reports. What was applied is kept. Returns how many runs went."""
    old = ImportRun.objects.exclude(state__in=(State.APPLIED, State.APPLYING)).filter(created_at__lt=before)
    runs = list(old.select_for_update().only("file", "reference"))
    for run in runs:
        _forget_files(run)
    ImportRow.objects.filter(run__in=runs)._raw_delete(ImportRow.objects.db)  # type: ignore[attr-defined]
    ImportRun.objects.filter(pk__in=[run.pk for run in runs]).delete()
    return len(runs)


def request_of(run: ImportRun) -> ImportRequest:
    return ImportRequest(
        community=run.community,
        kind=Kind(run.kind),
        path=Path(run.file.path),
        file_name=run.file_name,
        source=run.source,
        options=Options(**run.options),
        references=(Path(run.reference.path),) if run.reference else (),
    )


@verb
def _apply_once(*, run: ImportRun, progress: Progress) -> None:
    one_at_a_time(run.community_id)
    run.refresh_from_db()
    if run.state == State.APPLIED:  # somebody else asked as well, and was first
        return
    if "digest" not in run.report:
        raise Conflict("This import was never checked; send the file again.")
    apply_import(request=request_of(run), run=run, expected_digest=run.report["digest"], progress=progress)
    _forget_files(run)


def _fail(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).exclude(state=State.APPLIED).update(
        state=State.FAILED, error={"code": "import_failed"}
    )


@verb
def _keep_plan(*, run: ImportRun, plan: Plan) -> None:
    run.state, run.report, run.error = State.CHECKED, plan.report(), None
    run.step, run.done, run.total = "", len(plan.rows), len(plan.rows)
    run.save()
    keep_rows(run, plan)


@verb
def _refuse(*, run: ImportRun, refused: FileRefused) -> None:
    run.state, run.error = State.REFUSED, {**refused.note.stored(), "where": refused.where}
    run.step = ""
    _forget_files(run)
    run.save()


def _forget_files(run: ImportRun) -> None:
    """What was brought in is in the tables, and the run knows the digest of the file; the file itself is not kept."""
    for kept in (run.file, run.reference):
        if kept:
            storage, name = kept.storage, str(kept.name)
            transaction.on_commit(partial(storage.delete, name), robust=True)
    run.file, run.reference = "", ""
    run.save(update_fields=["file", "reference"])


@contextmanager
def _progress_of(run: ImportRun) -> Iterator[Progress]:
    """Progress that others can read while the transaction is open: it is written over a connection of its own."""
    apart = connections.create_connection(DEFAULT_DB_ALIAS)
    told: dict[str, Any] = {"at": 0.0, "step": ""}

    def progress(step: str, done: int, total: int) -> None:
        now = monotonic()
        if step == told["step"] and now - told["at"] < SECONDS_BETWEEN_REPORTS:
            return
        told.update(at=now, step=step)
        with apart.cursor() as cursor:
            cursor.execute(
                f"UPDATE {ImportRun._meta.db_table} SET step = %s, done = %s, total = %s WHERE id = %s",
                [step, done, total, run.pk],
            )

    try:
        yield progress
    finally:
        apart.close()
