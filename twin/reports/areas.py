"""Where a report is about: a community, a grid and all below it, a compound, a building, or what somebody drew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.gis.geos import Polygon
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.access.gate import visible
from twin.base.errors import Invalid
from twin.base.scope import Scope
from twin.places.models import Building, Community, Compound, Dwelling, Grid
from twin.reports.drawn import polygon_of

Place = Community | Grid | Compound | Building | Polygon


class AreaKind(models.TextChoices):
    COMMUNITY = "community", _("community")
    GRID = "grid", _("grid")
    COMPOUND = "compound", _("compound")
    BUILDING = "building", _("building")
    POLYGON = "polygon", _("drawn area")


PLACES: Mapping[str, Any] = {
    AreaKind.GRID: Grid.objects.defer("geometry"),
    AreaKind.COMPOUND: Compound.objects.defer("geometry"),
    AreaKind.BUILDING: Building.objects.defer("footprint"),
}


@dataclass(frozen=True, slots=True)
class Area:
    """A place that was found, or a polygon (EPSG:4326)."""

    kind: AreaKind
    place: Place

    def of_dwellings(self, dwelling: str) -> Q:
        """The filter for rows; `dwelling` is the lookup of their dwelling, ending in `__`, or empty for dwellings."""
        match self.place:
            case Community():
                return Q(**{f"{dwelling}community": self.place})
            case Grid():
                return Q(**{f"{dwelling}building__grid__path__startswith": self.place.path})
            case Compound():
                return Q(**{f"{dwelling}building__compound": self.place})
            case Building():
                return Q(**{f"{dwelling}building": self.place})
        return Q(**{f"{dwelling}pk__in": _inside(self.place)})

    @property
    def called(self) -> str:
        return str(AreaKind.POLYGON.label) if isinstance(self.place, Polygon) else str(self.place)

    @property
    def noted(self) -> dict[str, Any]:
        """As the audit keeps it."""
        if isinstance(self.place, Polygon):
            return {"kind": self.kind, "extent": list(self.place.extent)}
        return {"kind": self.kind, "id": self.place.pk}


def _inside(polygon: Polygon) -> models.QuerySet[Any]:
    """Dwellings by one point of their floor plan, so that a building that is half inside counts by half."""
    near = Dwelling.objects.filter(building__footprint__bboverlaps=polygon)
    return near.annotate(point=PointOnSurface("footprint")).filter(point__within=polygon).values("pk")


def area_of(told: Mapping[str, Any], community: Community, scope: Scope, where: str = "area") -> Area:
    """Raises Invalid for an area that says too little, and for a place that does not stand in this community."""
    kind = AreaKind(told["kind"])
    if kind is AreaKind.POLYGON:
        if told.get("geometry") is None:
            raise Invalid("Say which polygon.", where=f"{where}.geometry")
        return Area(kind, polygon_of(told["geometry"], f"{where}.geometry"))
    pk = told.get("id")
    if kind is AreaKind.COMMUNITY:
        if pk not in (None, community.pk):
            raise Invalid("The area lies in another community.", where=f"{where}.id")
        return Area(kind, community)
    if pk is None:
        raise Invalid("Say which place.", where=f"{where}.id")
    rows = PLACES[kind].filter(ended_at=None, community=community, pk=pk)
    place = visible(rows, to=scope).first()
    if place is None:
        raise Invalid("There is no such place in this community.", where=f"{where}.id")
    return Area(kind, place)
