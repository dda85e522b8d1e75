from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.runs import FileRun
from twin.people.querysets import RosterQuerySet, RosterRunQuerySet
from twin.places.models import Community


class TagCatalogueRun(FileRun):
    """One catalogue of tags that was brought in."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    file = models.BinaryField(null=True)

    objects = RosterRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue of tags")
        verbose_name_plural = _("catalogues of tags")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at=None)),
                name="an_applied_catalogue_says_when",
            )
        ]
        indexes = [models.Index(fields=["community", "id"], name="catalogue_by_community")]

    def __str__(self) -> str:
        return self.file_name


class TagCatalogueRow(models.Model):
    """What an import does, or did, with one row of a catalogue. changes: field -> [then, now]; of a new one then is null."""

    class Verdict(models.TextChoices):
        CREATE = "create", _("create")
        CHANGE = "change", _("change")
        UNCHANGED = "unchanged", _("unchanged")
        REFUSE = "refuse", _("refuse")

    class Kind(models.TextChoices):
        TAG = "tag", _("tag")
        CLASS = "class", _("tag class")

    run = models.ForeignKey(TagCatalogueRun, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(_("sheet"), max_length=60)
    number = models.PositiveIntegerField(_("row"))
    kind = models.CharField(max_length=5, choices=Kind)
    code = models.CharField(_("code"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    verdict = models.CharField(_("verdict"), max_length=9, choices=Verdict)
    about_id = models.BigIntegerField(null=True)
    changes: Any = models.JSONField(default=dict)
    notes: Any = models.JSONField(default=list)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a catalogue")
        verbose_name_plural = _("rows of a catalogue")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "sheet", "number"], name="catalogue_row_is_unique_in_sheet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"
