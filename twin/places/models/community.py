from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.places.querysets import CommunityQuerySet

if TYPE_CHECKING:
    from twin.places.models.grid import Grid

SRID = 4326


class Community(Stamped):
    """One community (社区) of the installation. Every domain row reaches exactly one; nothing crosses it."""

    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    code = models.CharField(
        _("statistical code"),
        max_length=12,
        blank=True,
        help_text=_("12 digits: 6 area, 3 street, 3 community"),
    )
    division = models.CharField(
        _("district"),
        max_length=160,
        blank=True,
        help_text=_("Where it lies, from the province or city down, with blanks: 海棠市 海湾区 海棠街道"),
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    boundary = models.MultiPolygonField(_("boundary"), srid=SRID, null=True, blank=True)
    storey_height_m = models.FloatField(_("storey height (m)"), default=2.9)
    approval_number = models.CharField(
        _("map approval number"), max_length=40, blank=True, help_text=_("审图号, shown on the map")
    )
    shape_version = models.BigIntegerField(default=1, editable=False)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        constraints = [
            models.UniqueConstraint(fields=["name"], name="community_name_is_unique"),
            models.CheckConstraint(
                condition=Q(storey_height_m__gte=2, storey_height_m__lte=6),
                name="community_storey_height_2_to_6_m",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def today(self) -> date:
        """The date where the community is: there a day begins eight hours before it does in UTC."""
        return timezone.now().astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def root(self) -> Grid:
        """The root of the grid tree; its path contains every place of the community."""
        return self.grid_set.get(parent=None)


class Place(Stamped):
    """What every kind of place has. Places are never deleted, they end."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    source = models.CharField(
        _("source"), max_length=80, blank=True, help_text=_("The file or register it came from")
    )
    source_id = models.CharField(_("id in the source"), max_length=120, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class ShapeVersion(models.Model):
    """How often the shapes in one z14 block of a community have changed. Tile addresses carry it, so they may be cached
    for good."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE)
    x = models.IntegerField()
    y = models.IntegerField()
    version = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "x", "y"], name="one_shape_version_per_block")
        ]

    def __str__(self) -> str:
        return f"14/{self.x}/{self.y} v{self.version}"
