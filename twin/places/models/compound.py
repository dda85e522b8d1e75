from __future__ import annotations

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.places.models.community import SRID, Place
from twin.places.querysets import PlaceQuerySet


class Compound(Place):
    """A residential compound (小区), work-unit yard or old lane: a second partition of the same buildings."""

    class Kind(models.TextChoices):
        MODERN = "modern", _("modern compound")
        SLAB = "slab", _("slab compound")
        OLD_LANE = "old_lane", _("old lane")
        MIXED = "mixed", _("mixed")
        VILLA = "villa", _("villas")
        WORK_UNIT = "work_unit", _("work-unit yard")

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.MIXED)
    committee = models.CharField(_("residents' committee"), max_length=80, blank=True)
    geometry = models.MultiPolygonField(_("area"), srid=SRID, null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("compound")
        verbose_name_plural = _("compounds")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], condition=Q(ended_at=None), name="compound_name_is_unique"
            ),
            models.UniqueConstraint(
                fields=["community", "source", "source_id"],
                condition=~Q(source_id="") & Q(ended_at=None),
                name="compound_source_id_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Entrance(Place):
    """Where one gets into a compound; it lies on a street."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, verbose_name=_("compound"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    position = models.PointField(_("position"), srid=SRID)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("entrance")
        verbose_name_plural = _("entrances")

    def __str__(self) -> str:
        return self.name or str(self.compound)
