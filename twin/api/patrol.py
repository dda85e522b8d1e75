"""Patrols over HTTP: who is on shift, starting and ending one's own, and the track of a shift."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.actions import record
from twin.access.gate import fetch, visible
from twin.accounts.models import User
from twin.api.faces import photo_url
from twin.api.filters import BelowGridFilter, IdFilter
from twin.api.patrol_tracks import TrackDocument, document_of
from twin.api.scoped import ScopedViewSet
from twin.patrol.actions import end_shift, start_shift
from twin.patrol.models import Fix, Shift
from twin.patrol.querysets import FixQuerySet, ShiftQuerySet
from twin.patrol.tracks import track_of
from twin.places.models import Grid


class ShiftDocument(serializers.ModelSerializer[Shift]):
    """A shift and where its worker was last: EPSG:4326, longitude first."""

    grid_name = serializers.CharField(source="grid.name")
    worker_name = serializers.SerializerMethodField()
    photo = serializers.SerializerMethodField()
    lon = serializers.FloatField(source="last_position.x", allow_null=True, default=None)
    lat = serializers.FloatField(source="last_position.y", allow_null=True, default=None)
    at = serializers.DateTimeField(source="last_at", allow_null=True)

    class Meta:
        model = Shift
        fields = [
            "id", "community", "grid_id", "grid_name", "worker_id", "worker_name", "photo", "started_at", "ended_at",
            "lon", "lat", "at", "fix_count", "dropped_count",
        ]  # fmt: skip

    def get_worker_name(self, shift: Shift) -> str:
        return str(shift.worker)

    def get_photo(self, shift: Shift) -> str | None:
        return photo_url(shift.worker)


class StartShift(serializers.Serializer[Any]):
    community = serializers.IntegerField(min_value=1)
    grid = serializers.IntegerField(min_value=1, help_text="A leaf grid where you may patrol")


class ShiftFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    grid = BelowGridFilter(label="This grid and all below it")
    worker = IdFilter(field_name="worker")
    open = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull", label="Not ended yet")

    class Meta:
        model = Shift
        fields: list[str] = []


class Shifts(ScopedViewSet):
    """Shifts: your own, and those in grids whose facts are granted to you."""

    rows = Shift.objects.select_related("worker", "grid").defer("grid__geometry")
    serializer_class = ShiftDocument
    filterset_class = ShiftFilter

    @extend_schema(request=StartShift, responses={201: ShiftDocument})
    def create(self, request: Request) -> Response:
        """Start your own shift. 409 `already_on_shift` while another one is open."""
        wanted = StartShift(data=request.data)
        wanted.is_valid(raise_exception=True)
        place = wanted.validated_data
        grid = fetch(Grid.objects.standing(), to=self.scope, pk=place["grid"], community=place["community"])
        shift = start_shift(worker=self._user, grid=grid)
        return Response(self.get_serializer(shift).data, status=201)

    @extend_schema(request=None, responses=ShiftDocument)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """End a shift: your own, or a forgotten one in a grid that you supervise."""
        shift = end_shift(shift=self.get_object(), by=self._user)
        return Response(self.get_serializer(shift).data)

    @extend_schema(responses=TrackDocument)
    @action(detail=True)
    def track(self, request: Request, pk: str | None = None) -> Response:
        """The cleaned track of a shift, as GeoJSON: yours, or of a grid that you supervise. Looking at somebody else's is
        written down."""
        shift = self.get_object()
        fixes = cast(FixQuerySet, visible(Fix.objects.of(shift), to=self.scope))
        track = track_of(shift, fixes)
        if shift.worker_id != self._user.pk:
            record(by=self._user, action="patrol.track", community=shift.community, subject=shift)
        return Response(document_of(track))

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        if self.action == "track" and not getattr(self, "swagger_fake_view", False):
            return cast(ShiftQuerySet, rows).tracked_for(self.scope).select_related("community")
        return rows

    @property
    def _user(self) -> User:
        assert isinstance(self.request.user, User)  # only signed-in viewers reach an action
        return self.request.user
