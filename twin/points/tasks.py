"""Work that runs by itself (procrastinate)."""

from __future__ import annotations

from procrastinate.contrib.django import app

from twin.places.models import Community
from twin.points.actions import forget_photos
from twin.points.sweeping import sweep_photos


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="points_upkeep", pass_context=False)
def forget_old_photos(timestamp: int) -> None:
    """Every night: photos that are evidence no more, and files that belong to nothing."""
    for community in Community.objects.all():
        forget_photos(community=community)
    sweep_photos()
