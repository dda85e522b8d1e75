"""Work of this room that takes longer than somebody waits (procrastinate)."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from twin.base.errors import TwinError
from twin.people.models import RosterRun
from twin.people.roster.runs import apply_roster, check_roster, forget_rosters

FILES_KEPT = timedelta(days=30)
log = logging.getLogger(__name__)


@app.task(queue="imports")
def check_sent_roster(run_id: int) -> None:
    """The dry run of a large roster; the run says how far it is and what it found."""
    _told(run_id, apply=False)


@app.task(queue="imports")
def apply_sent_roster(run_id: int) -> None:
    """A large roster that somebody has looked at."""
    _told(run_id, apply=True)


@app.periodic(cron="51 2 * * *")
@app.task(queueing_lock="forget_rosters", pass_context=False)
def forget_roster_files(timestamp: int) -> None:
    """Every night: rosters that nobody has applied for a month, and the files of those that were."""
    forget_rosters(before=timezone.now() - FILES_KEPT)


def _told(run_id: int, *, apply: bool) -> None:
    run = RosterRun.objects.get(pk=run_id)
    try:
        apply_roster(run) if apply else check_roster(run)
    except TwinError as error:  # the run remembers it, and whoever sent the file reads it there
        log.info("roster %s: %s", run_id, error.code)
