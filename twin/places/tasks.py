"""Work of this room that takes longer than somebody waits (procrastinate)."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from twin.base.errors import TwinError
from twin.places.actions.cut_runs import cut_all
from twin.places.importing.runs import apply_run, check_run, forget_unapplied
from twin.places.models import ImportRun

KEPT_UNAPPLIED = timedelta(days=30)
log = logging.getLogger(__name__)


@app.task(queue="imports")
def check_import(run_id: int) -> None:
    """The dry run of a large file; the run says how far it is and what it found."""
    _told(run_id, apply=False)


@app.task(queue="imports")
def apply_import(run_id: int) -> None:
    """A large import that somebody has looked at."""
    _told(run_id, apply=True)


@app.task(queue="imports")
def cut_buildings_of(run_id: int) -> None:
    """Buildings that somebody wants cut into homes; one transaction each: the next try goes on where this one ended."""
    cut_all(run_id)


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="forget_imports", pass_context=False)
def forget_imports(timestamp: int) -> None:
    """Every night: uploads that nobody has applied for a month."""
    forget_unapplied(before=timezone.now() - KEPT_UNAPPLIED)


def _told(run_id: int, *, apply: bool) -> None:
    run = ImportRun.objects.get(pk=run_id)
    try:
        apply_run(run) if apply else check_run(run)
    except TwinError as error:  # the run remembers it, and whoever sent the file reads it there
        log.info("import %s: %s", run_id, error.code)
