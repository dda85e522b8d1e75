from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.places.importing.querysets import ImportRowQuerySet, ImportRunQuerySet
from twin.places.models.building import Building
from twin.places.models.community import Community


class CutRun(Stamped):
    """Many buildings that somebody wants cut into units and dwellings, one after the other. It can be broken off at any time
    and taken up again: what is left to do are its rows that wait."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    what = models.CharField(_("buildings"), max_length=200)
    again = models.BooleanField(_("cut again"), default=False)
    moved_at = models.DateTimeField(_("moved"), db_default=Now())
    stopped_at = models.DateTimeField(_("stopped"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("cutting")
        verbose_name_plural = _("cuttings")
        indexes = [models.Index(fields=["community", "id"], name="cutting_by_community")]

    def __str__(self) -> str:
        return self.what


class CutRow(models.Model):
    """What became of one building. `why` is the sentence of a refusal, with what fills it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CUT = "cut", _("cut")
        REFUSED = "refused", _("refused")

    run = models.ForeignKey(CutRun, on_delete=models.CASCADE, related_name="rows")
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="+", verbose_name=_("building")
    )
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, default=Outcome.WAITING)
    dwellings = models.PositiveIntegerField(_("dwellings"), default=0)
    why: Any = models.JSONField(default=dict)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("building that is cut")
        verbose_name_plural = _("buildings that are cut")
        constraints = [
            models.UniqueConstraint(fields=["run", "building"], name="a_building_is_cut_once_in_a_cutting"),
            models.CheckConstraint(
                condition=Q(outcome="refused") | Q(why={}), name="only_a_refused_cut_says_why"
            ),
        ]
        indexes = [models.Index(fields=["run", "outcome", "id"], name="cut_rows_by_outcome")]

    def __str__(self) -> str:
        return str(self.building)
