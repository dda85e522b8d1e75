"""Layer -> GeoJSON FeatureCollection, for GIS clients and for whoever wants the exact shape instead of a tile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from layers.layer import Layer, Shape
from layers.tiles import property_expressions
from twin.base.errors import Invalid

PAGE = 1000
BBox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for: a box (EPSG:4326, west, south, east, north), the id after which to go on, how many."""

    bbox: BBox | None = None
    after: int = 0
    limit: int = PAGE


def page_of(query: Any) -> Page:
    """The page of a query string. Raises Invalid, naming the parameter."""
    return Page(
        bbox=_bbox(query.get("bbox")),
        after=_whole("after", query.get("after", "0"), least=0),
        limit=min(PAGE, _whole("limit", query.get("limit", str(PAGE)), least=1)),
    )


def render(layer: Layer, rows: QuerySet[Any], page: Page) -> dict[str, Any]:
    """A page of these (already scoped) rows, by ascending id; `next` is the `after` of the following page, or null."""
    geometry = "walls" if layer.shape is Shape.PANEL else layer.geometry
    if page.bbox is not None:
        box = Polygon.from_bbox(page.bbox)
        box.srid = 4326
        rows = rows.filter(**{f"{geometry}__intersects": box})
    found = list(
        rows.filter(pk__gt=page.after)
        .annotate(**property_expressions(layer))
        .order_by("pk")[: page.limit + 1]
    )
    shown = found[: page.limit]
    collection: dict[str, Any] = _serializer_of(layer, geometry)(shown, many=True).data
    collection["next"] = shown[-1].pk if len(found) > page.limit else None
    return collection


def _serializer_of(layer: Layer, geometry: str) -> type[GeoFeatureModelSerializer]:
    """A GeoJSON serializer of exactly the declared properties: what a layer does not name does not leave."""
    renamed = property_expressions(layer)
    meta = type(
        "Meta",
        (),
        {
            "model": layer.rows().model,
            "geo_field": geometry,
            "id_field": "id",
            "fields": ("id", geometry, *layer.properties),
        },
    )
    extra = {name: serializers.ReadOnlyField() for name in renamed}
    return type(f"{layer.name.title()}Feature", (GeoFeatureModelSerializer,), {"Meta": meta, **extra})


def _bbox(text: str | None) -> BBox | None:
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise Invalid("A bbox is four numbers: west,south,east,north.", where="bbox") from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Invalid(
            "A bbox is west,south,east,north in degrees, west before east, south before north.", where="bbox"
        )
    return west, south, east, north


def _whole(name: str, text: str, *, least: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 16 or int(text) < least:
        raise Invalid("%(name)s is a whole number from %(least)s.", name=name, least=least, where=name)
    return int(text)
