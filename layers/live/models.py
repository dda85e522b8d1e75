from __future__ import annotations

from django.db import models


class Topic(models.Model):
    """The head of a topic: the number of its last change. Counted up by the writers as the last statement of their
    transaction, so that numbering is commit order."""

    name = models.CharField(max_length=60, unique=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"


class LogEntry(models.Model):
    """One numbered change of a topic, kept for seven days for those who were away."""

    pk = models.CompositePrimaryKey("topic", "seq")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, db_index=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    body = models.TextField(help_text="The fact, as JSON")

    def __str__(self) -> str:
        return f"{self.topic_id} {self.seq}"
