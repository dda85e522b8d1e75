from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from tests.conftest import a_building, box
from twin.base.errors import Conflict
from twin.places.actions import (
    draw_grid,
    end_building,
    end_grid,
    found_community,
    place_in_grid,
    reshape_grid,
)
from twin.places.models import Building, BuildingGridHistory, Community, Grid


def check_now() -> None:
    """Deferred constraints speak at commit; ask them now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_community_is_born_with_a_root_and_a_leaf_for_what_lies_in_no_grid(community: Community) -> None:
    root = community.root
    assert root.path == f"/{root.pk}/"
    assert Grid.objects.filter(community=community).leaves().get().kind == Grid.Kind.UNASSIGNED


def test_a_path_lists_the_ancestors(root: Grid, west: Grid) -> None:
    assert west.path == f"/{root.pk}/{west.pk}/"


def test_siblings_that_overlap_are_refused_by_name(community: Community, root: Grid, west: Grid) -> None:
    check_now()
    with (
        pytest.raises(IntegrityError, match="overlaps its sibling .* by 10583.0 m²") as refused,
        transaction.atomic(),
    ):
        draw_grid(
            community=community, parent=root, name="重叠", geometry=box(122.6015, 31.050, 122.603, 31.052)
        )
        check_now()
    assert refused.value.__cause__.diag.constraint_name == "grid_siblings_do_not_overlap"


def test_neighbours_may_share_an_edge(west: Grid, east: Grid) -> None:
    check_now()


def test_a_grid_below_one_that_holds_buildings_is_refused(
    community: Community, west: Grid, west_building: Building
) -> None:
    check_now()
    far = box(122.6000, 31.0500, 122.6002, 31.0502)
    with (
        pytest.raises(IntegrityError, match="still holds buildings|is no leaf") as refused,
        transaction.atomic(),
    ):
        draw_grid(community=community, parent=west, name="远处的微网格", geometry=far)
        check_now()
    assert refused.value.__cause__.diag.constraint_name == "only_leaf_grids_hold_buildings"


def test_a_building_goes_to_the_grid_with_most_of_its_area(
    community: Community, west: Grid, east: Grid
) -> None:
    assert a_building(community, 122.6019).grid == east
    assert a_building(community, 122.6017).grid == west


def test_a_building_outside_all_grids_goes_to_the_unassigned_leaf(community: Community, west: Grid) -> None:
    assert a_building(community, 122.7).grid.kind == Grid.Kind.UNASSIGNED


def test_a_clerks_decision_outlives_a_new_border(community: Community, west: Grid, east: Grid) -> None:
    building = place_in_grid(building=a_building(community, 122.6017), grid=east)
    reshape_grid(grid=west, geometry=box(122.600, 31.050, 122.60195, 31.052))
    building.refresh_from_db()
    assert building.grid == east
    assert place_in_grid(building=building, grid=None).grid == west


def test_a_new_border_moves_buildings_and_remembers_where_they_were(
    community: Community, west: Grid, east: Grid
) -> None:
    building = a_building(community, 122.6016)
    built, redrawn = timezone.now() - timedelta(days=30), timezone.now()
    during = DateTimeTZRange(built, None)
    BuildingGridHistory.objects.filter(building=building).update(during=during)
    reshape_grid(grid=west, geometry=box(122.600, 31.050, 122.6015, 31.052))
    moved = reshape_grid(grid=east, geometry=box(122.6015, 31.050, 122.604, 31.052))
    assert moved == [building.pk]
    assert building.grid_history.at(built + timedelta(days=1)).get().grid == west
    assert building.grid_history.at(redrawn + timedelta(days=1)).get().grid == east


def test_the_buildings_of_an_ended_grid_find_a_new_one(
    community: Community, west: Grid, west_building: Building
) -> None:
    assert end_grid(grid=west) == [west_building.pk]
    west_building.refresh_from_db()
    assert west_building.grid.kind == Grid.Kind.UNASSIGNED
    check_now()


def test_the_root_cannot_end(root: Grid) -> None:
    with pytest.raises(Conflict):
        end_grid(grid=root)


def test_a_building_of_another_community_is_refused(community: Community, west: Grid) -> None:
    other = found_community(name="另一个社区")
    building = a_building(other, 122.6008)
    with pytest.raises(IntegrityError, match="another community"), transaction.atomic():
        Building.objects.filter(pk=building.pk).update(grid=west)
        check_now()


def test_a_version_of_shapes_is_given_once_also_after_the_database_was_put_back(
    community: Community, west_building: Building
) -> None:
    """Browsers keep tiles by their version for a year."""
    community.refresh_from_db()
    given = community.shape_version
    Community.objects.filter(pk=community.pk).update(shape_version=1)
    end_building(building=west_building)
    community.refresh_from_db()
    assert community.shape_version > given
