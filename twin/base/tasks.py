"""Work that runs by itself (procrastinate): an end of what would otherwise only grow."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from procrastinate import JobContext
from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app

from twin.base.uploads import forget_uploads

JOBS_KEPT_HOURS = 7 * 24


@app.periodic(cron="7 3 * * *")
@app.task(queueing_lock="base_upkeep", pass_context=False)
def keep_house(timestamp: int) -> None:
    """Every night: log-ins that have expired, and answers to uploads that nobody sends again."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_uploads()


@app.periodic(cron="13 3 * * *")
@app.task(queueing_lock="base_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Every night: jobs of last week. The one that listens for silence alone is done every minute."""
    await remove_old_jobs(
        context, max_hours=JOBS_KEPT_HOURS, remove_failed=True, remove_cancelled=True, remove_aborted=True
    )
