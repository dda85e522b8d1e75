"""Idempotent uploads: a phone that heard no answer sends its batch again, and twice must change nothing.

The answer is stored in the transaction that did the work. A second arrival of the same batch from the same sender gets the
stored answer; the same batch name with other content is refused, because one of the two would be lost in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from twin.base.errors import Conflict
from twin.base.models import Upload
from twin.base.verbs import unit_of_work, verb

Answer = dict[str, Any]

KEPT = timedelta(days=90)
"""A phone that was in a drawer for longer finds its fixes forgotten as well."""


def once(*, sender: str, batch: str, body: bytes, work: Callable[[], Answer]) -> Answer:
    """Do `work` once for (sender, batch) and remember its answer. Raises Conflict if the batch came with another body."""
    digest = sha256(body).digest()
    known = _answer_to(sender, batch, digest)
    if known is not None:
        return known
    try:
        with unit_of_work():
            with transaction.atomic():
                upload = Upload.objects.create(sender=sender, batch=batch, sha256=digest, answer={})
            upload.answer = work()
            upload.save(update_fields=["answer"])
            return upload.answer
    except IntegrityError as error:
        if "upload_once_per_batch" not in str(error):
            raise
    known = _answer_to(sender, batch, digest)  # the other arrival has committed: its answer is ours
    if known is None:
        raise Conflict("This batch is being received right now; send it again.", where="batch")
    return known


@verb
def forget_uploads(*, now: datetime | None = None) -> int:
    """Delete answers that no phone asks for again; returns how many. What it sends even later is known by its rows."""
    forgotten, _ = Upload.objects.filter(created_at__lt=(now or timezone.now()) - KEPT).delete()
    return forgotten


def _answer_to(sender: str, batch: str, digest: bytes) -> Answer | None:
    upload = Upload.objects.filter(sender=sender, batch=batch).first()
    if upload is None:
        return None
    if bytes(upload.sha256) != digest:
        raise Conflict(
            "Batch '%(batch)s' was received before with other content; give new content a new batch id.",
            batch=batch,
            where="batch",
        )
    return {**upload.answer, "repeated": True}
