"""Tiles are made from shapes that the database keeps in tile units; they must be the ones that the shapes themselves give."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from django.db import connection
from shapely.geometry import shape

from gis.tile_address import Tile, tile_at
from layers import tiles
from layers.layer import Layer
from layers.registry import all_layers, layer_named
from tests.conftest import a_building, box, line
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.scope import Scope
from twin.places.actions import add_street, change_building, draw_grid
from twin.places.models import Building, Community
from twin.places.tile_shapes import SHAPE_OF

ZOOMS = (11, 12, 13, 14, 15, 16)
STORED = [layer for layer in all_layers() if tiles.kept_zoom(layer.name, 14) is not None]


def drawn_from(
    kept: int | None, layer: Layer, community: Community, scope: Scope, at: Tile
) -> dict[int, Any]:
    """Feature id -> (shape in shares of the tile's side, properties)."""
    sql, known = tiles.statement(layer.name, community.pk, scope, kept)
    with connection.cursor() as cursor:
        cursor.execute(sql, known | tiles.numbers(at, kept))
        read = mapbox_vector_tile.decode(bytes(cursor.fetchone()[0]))
    if not read:
        return {}
    side = read[layer.name]["extent"]
    return {
        each["id"]: (shapely.transform(shape(each["geometry"]), lambda xy: xy / side), each["properties"])
        for each in read[layer.name]["features"]
    }


def test_every_layer_of_areas_and_lines_is_made_from_stored_shapes() -> None:
    assert {layer.name for layer in STORED} == {"buildings", "grids", "compounds", "streets", "landcover"}
    assert len(SHAPE_OF) == len(STORED)


@pytest.mark.parametrize("layer", STORED, ids=str)
@pytest.mark.parametrize("z", ZOOMS)
def test_a_stored_shape_gives_the_tile_of_the_shape(
    layer: Layer, z: int, drawn: Community, officer: User
) -> None:
    scope = scope_of(officer)
    at = tile_at(122.602, 31.051, z)
    kept = tiles.kept_zoom(layer.name, z)
    assert kept is not None
    stored = drawn_from(kept, layer, drawn, scope, at)
    exact = drawn_from(None, layer, drawn, scope, at)
    assert stored.keys() == exact.keys()
    for key, (shape_, properties) in stored.items():
        assert properties == exact[key][1]
        assert shapely.hausdorff_distance(shape_, exact[key][0]) < 2 / 4096


def test_what_leaves_the_tile_is_clipped_at_its_buffer(community: Community, officer: User) -> None:
    add_street(community=community, geometry=line((122.0, 31.0505), (123.0, 31.0505)), name="长街")
    at = tile_at(122.602, 31.0505, 16)
    found = drawn_from(16, layer_named("streets"), community, scope_of(officer), at)
    ((road, _),) = found.values()
    west, _, east, _ = road.bounds
    assert west == pytest.approx(-64 / 4096)
    assert east == pytest.approx(1 + 64 / 4096)


def test_an_area_around_the_tile_fills_it(community: Community, officer: User) -> None:
    draw_grid(community=community, parent=community.root, name="大", geometry=box(122.0, 31.0, 123.0, 32.0))
    at = tile_at(122.5, 31.5, 16)
    found = drawn_from(16, layer_named("grids"), community, scope_of(officer), at)
    ((area, _),) = found.values()
    assert area.bounds == pytest.approx((-64 / 4096, -64 / 4096, 1 + 64 / 4096, 1 + 64 / 4096))


def test_a_changed_shape_is_stored_anew(community: Community, west_building: Building, officer: User) -> None:
    moved = box(122.6030, 31.0512, 122.6034, 31.0513)
    at = tile_at(122.6032, 31.05125, 16)
    layer, scope = layer_named("buildings"), scope_of(officer)
    before = drawn_from(16, layer, community, scope, at).get(west_building.pk)
    change_building(building=west_building, footprint=moved)
    after = drawn_from(16, layer, community, scope, at)[west_building.pk]
    assert before is None or not shapely.equals(before[0], after[0])
    assert (
        shapely.hausdorff_distance(
            after[0], drawn_from(None, layer, community, scope, at)[west_building.pk][0]
        )
        < 2 / 4096
    )


def test_rows_do_not_carry_the_stored_shapes_along(community: Community) -> None:
    building = a_building(community, 122.6008)
    assert not any(name.startswith("tile_") for name in vars(Building.objects.get(pk=building.pk)))
