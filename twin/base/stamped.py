from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Stamped(models.Model):
    """A row that knows when it was written. The clock is the database's: web processes may disagree, it cannot."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
