"""Places over HTTP: shapes for staff; counts of what happens there only where facts are granted."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.api import place_documents as documents
from twin.api.filters import IdFilter
from twin.api.scoped import ScopedViewSet
from twin.places.models import Building, Community, Compound, Dwelling, Grid


class GridFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    parent = IdFilter(field_name="parent")
    kind = django_filters.ChoiceFilter(choices=Grid.Kind.choices)


class CompoundFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")


class BuildingFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    grid = IdFilter(field_name="grid")
    compound = IdFilter(field_name="compound")


class DwellingFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    building = IdFilter(field_name="building")
    unit = IdFilter(field_name="unit")


class Communities(ScopedViewSet):
    """Communities that the viewer is staff of."""

    rows = Community.objects.all()
    serializer_class = documents.CommunityDocument
    filterset_fields: list[str] = []


class Grids(ScopedViewSet):
    """The grid tree. One grid: its head and what is in it."""

    rows = Grid.objects.standing().defer("geometry")
    filterset_class = GridFilter

    def get_serializer_class(self) -> type[Any]:
        return documents.GridDocument if self.action == "retrieve" else documents.GridEntry


class Compounds(ScopedViewSet):
    rows = Compound.objects.standing().defer("geometry")
    serializer_class = documents.CompoundEntry
    filterset_class = CompoundFilter


class Buildings(ScopedViewSet):
    """Buildings. One building: its grid and head, units and counts."""

    rows = Building.objects.standing().select_related("grid", "compound").defer(
        "footprint", "grid__geometry", "compound__geometry"
    )  # fmt: skip
    filterset_class = BuildingFilter

    def get_serializer_class(self) -> type[Any]:
        return documents.BuildingDocument if self.action == "retrieve" else documents.BuildingEntry

    @extend_schema(responses=documents.DwellingEntry(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def dwellings(self, request: Request, pk: str | None = None) -> Response:
        """All dwellings of a building, from the top floor down, unit by unit."""
        building = self.get_object()
        rows = Dwelling.objects.standing().filter(building=building).select_related("unit")
        ordered = rows.order_by("-floor", "unit__number", "room").defer("footprint", "walls")
        return Response(documents.DwellingEntry(ordered, many=True).data)


class Dwellings(ScopedViewSet):
    """Dwellings. One dwelling: where it is, how large, and whose grid it lies in."""

    rows = Dwelling.objects.standing().select_related("unit", "building__grid", "building__compound", "community").defer(
        "walls", "building__footprint", "building__grid__geometry", "building__compound__geometry", "community__boundary"
    )  # fmt: skip
    filterset_class = DwellingFilter

    def get_serializer_class(self) -> type[Any]:
        return documents.DwellingDocument if self.action == "retrieve" else documents.DwellingEntry

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        return rows if self.action == "retrieve" else rows.defer("footprint", "walls")
