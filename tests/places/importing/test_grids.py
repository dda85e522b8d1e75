"""Grids come as a tree; what the database would refuse at the end is said at the beginning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import box
from tests.places.importing.conftest import EAST, NORTH, apply, codes, houses, plan, verdicts
from tests.places.test_grids import check_now
from twin.places.actions import draw_grid, place_in_grid
from twin.places.models import Building, Community, Grid, GridHistory

SIDE = 0.002


def square(column: int, row: int = 0, *, wider: float = 0.0) -> shapely.Polygon:
    west, south = EAST + column * SIDE, NORTH - SIDE / 2 + row * SIDE
    return shapely.box(west, south, west + SIDE + wider, south + SIDE)


def flat(count: int = 3) -> list[Any]:
    return [(square(n), {"网格名称": f"第{n + 1}网格", "网格编码": f"0{n + 1}"}) for n in range(count)]


def test_a_flat_file_lies_below_the_community(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(flat()), "grids")
    check_now()
    drawn = Grid.objects.filter(parent=town.root).exclude(kind="unassigned").order_by("code")
    assert list(drawn.values_list("name", "code")) == [
        ("第1网格", "01"),
        ("第2网格", "02"),
        ("第3网格", "03"),
    ]


@pytest.mark.parametrize("column", ["上级网格", "parent"])
@pytest.mark.parametrize("word", ["东片区", "E"])
def test_a_parent_is_named_by_name_or_code_and_may_come_later(
    geojson: Callable[..., Path], town: Community, column: str, word: str
) -> None:
    rows = [
        *[(s, {**p, column: word}) for s, p in flat(2)],
        (shapely.union_all([square(0), square(1)]), {"网格名称": "东片区", "网格编码": "E"}),
    ]
    apply(town, geojson(rows), "grids")
    check_now()
    east = Grid.objects.get(name="东片区")
    assert set(Grid.objects.filter(parent=east).values_list("name", flat=True)) == {"第1网格", "第2网格"}


@pytest.mark.parametrize(
    ("parents", "reasons"),
    [
        (["无此网格", None, None], ["parent_unknown", None, None]),
        (["第1网格", None, None], ["parent_is_itself", None, None]),
        (["第2网格", "第1网格", None], ["parent_is_a_circle", "parent_is_a_circle", None]),
        (["第2网格", "无此网格", None], ["parent_is_refused", "parent_unknown", None]),
    ],
)
def test_a_tree_that_does_not_hold_is_refused_row_by_row(
    geojson: Callable[..., Path], town: Community, parents: list[Any], reasons: list[Any]
) -> None:
    rows = [(s, {**p, "上级": parent}) for (s, p), parent in zip(flat(), parents, strict=True)]
    made = plan(town, geojson(rows), "grids")
    assert [codes(row)[0] if row.verdict == "refuse" else None for row in made.rows] == reasons


def test_siblings_that_overlap_are_both_refused_with_the_area(
    geojson: Callable[..., Path], town: Community
) -> None:
    rows = [
        (square(0, wider=0.0005), {"name": "甲"}),
        (square(1), {"name": "乙"}),
        (square(3), {"name": "丙"}),
    ]
    made = plan(town, geojson(rows), "grids")
    assert verdicts(made) == ["refuse", "refuse", "create"]
    assert made.rows[0].notes[0].details["name"] == "乙"
    assert made.rows[0].notes[0].details["m2"] == pytest.approx(10_570, rel=0.01)
    apply(town, geojson(rows), "grids")
    check_now()  # what was left is taken by the database


def test_a_grid_over_one_that_stands_is_refused(geojson: Callable[..., Path], town: Community) -> None:
    draw_grid(community=town, parent=town.root, name="旧网格", geometry=box(*square(0).bounds))
    made = plan(town, geojson([(square(0), {"name": "新网格"})]), "grids")
    assert codes(made.rows[0])[0] == "overlaps_standing_grid"


def test_a_gap_between_grids_is_told_with_its_place(geojson: Callable[..., Path], town: Community) -> None:
    ring = shapely.box(EAST, NORTH, EAST + 3 * SIDE, NORTH + 3 * SIDE).difference(
        shapely.box(EAST + SIDE, NORTH + SIDE, EAST + 2 * SIDE, NORTH + 2 * SIDE)
    )
    made = plan(town, geojson([(ring, {"name": "环"})]), "grids")
    gap = next(n for n in made.notes if n.code == "gap_between_grids")
    assert gap.details["lon"] == pytest.approx(EAST + 1.5 * SIDE, abs=1e-4)


def test_a_child_that_leaves_its_parent_is_noted(geojson: Callable[..., Path], town: Community) -> None:
    rows = [(square(0), {"name": "片区"}), (square(0, wider=0.001), {"name": "第1网格", "parent": "片区"})]
    assert "grid_leaves_its_parent" in codes(plan(town, geojson(rows), "grids").rows[1])


def test_a_second_file_redraws_by_name(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson([(square(0), {"name": "第1网格"})]), "grids")
    result = apply(town, geojson([(square(0, wider=0.001), {"name": "第1网格", "颜色": "#FF0000"})]), "grids")
    assert verdicts(result.plan) == ["change"]
    grid = Grid.objects.get(name="第1网格")
    assert (grid.colour, grid.geometry.extent[2]) == ("#ff0000", pytest.approx(EAST + SIDE + 0.001))
    assert verdicts(plan(town, geojson([(square(0, wider=0.001), {"name": "第1网格"})]), "grids")) == [
        "unchanged"
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_siblings_trade_names_and_a_new_one_takes_a_name_that_is_free(
    geojson: Callable[..., Path], town: Community, order: tuple[int, ...]
) -> None:
    first = [(square(n), {"id": f"g{n}", "name": name}) for n, name in enumerate(("甲", "乙", "丙"))]
    apply(town, geojson(first), "grids")
    ids = dict(Grid.objects.values_list("name", "pk"))
    later = [(square(n), {"id": f"g{n}", "name": name}) for n, name in enumerate(("乙", "甲", "丁"))]
    new = (square(3), {"id": "g3", "name": "丙"})
    apply(town, geojson([new, *(later[n] for n in order)]), "grids")
    check_now()
    renamed = dict(Grid.objects.exclude(source="").values_list("name", "pk"))
    assert {name: renamed[name] for name in "甲乙丁"} == {"甲": ids["乙"], "乙": ids["甲"], "丁": ids["丙"]}
    assert renamed["丙"] not in ids.values()
    told = GridHistory.objects.filter(grid=ids["甲"]).order_by("during").values_list("name", flat=True)
    assert [*told] == ["乙"]  # within a test all is at one moment: what was before lasted no time


def test_however_many_grids_come_the_questions_to_the_database_are_as_many(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson([(square(0, -3), {"id": "first", "name": "第一"})]), "grids", source="先")
    asked = []
    for row, count in ((0, 2), (1, 12)):
        rows = [(square(n, row), {"id": f"{row}-{n}", "name": f"{row}第{n}网格"}) for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            apply(town, geojson(rows), "grids", source=f"第{row}册")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_buildings_go_into_the_grids_that_come_after_them(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson(houses(6)))
    apply(town, geojson(flat(2)), "grids")
    assert set(Building.objects.values_list("grid__name", flat=True)) == {"第1网格", "第2网格"}


def test_grids_below_one_that_holds_buildings_take_them_over(
    geojson: Callable[..., Path], town: Community
) -> None:
    whole = shapely.union_all([square(0), square(1)])
    apply(town, geojson([(whole, {"name": "片区"})]), "grids")
    apply(town, geojson(houses(8)))
    half = [(square(0), {"name": "第1网格", "parent": "片区"})]
    apply(town, geojson(half), "grids", source="网格")
    check_now()
    assert set(Building.objects.values_list("grid__name", flat=True)) == {"第1网格", "未划分"}


def test_a_clerks_decision_stands_in_the_way(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson([(square(0), {"name": "片区"})]), "grids")
    apply(town, geojson(houses(1)))
    place_in_grid(building=Building.objects.get(), grid=Grid.objects.get(name="片区"))
    made = plan(town, geojson([(square(0), {"name": "第1网格", "parent": "片区"})]), "grids", source="网格")
    assert codes(made.rows[0])[0] == "parent_holds_decided_buildings"


def test_an_import_does_not_move_grids_in_the_tree(geojson: Callable[..., Path], town: Community) -> None:
    rows = [(square(0), {"code": "1", "name": "甲"}), (square(1), {"code": "2", "name": "乙"})]
    apply(town, geojson(rows), "grids")
    moved = [rows[0], (square(1), {"code": "2", "name": "乙", "parent": "甲"})]
    assert codes(plan(town, geojson(moved), "grids").rows[1])[0] == "parent_changed"


def test_the_community_itself_is_no_grid_below_itself(geojson: Callable[..., Path], town: Community) -> None:
    whole = shapely.union_all([square(n) for n in range(3)])
    rows = [
        (whole, {"网格名称": "新城社区", "级别": "社区"}),
        *[(s, {**p, "上级": "新城社区"}) for s, p in flat()],
    ]
    apply(town, geojson(rows), "grids")
    check_now()
    assert Grid.objects.filter(parent=town.root).exclude(kind="unassigned").count() == 3


@pytest.mark.parametrize(("name", "code"), [("未划分", "name_is_taken"), (None, "name_is_missing")])
def test_names_are_asked_for_and_taken_once(
    geojson: Callable[..., Path], town: Community, name: Any, code: str
) -> None:
    made = plan(town, geojson([(square(0), {"name": name, "code": "9"})]), "grids")
    assert codes(made.rows[0])[0] == code
