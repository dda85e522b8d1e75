"""Layer -> Mapbox Vector Tile, made by PostGIS from the very rows that the viewer may see.

The statement is compiled once for a layer, viewer and community; from tile to tile only the numbers of `numbers` differ.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import BinaryField, BooleanField, F, Func, QuerySet
from django.db.models.expressions import Combinable

from gis.tile_address import Tile, bounds
from layers.layer import Layer
from layers.registry import layer_named
from layers.rows import rows_of
from twin.base.scope import Scope
from twin.places.tile_shapes import SHAPE_OF, UNITS, ZOOMS, column

BUFFER = 64
"""How much is drawn beyond the edge, in 1/4096 of a tile's side, so that outlines and labels do not break there."""

Statement = tuple[str, dict[str, Any]]
TILE_OF = "SELECT ST_AsMVT(tile, %(layer)s, %(extent)s, 'geom', 'id') FROM ({rows}) AS tile"
"""What is too small to be drawn has no geom; ST_AsMVT leaves it out. (Asking `geom IS NOT NULL` here computes it twice.)"""


class Near(Func):
    """Whether the box of a geometry in EPSG:4326 meets the tile and its buffer."""

    template = "%(expressions)s && ST_MakeEnvelope(%%(west)s, %%(south)s, %%(east)s, %%(north)s, 4326)"
    output_field = BooleanField()


class Projected(Func):
    """A geometry in EPSG:4326, clipped and rounded to the units of a tile."""

    template = (
        "ST_AsMVTGeom(ST_Transform(%(expressions)s, 3857), ST_TileEnvelope(%%(z)s, %%(x)s, %%(y)s), "
        "%%(extent)s, %%(buffer)s, true)"
    )
    output_field = BinaryField()


class Stored(Func):
    """The same from a shape that the database keeps in tile units, y to the south: moved where it lies within the tile, and
    clipped where it leaves it."""

    template = (
        "CASE WHEN %(shape)s @ ST_MakeEnvelope(%%(left)s - %%(buffer)s, %%(top)s - %%(buffer)s, "
        "%%(right)s + %%(buffer)s, %%(bottom)s + %%(buffer)s) "
        "THEN ST_Translate(%(shape)s, -%%(left)s, -%%(top)s) "
        "ELSE ST_AsMVTGeom(ST_Scale(%(shape)s, 1, -1), "
        "ST_MakeEnvelope(%%(left)s, -%%(bottom)s, %%(right)s, -%%(top)s)::box2d, %%(extent)s, %%(buffer)s, true) END"
    )
    output_field = BinaryField()

    def __init__(self, table: str, zoom: int) -> None:
        super().__init__(shape=f'"{table}"."{column(zoom)}"')


def render(layer: Layer, community_id: int, scope: Scope, address: Tile) -> bytes:
    """The tile of what this viewer may see; empty bytes where there is nothing."""
    kept = kept_zoom(layer.name, address.z)
    sql, known = statement(layer.name, community_id, scope, kept)
    with connection.cursor() as cursor:
        cursor.execute(sql, known | numbers(address, kept))
        return bytes(cursor.fetchone()[0])


@lru_cache(maxsize=1024)
def kept_zoom(layer_name: str, z: int) -> int | None:
    """The zoom of the stored shapes that a tile of zoom z is made from; None: it is made from the shapes themselves."""
    layer = layer_named(layer_name)
    if SHAPE_OF.get(layer.rows().model._meta.db_table) != layer.geometry:
        return None
    return next((zoom for zoom in ZOOMS if z <= zoom <= z + 1), None)


@lru_cache(maxsize=1024)
def statement(layer_name: str, community_id: int, scope: Scope, kept: int | None) -> Statement:
    """The statement with the tile's numbers still open, and the values that do not depend on the tile."""
    layer = layer_named(layer_name)
    rows = rows_of(layer, community_id, scope).filter(Near(F(layer.geometry)))
    table = rows.model._meta.db_table
    geometry = Projected(F(layer.geometry)) if kept is None else Stored(table, kept)
    drawn = with_properties(rows.annotate(geom=geometry), layer, "id", "geom").order_by()
    inner, values = drawn.query.sql_with_params()
    numbered = count()
    named = re.sub("%s", lambda _: f"%(known{next(numbered)})s", inner)
    known = {f"known{n}": value for n, value in enumerate(values)}
    return TILE_OF.format(rows=named), known | {"layer": layer.name}


def numbers(address: Tile, kept: int | None) -> dict[str, Any]:
    """Where a tile lies: in EPSG:4326 with its buffer, and in the units of the stored shapes. Between two zooms with stored
    shapes a tile has the units of the deeper one, twice as many, so that nothing is rounded again."""
    west, south, east, north = bounds(address)
    margin_x, margin_y = (east - west) * BUFFER / UNITS, (north - south) * BUFFER / UNITS
    finer = 0 if kept is None else kept - address.z
    side = UNITS << finer
    return {
        "west": west - margin_x, "south": south - margin_y, "east": east + margin_x, "north": north + margin_y,
        "z": address.z, "x": address.x, "y": address.y, "extent": side, "buffer": BUFFER << finer,
        "left": address.x * side, "top": address.y * side,
        "right": (address.x + 1) * side, "bottom": (address.y + 1) * side,
    }  # fmt: skip


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
