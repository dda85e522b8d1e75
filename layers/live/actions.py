from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from layers.live.models import LogEntry
from twin.base.verbs import verb

KEPT = timedelta(days=7)
"""Who was away for longer gets a snapshot."""


@verb
def forget_old_changes(*, now: datetime | None = None) -> int:
    """Delete what the log no longer keeps; returns how many changes. The numbers go on where they were."""
    forgotten, _ = LogEntry.objects.filter(at__lt=(now or timezone.now()) - KEPT).delete()
    return forgotten
