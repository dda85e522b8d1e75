"""Alarms over HTTP: reading them, taking one on, closing it."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.roles import MAY_HANDLE_ALARMS
from twin.accounts.models import User
from twin.api.filters import BelowGridFilter, IdFilter
from twin.api.scoped import ScopedViewSet
from twin.devices.actions import acknowledge, close
from twin.devices.models import Alarm, AlarmRule


class Words(serializers.Serializer[Any]):
    zh = serializers.CharField()
    en = serializers.CharField()


class AlarmEntry(serializers.ModelSerializer[Alarm]):
    """An alarm, in the words of the live feed and a few more. Position in EPSG:4326, longitude first; height in metres
    above ground. What people noted at its closing is for those who may handle it, else null."""

    device_name = serializers.StringRelatedField[Any](source="device")
    device_kind = serializers.CharField(source="device.kind.code")
    lon = serializers.FloatField(source="position.x")
    lat = serializers.FloatField(source="position.y")
    rule = serializers.CharField(source="rule.code")
    title = serializers.SerializerMethodField()
    acked_by = serializers.StringRelatedField[Any](allow_null=True)
    closed_by = serializers.StringRelatedField[Any](allow_null=True)
    note = serializers.SerializerMethodField()

    class Meta:
        model = Alarm
        fields = [
            "id", "community_id", "grid_id", "device_id", "device_name", "device_kind", "building_id", "unit_id",
            "dwelling_id", "lon", "lat", "height_m", "address", "rule", "title", "severity", "condition", "handling",
            "count", "first_at", "last_at", "cleared_at", "acked_at", "acked_by", "closed_at", "closed_by", "truth", "note",
        ]  # fmt: skip

    @extend_schema_field(Words)
    def get_title(self, alarm: Alarm) -> dict[str, str]:
        return {"zh": alarm.rule.title, "en": alarm.rule.title_en or alarm.rule.title}

    def get_note(self, alarm: Alarm) -> str | None:
        may = self.context["view"].scope.holds(MAY_HANDLE_ALARMS, alarm.grid.path)
        return alarm.note if may else None


class Closing(serializers.Serializer[Any]):
    truth = serializers.ChoiceField(choices=Alarm.Truth.choices, help_text="What it turned out to be")
    note = serializers.CharField(max_length=2000, help_text="What was found")


class AlarmFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    grid = BelowGridFilter(label="This grid and all below it")
    building = IdFilter(field_name="building")
    dwelling = IdFilter(field_name="dwelling")
    device = IdFilter(field_name="device")
    open = django_filters.BooleanFilter(
        field_name="closed_at", lookup_expr="isnull", label="Not closed by people, whatever the device says"
    )
    severity = django_filters.MultipleChoiceFilter(
        choices=AlarmRule.Severity, label="May be given several times"
    )
    handling = django_filters.MultipleChoiceFilter(choices=Alarm.Handling, label="May be given several times")

    class Meta:
        model = Alarm
        fields: list[str] = []


class Alarms(ScopedViewSet):
    """Alarms below the places that are granted to the viewer, newest first."""

    rows = Alarm.objects.with_place().with_people()
    serializer_class = AlarmEntry
    filterset_class = AlarmFilter

    @extend_schema(request=None, responses=AlarmEntry)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str | None = None) -> Response:
        """Take an alarm on. 409 if somebody has done so already."""
        alarm = acknowledge(alarm=self.get_object(), by=self._user)
        return Response(self.get_serializer(alarm).data)

    @extend_schema(request=Closing, responses=AlarmEntry)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str | None = None) -> Response:
        """Say what it was and close it. 409 while nobody has acknowledged it, and if it is closed already."""
        wanted = Closing(data=request.data)
        wanted.is_valid(raise_exception=True)
        alarm = close(alarm=self.get_object(), by=self._user, **wanted.validated_data)
        return Response(self.get_serializer(alarm).data)

    @property
    def _user(self) -> User:
        assert isinstance(self.request.user, User)  # only signed-in viewers reach an action
        return self.request.user
