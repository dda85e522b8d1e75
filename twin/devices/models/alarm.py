from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.devices.models.device import Device
from twin.devices.models.rule import AlarmRule
from twin.devices.querysets import AlarmQuerySet
from twin.places.descriptions import address_of
from twin.places.models import Building, Community, Dwelling, Grid, Unit
from twin.places.models.community import SRID


class Alarm(Stamped):
    """A device met a rule (告警). Two independent axes: its condition is the device's word, its handling is people's.

    It remembers where the device was when it was raised: a device that is carried away takes no alarm with it. Only its
    grid is kept up to date while it is open, because the grid says who handles it.
    """

    class Condition(models.TextChoices):
        ACTIVE = "ACTIVE", _("active")
        CLEARED = "CLEARED", _("cleared")

    class Handling(models.TextChoices):
        NEW = "NEW", _("new")
        ACKED = "ACKED", _("acknowledged")
        DISPATCHED = "DISPATCHED", _("dispatched")
        ON_SITE = "ON_SITE", _("on site")
        RESOLVED = "RESOLVED", _("resolved")
        CLOSED = "CLOSED", _("closed")

    class Truth(models.TextChoices):
        """What it turned out to be; counted per device and rule."""

        REAL = "real", _("real")
        MISUSE = "misuse", _("misuse")
        DEVICE_FAULT = "device_fault", _("device fault")
        TEST = "test", _("test")
        UNKNOWN = "unknown", _("unknown")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    device = models.ForeignKey(Device, on_delete=models.PROTECT, verbose_name=_("device"))
    rule = models.ForeignKey(AlarmRule, on_delete=models.PROTECT, verbose_name=_("rule"))
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, verbose_name=_("grid"))
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, verbose_name=_("building"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, verbose_name=_("unit"))
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, verbose_name=_("dwelling"))
    position = models.PointField(_("position"), srid=SRID, spatial_index=False)
    height_m = models.FloatField(_("height above ground (m)"))
    severity = models.PositiveSmallIntegerField(_("severity"), choices=AlarmRule.Severity)
    condition = models.CharField(_("condition"), max_length=7, choices=Condition, default=Condition.ACTIVE)
    handling = models.CharField(_("handling"), max_length=10, choices=Handling, default=Handling.NEW)
    count = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))
    cleared_at = models.DateTimeField(_("cleared"), null=True)
    acked_at = models.DateTimeField(_("acknowledged"), null=True)
    acked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    truth = models.CharField(_("what it was"), max_length=12, choices=Truth, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [
            models.UniqueConstraint(
                fields=["device", "rule"],
                condition=Q(closed_at=None),
                name="one_open_alarm_per_device_and_rule",
            ),
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=4), name="alarm_severity_1_to_4"
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1, last_at__gte=F("first_at")), name="alarm_repeats_after_its_first"
            ),
            models.CheckConstraint(
                condition=Q(condition="ACTIVE", cleared_at=None)
                | Q(condition="CLEARED", cleared_at__isnull=False),
                name="a_cleared_alarm_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(handling="NEW", acked_at=None) | (~Q(handling="NEW") & Q(acked_at__isnull=False)),
                name="a_handled_alarm_was_acknowledged",
            ),
            models.CheckConstraint(
                condition=(Q(closed_at=None, truth="") & ~Q(handling="CLOSED"))
                | (Q(handling="CLOSED", closed_at__isnull=False) & ~Q(truth="") & ~Q(note="")),
                name="a_closed_alarm_says_what_it_was",
            ),
        ]
        indexes = [
            models.Index(fields=["grid"], condition=Q(closed_at=None), name="open_alarm_by_grid"),
            models.Index(fields=["community", "-id"], name="alarm_by_community"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} · {self.device}"

    @property
    def address(self) -> str:
        """Where to go, as locals say it: building, unit, room; the device's name where it stands in the open."""
        if self.building is None:
            return str(self.device)
        return address_of(self.building, self.unit, self.dwelling.room if self.dwelling else "")


_H = Alarm.Handling
NEXT: Final[dict[str, frozenset[str]]] = {
    _H.NEW: frozenset({_H.ACKED}),
    _H.ACKED: frozenset({_H.DISPATCHED, _H.RESOLVED, _H.CLOSED}),
    _H.DISPATCHED: frozenset({_H.ON_SITE, _H.RESOLVED, _H.CLOSED}),
    _H.ON_SITE: frozenset({_H.RESOLVED, _H.CLOSED}),
    _H.RESOLVED: frozenset({_H.CLOSED}),
    _H.CLOSED: frozenset(),
}
"""The handling as a whole: from each state, the states that may follow. Nothing is closed that nobody has taken on."""
