"""Layer -> Mapbox Vector Tile, made by PostGIS from the very rows that the viewer may see."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Polygon
from django.db import connection
from django.db.models import BinaryField, F, Func, QuerySet
from django.db.models.expressions import Combinable

from gis.tile_address import Tile, bounds
from layers.layer import Layer

EXTENT = 4096
BUFFER = 64
"""Tile units drawn beyond the edge, so that outlines and labels do not break there (1/64 of a tile)."""

TILE_OF = "SELECT ST_AsMVT(tile, %s, {extent}, 'geom', 'id') FROM ({rows}) AS tile WHERE geom IS NOT NULL"


class TileGeometry(Func):
    """A geometry in EPSG:4326, clipped and quantised to the units of a tile."""

    template = (
        "ST_AsMVTGeom(ST_Transform(%(expressions)s, 3857), "
        f"ST_TileEnvelope(%(z)s, %(x)s, %(y)s), {EXTENT}, {BUFFER}, true)"
    )
    output_field = BinaryField()


def render(layer: Layer, rows: QuerySet[Any], address: Tile) -> bytes:
    """The tile of these (already scoped) rows; empty bytes where there are none."""
    sql, params = tile_sql(layer, rows, address)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return bytes(cursor.fetchone()[0])


def tile_sql(layer: Layer, rows: QuerySet[Any], address: Tile) -> tuple[str, list[Any]]:
    """The statement and its parameters; the same text for every tile of a layer but for the three numbers."""
    geometry = TileGeometry(layer.geometry, z=int(address.z), x=int(address.x), y=int(address.y))
    near = rows.filter(**{f"{layer.geometry}__bboverlaps": _envelope(address)})
    drawn = with_properties(near.annotate(geom=geometry), layer, "id", "geom")
    inner, params = drawn.order_by().query.sql_with_params()
    return TILE_OF.format(extent=EXTENT, rows=inner), [layer.name, *params]


def with_properties(rows: QuerySet[Any], layer: Layer, *fields: str) -> QuerySet[Any]:
    """`values()` of the fields and of the layer's properties under their declared names."""
    renamed = property_expressions(layer)
    plain = [name for name in layer.properties if name not in renamed]
    return rows.values(*fields, *plain, **renamed)


def property_expressions(layer: Layer) -> dict[str, Combinable]:
    """The properties that are no field of the same name."""
    return {
        name: F(source) if isinstance(source, str) else source
        for name, source in layer.properties.items()
        if source != name
    }


def _envelope(address: Tile) -> Polygon:
    west, south, east, north = bounds(address)
    margin_x, margin_y = (east - west) * BUFFER / EXTENT, (north - south) * BUFFER / EXTENT
    box = Polygon.from_bbox((west - margin_x, south - margin_y, east + margin_x, north + margin_y))
    box.srid = 4326
    return box
