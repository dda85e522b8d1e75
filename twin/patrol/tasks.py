"""Work that runs by itself (procrastinate)."""

from __future__ import annotations

from procrastinate.contrib.django import app

from twin.patrol.actions import ensure_partitions, forget_fixes


@app.periodic(cron="17 2 * * *")
@app.task(queueing_lock="patrol_upkeep", pass_context=False)
def keep_house(timestamp: int) -> None:
    """Every night: the coming months' partitions, and an end of fixes that are no longer kept."""
    ensure_partitions()
    forget_fixes()
