from __future__ import annotations

from django.db import models
from django.db.models import Q


class Listening(models.Model):
    """Since when the twin has been listening for silence without a break: one row. While it was down nobody could be heard,
    and a device that spoke then was not silent."""

    since = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="the_twin_listens_once")]

    def __str__(self) -> str:
        return f"{self.since:%F %T}"
