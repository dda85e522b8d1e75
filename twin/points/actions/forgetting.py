"""Photos are evidence until a claim has been decided, and for a while after; then they go."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.models import Community
from twin.points.actions.scheme import scheme_of
from twin.points.events import PhotosForgotten
from twin.points.models import ClaimPhoto


@verb
def forget_photos(*, community: Community, now: datetime | None = None) -> int:
    """Remove the photos of claims that were decided longer ago than the community keeps them. Returns how many.

    That there was one, and which file it came from, is remembered: the same photo sent again is still recognised.
    """
    moment = now or timezone.now()
    before = moment - timedelta(days=scheme_of(community=community).photo_days)
    old = ClaimPhoto.objects.kept().filter(claim__community=community, claim__decided_at__lt=before)
    photos = list(old.select_for_update(of=("self",)))
    for photo in photos:
        transaction.on_commit(partial(default_storage.delete, str(photo.file.name)))
    ids = tuple(photo.pk for photo in photos)
    ClaimPhoto.objects.filter(pk__in=ids).update(file="", forgotten_at=moment)
    if ids:
        emit(PhotosForgotten(community_id=community.pk, photo_ids=ids))
    return len(ids)
