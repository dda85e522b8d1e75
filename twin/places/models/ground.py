from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from twin.places.models.community import SRID, Place
from twin.places.querysets import PlaceQuerySet


class Street(Place):
    class Kind(models.TextChoices):
        PRIMARY = "primary", _("primary")
        SECONDARY = "secondary", _("secondary")
        RESIDENTIAL = "residential", _("residential street")
        LANE = "lane", _("lane")

    name = models.CharField(_("name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.RESIDENTIAL)
    geometry = models.MultiLineStringField(_("line"), srid=SRID)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")

    def __str__(self) -> str:
        return self.name or str(self.pk)


class LandCover(Place):
    """Water, parks and open ground: what the map is drawn on."""

    class Kind(models.TextChoices):
        WATER = "water", _("water")
        PARK = "park", _("park")
        PLAZA = "plaza", _("plaza")
        PLAYGROUND = "playground", _("playground")
        PARKING = "parking", _("parking")

    name = models.CharField(_("name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    geometry = models.MultiPolygonField(_("area"), srid=SRID)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("land cover")
        verbose_name_plural = _("land cover")

    def __str__(self) -> str:
        return self.name or self.get_kind_display()
