"""Files that come through a page: kept, checked, looked at, and applied as they were looked at.

A room that imports something has a table of runs (a subclass of `FileRun`) and says what checking and applying are
(`Work`). What is the same for all is here: one state machine, progress that others can read while the transaction is open,
and no run that stays "being applied" after its process died.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils.translation import gettext_lazy as _

from twin.base.errors import Conflict, TooLarge
from twin.base.notes import FileRefused, Note, storable
from twin.base.stamped import Stamped
from twin.base.verbs import verb

Progress = Callable[[str, int, int], None]
"""Told the step, how many of its rows are done, and of how many."""
SECONDS_BETWEEN_REPORTS = 0.5
MIB = 1024 * 1024


def silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def refuse_larger(size: int, most: int) -> None:
    """Sizes in bytes. Raises TooLarge for a file that is not read."""
    if size > most:
        raise TooLarge("At most %(most)s MiB are read.", most=most // MIB, where="file")


def report_of(
    *, read_as: Any, counts: dict[str, int], notes: Iterable[Note], rows: Iterable[Any], digest: str
) -> dict[str, Any]:
    """A plan as stored and sent: how the file was read, counts, notes, how often each note was made on rows, and for what
    rows are refused."""
    rows = list(rows)
    codes = Counter(one.code for row in rows for one in {n.code: n for n in row.notes}.values())
    reasons = Counter(row.notes[0].code for row in rows if row.verdict == "refuse")
    return {
        "read_as": storable(read_as),
        "counts": counts,
        "notes": [one.stored() for one in notes],
        "row_notes": dict(codes.most_common()),
        "reasons": dict(reasons.most_common()),
        "digest": digest,
    }


class State(models.TextChoices):
    """RECEIVED and APPLYING are on their way; REFUSED and FAILED say why in `error`."""

    RECEIVED = "received", _("received")
    CHECKED = "checked", _("checked")
    REFUSED = "refused", _("refused")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")
    FAILED = "failed", _("failed")


APPLICABLE = (State.CHECKED, State.APPLYING, State.FAILED)
"""APPLYING and FAILED too: a process that died in the middle has changed nothing."""


class FileRun(Stamped):
    """One file that was brought in: what it was, what the dry run said, and what became of it."""

    State = State

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("brought in by"),
    )
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    source = models.CharField(_("source"), max_length=80)
    options = models.JSONField(default=dict, help_text=_("Coordinate system, layer, encoding, columns"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RECEIVED)
    report = models.JSONField(default=dict, help_text=_("Counts, notes on the whole file, how it was read"))
    error = models.JSONField(null=True)
    step = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField(_("applied"), null=True)

    class Meta:
        abstract = True

    kept_files: tuple[str, ...] = ("file",)
    """The fields that hold what was uploaded: files, or sealed in the table."""
    keeps_refused = False
    """Whether what was refused may be checked once more, read in another way, without being sent again."""


R = TypeVar("R", bound=FileRun)
P = TypeVar("P")
Run = TypeVar("Run", bound=FileRun, contravariant=True)


class Work(Protocol, Generic[Run, P]):
    """What a room does with its files."""

    def plan(self, run: Run, progress: Progress) -> P:
        """What would become of every row. Raises FileRefused."""

    def keep(self, run: Run, plan: P) -> None:
        """Store the plan with the run: its report and its rows. Inside a verb only."""

    def apply(self, run: Run, progress: Progress) -> None:
        """Do it, if what was looked at still holds, and record it. Inside a verb only. Raises Conflict, FileRefused."""

    def settle(self, run: Run) -> None:
        """Wait for others who apply to the same community. Inside a verb only."""


def check(run: R, work: Work[R, P]) -> R:
    """The dry run: store what would happen to every row. Raises FileRefused, which the run remembers."""
    try:
        with progress_of(run) as progress:
            plan = work.plan(run, progress)
    except FileRefused as refused:
        _refuse(run=run, refused=refused)
        raise
    except BaseException:
        _fail(run)
        raise
    _keep(run=run, plan=plan, work=work)
    return run


def announce(run: FileRun) -> None:
    """Say that a checked run is about to be applied, by somebody else than who asked for it."""
    type(run)._default_manager.filter(pk=run.pk, state=State.CHECKED).update(state=State.APPLYING)


def apply(run: R, work: Work[R, Any]) -> R:
    """Carry out what the dry run said; once, however often it is asked for.

    Raises Conflict for a run that is not checked, and (`plan_changed`) when the community has changed since: then the run
    holds the new report. Raises FileRefused.
    """
    rows = type(run)._default_manager.filter(pk=run.pk, state__in=APPLICABLE)
    claimed = rows.update(state=State.APPLYING, error=None)
    try:
        if claimed:
            with progress_of(run) as progress:
                _apply_once(run=run, work=work, progress=progress)
    except Conflict as conflict:
        if conflict.code == "plan_changed":
            check(run, work)
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


def forget_files(run: FileRun) -> None:
    """Delete what was uploaded, once the transaction is through. Inside a verb only."""
    for name in run.kept_files:
        kept = getattr(run, name)
        if hasattr(kept, "storage"):
            if kept:
                transaction.on_commit(partial(kept.storage.delete, str(kept.name)), robust=True)
            setattr(run, name, "")
        else:
            setattr(run, name, None)
    run.save(update_fields=list(run.kept_files))


@verb
def _apply_once(*, run: Any, work: Any, progress: Progress) -> None:
    work.settle(run)
    run.refresh_from_db()
    if run.state == State.APPLIED:  # somebody else asked as well, and was first
        return
    if "digest" not in run.report:
        raise Conflict("This import was never checked; send the file again.")
    work.apply(run, progress)


def _fail(run: FileRun) -> None:
    rows = type(run)._default_manager.filter(pk=run.pk).exclude(state=State.APPLIED)
    rows.update(state=State.FAILED, error={"code": "import_failed"})


@verb
def _keep(*, run: Any, plan: Any, work: Any) -> None:
    run.state, run.error, run.step = State.CHECKED, None, ""
    work.keep(run, plan)


@verb
def _refuse(*, run: FileRun, refused: FileRefused) -> None:
    run.state, run.error = State.REFUSED, {**refused.note.stored(), "where": refused.where}
    run.step = ""
    if not run.keeps_refused:
        forget_files(run)
    run.save()


@contextmanager
def progress_of(run: FileRun) -> Iterator[Progress]:
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
                f"UPDATE {run._meta.db_table} SET step = %s, done = %s, total = %s WHERE id = %s",
                [step, done, total, run.pk],
            )

    try:
        yield progress
    finally:
        apart.close()
