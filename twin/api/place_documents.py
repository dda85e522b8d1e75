"""The JSON documents of places. Shape only: what is counted is asked in `place_facts`."""

from __future__ import annotations

from typing import Any

import shapely
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gis.measure import area_m2
from twin.api import place_facts as facts
from twin.places.descriptions import address_of
from twin.places.models import Building, Community, Compound, Dwelling, Grid


class Head(serializers.Serializer[Any]):
    """Who answers for a grid."""

    name = serializers.CharField()
    photo = serializers.CharField(allow_null=True)


class Named(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class GridWithHead(Named):
    head = Head(allow_null=True)


class Counts(serializers.Serializer[Any]):
    """How much there is. Estimated dwellings are drawn but are not counted as homes; what the viewer has no right to
    count is null."""

    buildings = serializers.IntegerField(required=False)
    units = serializers.IntegerField(required=False)
    dwellings = serializers.IntegerField()
    estimated_dwellings = serializers.IntegerField()
    devices = serializers.IntegerField(allow_null=True)
    open_alarms = serializers.IntegerField(allow_null=True)
    on_shift = serializers.IntegerField(required=False, allow_null=True)


class CommunityDocument(serializers.ModelSerializer[Community]):
    counts = serializers.SerializerMethodField()

    class Meta:
        model = Community
        fields = ["id", "name", "name_en", "code", "time_zone", "approval_number", "counts"]

    @extend_schema_field(Counts)
    def get_counts(self, community: Community) -> dict[str, Any]:
        return facts.counts_of_grid(community.root, self.context["view"].scope)


class GridEntry(serializers.ModelSerializer[Grid]):
    class Meta:
        model = Grid
        fields = ["id", "community", "parent", "path", "kind", "code", "name", "name_en", "colour"]


class GridDocument(GridEntry):
    head = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()

    class Meta(GridEntry.Meta):
        fields = [*GridEntry.Meta.fields, "head", "counts"]

    @extend_schema_field(Head(allow_null=True))
    def get_head(self, grid: Grid) -> dict[str, Any] | None:
        return facts.head_of(grid)

    @extend_schema_field(Counts)
    def get_counts(self, grid: Grid) -> dict[str, Any]:
        return facts.counts_of_grid(grid, self.context["view"].scope)


class CompoundEntry(serializers.ModelSerializer[Compound]):
    class Meta:
        model = Compound
        fields = ["id", "community", "name", "kind", "committee"]


class UnitNamed(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True, help_text="Of its own, like 19号; mostly empty")


class UnitEntry(UnitNamed):
    floors = serializers.ListField(
        child=serializers.IntegerField(), help_text="Ascending; basements negative"
    )


class BuildingEntry(serializers.ModelSerializer[Building]):
    class Meta:
        model = Building
        fields = [
            "id",
            "community",
            "name",
            "number",
            "address",
            "use",
            "facility",
            "height_m",
            "floors_above",
            "floors_below",
            "cut",
        ]


class BuildingDocument(BuildingEntry):
    grid = serializers.SerializerMethodField()
    compound = serializers.SerializerMethodField()
    units = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()
    center = serializers.SerializerMethodField()

    class Meta(BuildingEntry.Meta):
        fields = [*BuildingEntry.Meta.fields, "year_built", "center", "grid", "compound", "units", "counts"]

    @extend_schema_field(serializers.ListField(child=serializers.FloatField()))
    def get_center(self, building: Building) -> list[float]:
        return list(building.anchor.coords)

    @extend_schema_field(GridWithHead)
    def get_grid(self, building: Building) -> dict[str, Any]:
        return facts.grid_with_head(building.grid)

    @extend_schema_field(Named(allow_null=True))
    def get_compound(self, building: Building) -> dict[str, Any] | None:
        return {"id": building.compound.pk, "name": building.compound.name} if building.compound else None

    @extend_schema_field(UnitEntry(many=True))
    def get_units(self, building: Building) -> list[dict[str, Any]]:
        return facts.units_of(building)

    @extend_schema_field(Counts)
    def get_counts(self, building: Building) -> dict[str, Any]:
        return facts.counts_of_building(building, self.context["view"].scope)


class DwellingEntry(serializers.ModelSerializer[Dwelling]):
    unit_number = serializers.CharField(source="unit.number")

    class Meta:
        model = Dwelling
        fields = ["id", "building", "unit", "unit_number", "floor", "room", "use", "estimated"]


class DwellingDocument(serializers.ModelSerializer[Dwelling]):
    address = serializers.SerializerMethodField()
    area_m2 = serializers.SerializerMethodField()
    unit = serializers.SerializerMethodField()
    building = serializers.SerializerMethodField()
    compound = serializers.SerializerMethodField()
    grid = serializers.SerializerMethodField()
    community = serializers.SerializerMethodField()
    center = serializers.SerializerMethodField()

    class Meta:
        model = Dwelling
        fields = [
            "id", "room", "floor", "use", "estimated", "address", "area_m2", "base_m", "top_m", "center", "unit",
            "building", "compound", "grid", "community",
        ]  # fmt: skip

    def get_address(self, dwelling: Dwelling) -> str:
        return address_of(dwelling.building, dwelling.unit, dwelling.room)

    def get_area_m2(self, dwelling: Dwelling) -> float:
        return round(area_m2(shapely.from_wkb(bytes(dwelling.footprint.wkb))), 1)

    @extend_schema_field(serializers.ListField(child=serializers.FloatField()))
    def get_center(self, dwelling: Dwelling) -> list[float]:
        return list(dwelling.footprint.point_on_surface.coords)

    @extend_schema_field(UnitNamed)
    def get_unit(self, dwelling: Dwelling) -> dict[str, Any]:
        return {"id": dwelling.unit.pk, "number": dwelling.unit.number, "name": dwelling.unit.name}

    @extend_schema_field(Named)
    def get_building(self, dwelling: Dwelling) -> dict[str, Any]:
        return {"id": dwelling.building.pk, "name": str(dwelling.building)}

    @extend_schema_field(Named(allow_null=True))
    def get_compound(self, dwelling: Dwelling) -> dict[str, Any] | None:
        compound = dwelling.building.compound
        return {"id": compound.pk, "name": compound.name} if compound else None

    @extend_schema_field(GridWithHead)
    def get_grid(self, dwelling: Dwelling) -> dict[str, Any]:
        return facts.grid_with_head(dwelling.building.grid)

    @extend_schema_field(Named)
    def get_community(self, dwelling: Dwelling) -> dict[str, Any]:
        return {"id": dwelling.community.pk, "name": dwelling.community.name}
