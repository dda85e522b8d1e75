"""Grids that name another parent than before: refused, unless it is stated that they move."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.places.importing.conftest import apply, codes, houses, plan, verdicts
from tests.places.importing.test_grids import square
from tests.places.test_grids import check_now
from twin.access.actions import grant_role
from twin.access.models import RightsChange
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.places.models import Building, Community, Grid, GridHistory

Features = list[Any]


def tree(**parents: str) -> Features:
    """Two areas, west and east, and a grid in each; `parents` says where the grids hang."""
    return [
        (square(0), {"code": "W", "name": "西片区"}),
        (square(1), {"code": "E", "name": "东片区"}),
        (square(0), {"code": "W1", "name": "第1网格", "parent": parents.get("W1", "W")}),
        (square(1), {"code": "E1", "name": "第2网格", "parent": parents.get("E1", "E")}),
    ]


def swapped() -> Features:
    """The eastern grid's number was given to the west and the other way round."""
    rows = tree()
    return [*rows[:2], (square(1), {**rows[2][1], "parent": "E"}), (square(0), {**rows[3][1], "parent": "W"})]


def test_it_is_refused_unless_it_was_asked_for(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(tree()), "grids")
    made = plan(town, geojson(swapped()), "grids")
    assert verdicts(made) == ["unchanged", "unchanged", "refuse", "refuse"]
    assert codes(made.rows[2])[0] == "parent_changed"
    assert made.rows[2].notes[0].details == {"before": "西片区", "now": "东片区"}


def test_the_dry_run_says_where_it_goes_and_what_goes_along(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(tree()), "grids")
    apply(town, geojson(houses(3)))
    made = plan(town, geojson(swapped()), "grids", move_grids=True)
    assert made.rows[2].changes["parent"] == ("西片区", "东片区")
    note = next(one for one in made.rows[2].notes if one.code == "moves_in_the_tree")
    assert note.details["buildings"] == 3
    assert Grid.objects.get(name="第1网格").parent.name == "西片区"  # type: ignore[union-attr]


def test_a_grid_moves_with_its_path_and_its_history(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(tree()), "grids")
    apply(town, geojson(houses(8)))
    apply(town, geojson(swapped()), "grids", move_grids=True)
    check_now()
    moved, area = Grid.objects.get(name="第1网格"), Grid.objects.get(name="东片区")
    assert (moved.parent, moved.path) == (area, f"{area.path}{moved.pk}/")
    now = GridHistory.objects.get(grid=moved, during__upper_inf=True)
    assert now.parent_id_then == area.pk
    assert set(Building.objects.values_list("grid__name", flat=True)) == {"第1网格", "第2网格"}
    assert Building.objects.get(source_id="h0").grid.name == "第2网格"


def test_what_lies_below_goes_along(geojson: Callable[..., Path], town: Community) -> None:
    rows = [
        *tree()[:2],
        (square(0), {"code": "M", "name": "中片区", "parent": "W"}),
        (square(0), {"code": "M1", "name": "微网格", "parent": "M"}),
    ]
    apply(town, geojson(rows), "grids")
    apply(town, geojson(houses(2)))
    town_wide = [*rows[:2], (square(0), {"code": "M", "name": "中片区"}), rows[3]]
    town_wide[0] = (square(2), {"code": "W", "name": "西片区"})
    apply(town, geojson(town_wide), "grids", move_grids=True)
    check_now()
    small = Grid.objects.get(name="微网格")
    assert small.path == f"{town.root.path}{small.parent_id}/{small.pk}/"
    assert set(Building.objects.values_list("grid__name", flat=True)) == {"微网格"}


def test_a_parent_that_is_left_without_grids_takes_its_buildings_back(
    geojson: Callable[..., Path], town: Community
) -> None:
    half = [(square(0), {"code": "W", "name": "西片区"}), (square(1), {"code": "E", "name": "东片区"})]
    apply(town, geojson([*half, (square(0), {"code": "x", "name": "小", "parent": "W"})]), "grids")
    apply(town, geojson(houses(6)))
    away = square(1, wider=-0.001)
    apply(
        town, geojson([*half, (away, {"code": "x", "name": "小", "parent": "E"})]), "grids", move_grids=True
    )
    check_now()
    assert Building.objects.get(source_id="h0").grid.name == "西片区"
    assert set(Building.objects.values_list("grid__name", flat=True)) <= {"西片区", "小", "未划分"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_parent_and_child_change_places(
    geojson: Callable[..., Path], town: Community, order: tuple[int, int]
) -> None:
    rows = [(square(0), {"code": "a", "name": "甲"}), (square(0), {"code": "b", "name": "乙", "parent": "a"})]
    apply(town, geojson(rows), "grids")
    turned = [
        (square(0), {"code": "a", "name": "甲", "parent": "b"}),
        (square(0), {"code": "b", "name": "乙"}),
    ]
    apply(town, geojson([turned[n] for n in order]), "grids", move_grids=True)
    check_now()
    assert Grid.objects.get(name="甲").parent == Grid.objects.get(name="乙")


def test_grids_of_one_name_change_places(geojson: Callable[..., Path], town: Community) -> None:
    rows = tree()
    rows[3] = (rows[3][0], {**rows[3][1], "name": "第1网格"})
    apply(town, geojson(rows), "grids")
    turned = [
        *tree()[:2],
        (square(1), {"code": "W1", "name": "第1网格", "parent": "E"}),
        (square(0), {"code": "E1", "name": "第1网格", "parent": "W"}),
    ]
    apply(town, geojson(turned), "grids", move_grids=True)
    check_now()
    found = Grid.objects.filter(name="第1网格").values_list("code", "parent__code")
    assert dict(found) == {"W1": "E", "E1": "W"}


def test_a_move_below_itself_is_refused(geojson: Callable[..., Path], town: Community) -> None:
    """The child is not in the later file, so only the tree that stands can tell."""
    rows = [(square(0), {"code": "a", "name": "甲"}), (square(0), {"code": "b", "name": "乙", "parent": "a"})]
    apply(town, geojson(rows), "grids")
    made = plan(
        town, geojson([(square(0), {"code": "a", "name": "甲", "parent": "b"})]), "grids", move_grids=True
    )
    assert codes(made.rows[0])[0] == "parent_is_a_circle"


def test_rights_follow_the_tree(
    geojson: Callable[..., Path], town: Community, someone: Callable[..., User]
) -> None:
    apply(town, geojson(tree()), "grids")
    heads = {}
    for name in ("西片区", "东片区", "第1网格"):
        heads[name] = someone(name)
        grant_role(
            user=heads[name], kind=RoleKind.GRID_HEAD, community=town, grid=Grid.objects.get(name=name)
        )
    before = RightsChange.objects.count()
    apply(town, geojson(swapped()), "grids", move_grids=True)
    moved = Grid.objects.get(name="第1网格")
    assert scope_of(heads["东片区"]).covers(moved.path)
    assert not scope_of(heads["西片区"]).covers(moved.path)
    assert scope_of(heads["第1网格"]).paths == (moved.path,)
    told = set(
        RightsChange.objects.order_by("-pk").values_list("user", flat=True)[
            : RightsChange.objects.count() - before
        ]
    )
    assert told == {head.pk for head in heads.values()}, "open sockets hear of it"
