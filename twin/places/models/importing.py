from __future__ import annotations

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.runs import FileRun
from twin.places.importing.querysets import ImportRowQuerySet, ImportRunQuerySet
from twin.places.models.community import SRID, Community


class ImportRun(FileRun):
    """One file of places that was brought in."""

    class Kind(models.TextChoices):
        BUILDINGS = "buildings", _("buildings")
        GRIDS = "grids", _("grids")
        COMPOUNDS = "compounds", _("compounds")
        STREETS = "streets", _("streets")
        LANDCOVER = "landcover", _("land cover")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    file = models.FileField(upload_to="imports/", max_length=200, blank=True, editable=False)
    reference = models.FileField(upload_to="imports/", max_length=200, blank=True, editable=False)

    kept_files = ("file", "reference")
    keeps_refused = True

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at=None)),
                name="an_applied_import_says_when",
            )
        ]
        indexes = [models.Index(fields=["community", "id"], name="import_by_community")]

    def __str__(self) -> str:
        return f"{self.file_name} → {self.get_kind_display()}"


class ImportRow(models.Model):
    """What an import does, or did, with one row of its file."""

    class Verdict(models.TextChoices):
        CREATE = "create", _("create")
        CHANGE = "change", _("change")
        UNCHANGED = "unchanged", _("unchanged")
        JOIN = "join", _("part of another row")
        REFUSE = "refuse", _("refuse")
        END = "end", _("end")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"), null=True, help_text=_("Empty: it is not in the file"))
    source_id = models.CharField(_("id in the source"), max_length=120, blank=True)
    verdict = models.CharField(_("verdict"), max_length=9, choices=Verdict)
    joined_into = models.PositiveIntegerField(null=True)
    place_id = models.BigIntegerField(null=True)
    changes = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    shape = models.GeometryField(
        srid=SRID, null=True, help_text=_("While it is looked at; then the place has it")
    )

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="import_row_number_is_unique"),
        ]
        indexes = [models.Index(fields=["run", "verdict", "number"], name="import_rows_by_verdict")]

    def __str__(self) -> str:
        return f"{self.number or '–'}: {self.get_verdict_display()}"
