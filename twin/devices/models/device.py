from __future__ import annotations

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.devices.models.kind import DeviceKind
from twin.devices.querysets import DeviceQuerySet
from twin.places.models import Building, Community, Dwelling, Grid, Unit
from twin.places.models.community import SRID


class Device(Stamped):
    """A sensor, meter, button or camera (设备). It has one home: a dwelling, a unit, a building, or a point on the map.

    `position`, `height_m` and `grid` follow from the home; the verbs keep them so when the home changes or its building
    comes to lie in another grid. Devices are never deleted, they retire.
    """

    class Home(models.TextChoices):
        DWELLING = "dwelling", _("dwelling")
        UNIT = "unit", _("unit")
        BUILDING = "building", _("building")
        POINT = "point", _("point on the map")

    class State(models.TextChoices):
        ONLINE = "online", _("online")
        OFFLINE = "offline", _("offline")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    kind = models.ForeignKey(DeviceKind, on_delete=models.PROTECT, verbose_name=_("kind"))
    external_id = models.CharField(
        _("own id"), max_length=80, help_text=_("What the device or its gateway calls it")
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    home = models.CharField(_("home"), max_length=8, choices=Home, editable=False)
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("dwelling")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("unit"))
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("building")
    )
    position = models.PointField(_("position"), srid=SRID)
    height_m = models.FloatField(_("height above ground (m)"), default=0)
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, verbose_name=_("grid"), editable=False)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.OFFLINE, editable=False)
    last_seen_at = models.DateTimeField(_("last heard of"), null=True, blank=True, editable=False)
    last_values = models.JSONField(_("last values"), default=dict, editable=False)
    values_at = models.DateTimeField(_("measured"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "external_id"],
                condition=Q(ended_at=None),
                name="device_id_is_unique_in_community",
                violation_error_message=_("There is a device with this id already."),
            ),
            models.CheckConstraint(
                condition=Q(home="dwelling", dwelling__isnull=False, unit=None, building=None)
                | Q(home="unit", dwelling=None, unit__isnull=False, building=None)
                | Q(home="building", dwelling=None, unit=None, building__isnull=False)
                | Q(home="point", dwelling=None, unit=None, building=None),
                name="device_has_one_home",
                violation_error_message=_(
                    "A device has one home: a dwelling, a unit, a building or a point."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="offline") | Q(last_seen_at__isnull=False),
                name="an_online_device_has_been_heard_of",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "-id"], name="device_by_community"),
            models.Index(
                fields=["last_seen_at"],
                condition=Q(ended_at=None, state="online"),
                name="device_online_by_last_seen",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.external_id

    @property
    def status(self) -> str:
        """`online`, `offline` or `retired`."""
        return "retired" if self.ended_at else str(self.state)

    @property
    def home_unit(self) -> Unit | None:
        """The stairwell that it is in, if it is in one."""
        return self.dwelling.unit if self.dwelling else self.unit

    @property
    def home_building(self) -> Building | None:
        """The building that it is in or on, if any."""
        if self.dwelling:
            return self.dwelling.building
        return self.unit.building if self.unit else self.building
