from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from twin.devices.models.device import Device
from twin.devices.querysets import ReadingQuerySet


class Reading(models.Model):
    """What a device said at one moment (读数), raw. The table is partitioned by month of `at` in UTC, rows arrive by COPY
    (`actions/readings.py`), and nothing refers to a reading.

    The key (device, at, seq) makes an upload idempotent, and its order answers "what did this device say since then".
    """

    class Reason(models.TextChoices):
        """Why its time is not to be believed. It is kept all the same, and may raise an alarm like any other."""

        CLOCK_BEHIND = "clock_behind", _("the device's clock was before 2020")
        CLOCK_AHEAD = "clock_ahead", _("the device's clock was more than a day ahead")

    pk = models.CompositePrimaryKey("device_id", "at", "seq")
    device = models.ForeignKey(
        Device, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, verbose_name=_("device")
    )
    at = models.DateTimeField(_("measured"))
    seq = models.BigIntegerField(
        _("number"),
        help_text=_("Counted by the device; negative: made from the content where it counts nothing"),
    )
    received_at = models.DateTimeField(_("received"))
    values = models.JSONField(_("values"), default=dict)
    event = models.CharField(_("event"), max_length=40, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")

    def __str__(self) -> str:
        return f"{self.device_id} {self.at:%F %T} #{self.seq}"
