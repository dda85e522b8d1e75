from __future__ import annotations

from typing import Any

from django.contrib.admin import display, register
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from twin.access.roles import MAY_MANAGE_DEVICES
from twin.admin.rooms import ScopedAdmin, VerbAdmin, ending, told_lasting
from twin.admin.site import site
from twin.devices import actions
from twin.devices.models import Alarm, AlarmRule, Device, DeviceKind


class DeviceRoomAdmin(ScopedAdmin):
    editors = MAY_MANAGE_DEVICES

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@register(Device, site=site)
class DeviceAdmin(VerbAdmin):
    """Where a device hangs and what it is called. New ones come by import or through the API."""

    editors = MAY_MANAGE_DEVICES
    list_display = ("__str__", "kind", "external_id", "grid", "state", "last_seen_at")
    list_filter = ("community", "kind", "state", "grid")
    list_select_related = ("kind", "grid")
    search_fields = ("name", "external_id")
    readonly_fields = (
        "community",
        "kind",
        "external_id",
        "dwelling",
        "unit",
        "building",
        "grid",
        "state",
        "last_seen_at",
    )
    fields = ("name", *readonly_fields)
    actions = (ending(lambda device, _by: actions.retire_device(device=device)),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(ended_at=None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change(self, row: Device, values: dict[str, Any]) -> Device:
        return actions.change_device(device=row, **values)


@register(DeviceKind, site=site)
class DeviceKindAdmin(DeviceRoomAdmin):
    list_display = ("name", "name_en", "code", "silent_for")
    list_filter = ("community",)
    fields = ("community", "code", "name", "name_en", "icon", "silent_for")

    @display(description=_("offline after"), ordering="offline_after")
    def silent_for(self, kind: DeviceKind) -> str:
        return told_lasting(kind.offline_after)


@register(AlarmRule, site=site)
class AlarmRuleAdmin(VerbAdmin):
    editors = MAY_MANAGE_DEVICES
    list_display = ("title", "kind", "severity", "trigger", "metric", "comparison", "threshold")
    list_filter = ("community", "severity", "kind")
    list_select_related = ("kind",)
    fields = ("community", "kind", "code", "title", "title_en", "severity", "trigger", "event", "clear_event", "metric",
              "comparison", "threshold")  # fmt: skip
    actions = (ending(lambda rule, _by: actions.end_rule(rule=rule)),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(ended_at=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("community", "kind", "code") if obj else ()

    def add(self, values: dict[str, Any]) -> AlarmRule:
        values.pop("community", None)
        return actions.add_rule(**values)

    def change(self, row: AlarmRule, values: dict[str, Any]) -> AlarmRule:
        return actions.change_rule(rule=row, **values)


@register(Alarm, site=site)
class AlarmAdmin(DeviceRoomAdmin):
    """Read here; acknowledged and closed on the map, where the alarm is."""

    list_display = (
        "rule",
        "device",
        "severity",
        "condition",
        "handling",
        "count",
        "first_at",
        "closed_at",
        "truth",
    )
    list_filter = ("community", "severity", "handling", "condition", "truth")
    list_select_related = ("rule", "device")
    date_hierarchy = "first_at"
    fields = ("community", "device", "rule", "severity", "grid", "building", "unit", "dwelling", "lon_lat", "height_m",
              "condition", "count", "first_at", "last_at", "cleared_at", "handling", "acked_at", "acked_by", "closed_at",
              "closed_by", "truth", "note")  # fmt: skip

    @display(description=_("longitude, latitude"))
    def lon_lat(self, alarm: Alarm) -> str:
        return f"{alarm.position.x:.6f}, {alarm.position.y:.6f}"
