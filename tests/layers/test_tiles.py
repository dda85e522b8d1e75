from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import Client

from gis.tile_address import tile_at
from layers.layer import Layer
from layers.registry import all_layers
from tests.conftest import box
from twin.access.roles import OPENS, RoleKind
from twin.accounts.models import User
from twin.places.actions import (
    change_building,
    cut_building,
    found_community,
)
from twin.places.models import Building, Community, Grid

TILED = [layer for layer in all_layers() if layer.tiles is not None]
MIDDLE = (122.602, 31.051)


def address(layer: Layer | str, community: Community, *, z: int = 14, version: int | None = None) -> str:
    at = tile_at(*MIDDLE, z)
    chosen = community.shape_version if version is None else version
    return f"/layers/{community.pk}/tiles/{layer}/{chosen}/{at.z}/{at.x}/{at.y}.mvt"


def get(client: Client, path: str, **headers: str) -> Any:
    """Follow the way to the current version, as a browser does."""
    return client.get(path, follow=True, headers=headers)


@pytest.mark.parametrize("layer", TILED, ids=str)
def test_a_tile_holds_the_rows_of_its_layer_and_just_the_declared_properties(
    layer: Layer, drawn: Community, officer: User, client: Client
) -> None:
    client.force_login(officer)
    answer = get(client, address(layer, drawn))
    assert answer.status_code == 200
    features = mapbox_vector_tile.decode(answer.content)[layer.name]["features"]
    rows = {row.pk for row in layer.rows()}
    assert {f["id"] for f in features} == rows
    assert rows
    assert {name for f in features for name in f["properties"]} <= set(layer.properties)


@pytest.mark.parametrize("layer", TILED, ids=str)
@pytest.mark.parametrize("kind", [k for k in RoleKind if not OPENS[k].shapes])
def test_a_resident_gets_no_tile(
    layer: Layer, kind: str, drawn: Community, in_role: Callable[..., User], client: Client
) -> None:
    client.force_login(in_role(kind))
    assert get(client, address(layer, drawn)).status_code == 404


@pytest.mark.parametrize("layer", TILED, ids=str)
def test_a_stranger_gets_401_and_a_foreigner_404(
    layer: Layer, drawn: Community, stranger: User, client: Client
) -> None:
    assert get(client, address(layer, drawn)).status_code == 401
    client.force_login(stranger)
    assert get(client, address(layer, drawn)).status_code == 404


def test_staff_of_another_community_see_nothing_of_this_one(
    drawn: Community, officer: User, client: Client
) -> None:
    other = found_community(name="另一个社区", boundary=box(122.600, 31.050, 122.604, 31.052))
    client.force_login(officer)
    assert get(client, address("buildings", other)).status_code == 404
    assert mapbox_vector_tile.decode(get(client, address("buildings", drawn)).content)


def test_an_address_with_the_current_version_may_be_kept_for_good(
    drawn: Community, officer: User, client: Client
) -> None:
    client.force_login(officer)
    answer = get(client, address("buildings", drawn))
    assert answer.headers["Cache-Control"] == "private, immutable, max-age=31536000"
    again = get(client, answer.redirect_chain[-1][0] if answer.redirect_chain else address("buildings", drawn),
                **{"If-None-Match": answer.headers["ETag"]})  # fmt: skip
    assert again.status_code == 304
    assert not again.content


def test_an_unknown_version_redirects_to_the_current_one(
    drawn: Community, officer: User, client: Client
) -> None:
    client.force_login(officer)
    answer = client.get(address("buildings", drawn, version=987654))
    assert answer.status_code == 302
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_changed_shape_gets_a_new_address_and_new_content(
    drawn: Community, west_building: Building, officer: User, client: Client
) -> None:
    client.force_login(officer)
    before = get(client, address("buildings", drawn))
    change_building(building=west_building, height_m=99.0)
    after = get(client, address("buildings", drawn))
    assert after.headers["ETag"] != before.headers["ETag"]
    heights = {
        f["properties"]["height"] for f in mapbox_vector_tile.decode(after.content)["buildings"]["features"]
    }
    assert 99.0 in heights


def test_a_change_in_one_block_leaves_the_versions_of_others_alone(drawn: Community, east: Grid) -> None:
    from tests.conftest import a_building
    from twin.places.shape_versions import blocks_in

    a_building(drawn, 123.5)
    before = blocks_in(drawn.pk)
    a_building(drawn, 122.6018)
    after = blocks_in(drawn.pk)
    changed = {block for block in after if after[block] != before.get(block)}
    assert changed == {str(tile_at(122.6018, 31.051, 14))}


@pytest.mark.parametrize("path", [
    "tiles/nonsense/1/14/0/0.mvt", "tiles/buildings/1/14/99999/0.mvt", "tiles/buildings/1/30/0/0.mvt",
    "tiles/dwellings/1/14/0/0.mvt", "panels/1/14/0/0.bin", "features/nonsense/",
])  # fmt: skip
def test_an_address_of_nothing_is_404(path: str, drawn: Community, officer: User, client: Client) -> None:
    client.force_login(officer)
    assert get(client, f"/layers/{drawn.pk}/{path}").status_code == 404


def test_a_gzipped_tile_is_the_plain_one(drawn: Community, officer: User, client: Client) -> None:
    import gzip

    client.force_login(officer)
    plain = get(client, address("buildings", drawn))
    packed = get(client, address("buildings", drawn), **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


def test_the_tiles_of_estimated_dwellings_say_so(west_building: Building, officer: User) -> None:
    change_building(building=west_building, units_stated=None)
    cut_building(building=west_building)
    west_building.refresh_from_db()
    assert west_building.cut == Building.Cut.ESTIMATED
