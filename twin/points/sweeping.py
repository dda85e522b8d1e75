"""Files of photos that belong to no claim: the transaction that stored them did not come to its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from twin.points.models import ClaimPhoto

FOLDER = "claims"
SURELY_STORED = timedelta(days=1)


def sweep_photos(*, now: datetime | None = None) -> int:
    """Remove files that no claim has: of claims that were not filed after all. Returns how many."""
    before = (now or timezone.now()) - SURELY_STORED
    if not default_storage.exists(FOLDER):
        return 0
    names = {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}
    kept = set(ClaimPhoto.objects.kept().values_list("file", flat=True))
    lost = [name for name in names - kept if default_storage.get_modified_time(name) < before]
    for name in lost:
        default_storage.delete(name)
    return len(lost)
