"""Work that runs by itself (procrastinate)."""

from __future__ import annotations

from procrastinate.contrib.django import app

from layers.live.actions import forget_old_changes


@app.periodic(cron="37 2 * * *")
@app.task(queueing_lock="live.forget_old_changes")
def forget_old_live_changes(timestamp: int) -> None:
    forget_old_changes()
