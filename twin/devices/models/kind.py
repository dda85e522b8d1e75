from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.devices.querysets import KindQuerySet
from twin.places.models import Community


class DeviceKind(Stamped):
    """A kind of device (设备类型), as data: every community has its own list, names and limits."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    offline_after = models.DurationField(
        _("offline after"),
        null=True,
        blank=True,
        help_text=_("Silent for longer than this is offline; empty: silence says nothing"),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = KindQuerySet.as_manager()

    class Meta:
        verbose_name = _("device kind")
        verbose_name_plural = _("device kinds")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"],
                condition=Q(ended_at=None),
                name="device_kind_code_is_unique",
                violation_error_message=_("There is a device kind with this code already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
