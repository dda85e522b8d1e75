from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.actions import change_building, cut_building
from twin.places.models import Building, Community, Dwelling, Grid


@pytest.fixture
def cut(west_building: Building) -> Building:
    cut_building(building=west_building)
    return west_building


@pytest.fixture
def signed_in(officer: User, client: Client) -> Client:
    client.force_login(officer)
    return client


def test_a_grid_tells_its_head_and_counts(
    signed_in: Client, community: Community, west: Grid, cut: Building, someone: Callable[..., User]
) -> None:
    grant_role(user=someone("赵一长"), kind=RoleKind.GRID_HEAD, community=community, grid=west)
    document = signed_in.get(f"/api/grids/{west.pk}/").json()
    assert document["head"] == {"name": "赵一长", "photo": None}
    counts = document["counts"]
    assert (counts["buildings"], counts["units"], counts["dwellings"]) == (1, 2, 24)


def test_a_building_tells_units_floors_and_grid_head(signed_in: Client, cut: Building, west: Grid) -> None:
    document = signed_in.get(f"/api/buildings/{cut.pk}/").json()
    assert document["grid"] == {"id": west.pk, "name": west.name, "head": None}
    assert [(u["number"], u["floors"]) for u in document["units"]] == [
        ("1", [1, 2, 3, 4, 5, 6]),
        ("2", [1, 2, 3, 4, 5, 6]),
    ]


def test_a_dwelling_tells_where_it_is(signed_in: Client, cut: Building) -> None:
    dwelling = Dwelling.objects.get(unit__number="2", room="502")
    document = signed_in.get(f"/api/dwellings/{dwelling.pk}/").json()
    assert document["address"] == "海棠路100弄1号楼2单元502室"
    assert document["area_m2"] == pytest.approx(106, abs=8)
    assert document["floor"] == 5


def test_what_was_cut_from_a_guess_is_not_counted_as_homes(
    signed_in: Client, west_building: Building
) -> None:
    change_building(building=west_building, units_stated=None)
    cut_building(building=west_building)
    counts = signed_in.get(f"/api/buildings/{west_building.pk}/").json()["counts"]
    assert counts["dwellings"] == 0
    assert counts["estimated_dwellings"] == Dwelling.objects.filter(building=west_building).count() > 0


def places(building: Building) -> list[str]:
    dwelling = Dwelling.objects.filter(building=building).first()
    assert dwelling is not None
    return [
        f"/api/communities/{building.community_id}/", f"/api/grids/{building.grid_id}/",
        f"/api/buildings/{building.pk}/", f"/api/buildings/{building.pk}/dwellings/", f"/api/dwellings/{dwelling.pk}/",
        f"/api/search/?community={building.community_id}&q=1",
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(6))
def test_strangers_get_401_and_people_without_a_role_404(
    number: int, client: Client, cut: Building, stranger: User
) -> None:
    path = places(cut)[number]
    assert client.get(path).status_code == 401
    client.force_login(stranger)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["grids", "buildings", "dwellings"])
def test_nonsense_ids_are_404(signed_in: Client, community: Community, path: str) -> None:
    for nonsense in ("0", "999999999999", "abc", "1' or 1=1", "9" * 40):
        assert signed_in.get(f"/api/{path}/{nonsense}/").status_code == 404


@pytest.mark.parametrize(
    ("path", "most"), [("communities", 14), ("grids", 16), ("buildings", 14), ("dwellings", 9)]
)
def test_one_place_costs_a_counted_number_of_queries(
    path: str,
    most: int,
    signed_in: Client,
    cut: Building,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ids: dict[str, Any] = {
        "communities": cut.community_id, "grids": cut.grid_id, "buildings": cut.pk,
        "dwellings": Dwelling.objects.filter(building=cut).values_list("pk", flat=True)[0],
    }  # fmt: skip
    with django_assert_max_num_queries(most):
        assert signed_in.get(f"/api/{path}/{ids[path]}/").status_code == 200


def test_a_list_of_dwellings_does_not_cost_a_query_each(
    signed_in: Client, cut: Building, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(8):
        assert len(signed_in.get(f"/api/buildings/{cut.pk}/dwellings/").json()) == 24
