from __future__ import annotations

from django.db import models

from twin.base.stamped import Stamped


class Upload(Stamped):
    """A batch that was received once, and the answer that was given."""

    sender = models.CharField(max_length=80)
    batch = models.CharField(max_length=80)
    sha256 = models.BinaryField()
    answer = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "batch"], name="upload_once_per_batch")]

    def __str__(self) -> str:
        return f"{self.sender} {self.batch}"


class KeyCanary(models.Model):
    """One row sealed and indexed with the keys of this database; see `twin.base.canary`."""

    sealed = models.BinaryField()
    index = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_canary")]

    def __str__(self) -> str:
        return "canary"
