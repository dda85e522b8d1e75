"""Devices over HTTP: what hangs where and what it last said. Facts: only below places that are granted to the viewer."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from twin.access.gate import visible
from twin.api.alarms import AlarmEntry, Words
from twin.api.filters import BelowGridFilter, IdFilter
from twin.api.scoped import ScopedViewSet
from twin.devices.models import Alarm, Device


class DeviceEntry(serializers.ModelSerializer[Device]):
    """A device and where it is: EPSG:4326, longitude first; height in metres above ground."""

    device_kind = serializers.CharField(source="kind.code")
    kind_name = serializers.SerializerMethodField()
    icon = serializers.CharField(source="kind.icon")
    name = serializers.CharField(source="__str__")
    status = serializers.ChoiceField(choices=["online", "offline", "retired"])
    building_id = serializers.SerializerMethodField()
    unit_id = serializers.SerializerMethodField()
    lon = serializers.FloatField(source="position.x")
    lat = serializers.FloatField(source="position.y")

    class Meta:
        model = Device
        fields = [
            "id", "community_id", "grid_id", "device_kind", "kind_name", "icon", "name", "status", "home", "building_id",
            "unit_id", "dwelling_id", "lon", "lat", "height_m", "last_seen_at", "last_values", "values_at",
        ]  # fmt: skip

    @extend_schema_field(Words)
    def get_kind_name(self, device: Device) -> dict[str, str]:
        return {"zh": device.kind.name, "en": device.kind.name_en or device.kind.name}

    def get_building_id(self, device: Device) -> int | None:
        building = device.home_building
        return building.pk if building else None

    def get_unit_id(self, device: Device) -> int | None:
        unit = device.home_unit
        return unit.pk if unit else None


class DeviceDocument(DeviceEntry):
    alarms = serializers.SerializerMethodField()

    class Meta(DeviceEntry.Meta):
        fields = [*DeviceEntry.Meta.fields, "external_id", "ended_at", "alarms"]

    @extend_schema_field(AlarmEntry(many=True))
    def get_alarms(self, device: Device) -> list[dict[str, Any]]:
        """Its open alarms, newest first."""
        rows = Alarm.objects.open().filter(device=device).with_place().with_people().order_by("-pk")
        alarms = visible(rows, to=self.context["view"].scope)
        return list(AlarmEntry(alarms, many=True, context=self.context).data)


class DeviceFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    grid = BelowGridFilter(label="This grid and all below it")
    building = IdFilter(method="in_building", label="In its dwellings and stairwells, or on it")
    unit = IdFilter(method="in_unit", label="In its dwellings, or in the stairwell itself")
    dwelling = IdFilter(field_name="dwelling")
    kind = django_filters.CharFilter(field_name="kind__code", label="Code of a device kind")
    state = django_filters.ChoiceFilter(choices=Device.State)

    class Meta:
        model = Device
        fields: list[str] = []

    def in_building(self, rows: QuerySet[Any], name: str, value: int) -> QuerySet[Any]:
        return rows.filter(pk__in=Device.objects.in_building(value).values("pk"))

    def in_unit(self, rows: QuerySet[Any], name: str, value: int) -> QuerySet[Any]:
        return rows.filter(pk__in=Device.objects.in_unit(value).values("pk"))


class Devices(ScopedViewSet):
    """Devices that have not retired; one device also after it has. One device: its own id and its open alarms."""

    rows = Device.objects.with_place()
    filterset_class = DeviceFilter

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        return rows.filter(ended_at=None) if self.action == "list" else rows

    def get_serializer_class(self) -> type[Any]:
        return DeviceDocument if self.action == "retrieve" else DeviceEntry
