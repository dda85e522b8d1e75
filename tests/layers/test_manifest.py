from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from layers.registry import all_layers
from tests.conftest import a_building
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.actions import found_community
from twin.places.descriptions import describe
from twin.places.models import Building, Community, Grid


def test_the_manifest_lists_all_layers_in_drawing_order(
    community: Community, officer: User, client: Client
) -> None:
    client.force_login(officer)
    document = client.get(f"/layers/{community.pk}/manifest.json").json()
    assert [entry["name"] for entry in document["layers"]] == [str(layer) for layer in all_layers()]
    assert all(entry["title"]["zh"] and entry["title"]["en"] for entry in document["layers"])


def test_style_ids_are_unique(community: Community, officer: User, client: Client) -> None:
    client.force_login(officer)
    document = client.get(f"/layers/{community.pk}/manifest.json").json()
    ids = [style["id"] for entry in document["layers"] for style in entry["style"]]
    assert len(ids) == len(set(ids))


def test_a_worker_is_granted_the_own_grid_only(
    community: Community, west: Grid, east: Grid, in_role: Callable[..., User], client: Client
) -> None:
    client.force_login(in_role(RoleKind.GRID_WORKER, grid=west))
    document = client.get(f"/layers/{community.pk}/manifest.json").json()
    assert {g["id"] for g in document["grids"] if g["granted"]} == {west.pk}
    assert east.pk in {g["id"] for g in document["grids"]}


def test_the_versions_of_blocks_are_listed(
    community: Community, west_building: Building, officer: User, client: Client
) -> None:
    client.force_login(officer)
    document = client.get(f"/layers/{community.pk}/manifest.json").json()
    assert all(0 < version <= document["version"] for version in document["blocks"].values())
    assert document["blocks"]


def test_a_community_without_a_boundary_lies_where_its_buildings_stand(db: None) -> None:
    bare = found_community(name="无界社区")
    assert describe(bare)["bbox"] == [-180.0, -85.0, 180.0, 85.0]
    a_building(bare, 122.6008)
    a_building(bare, 122.6028)
    described = describe(bare)
    assert described["bbox"] == pytest.approx([122.6008, 31.0510, 122.6032, 31.0511])
    assert described["center"] == pytest.approx([122.6020, 31.05105])
