"""What a row says of a building: floors, height, words, addresses, and what it meets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.utils.translation import override

from tests.conftest import box
from tests.places.importing.conftest import EAST, NORTH, apply, codes, house, houses, plan, verdicts
from twin.places.actions import add_compound, draw_grid, found_community, place_in_grid
from twin.places.actions.placing import best_leaf_of
from twin.places.importing.notes import FileRefused
from twin.places.models import Building, Community, Grid, ImportRow


@pytest.fixture
def one(geojson: Callable[..., Path], town: Community) -> Callable[..., Any]:
    """The row of a file with one house that has these properties."""

    def make(properties: dict[str, Any], **options: Any) -> Any:
        return plan(town, geojson([(house(), properties)]), **options).rows[0]

    return make


@pytest.mark.parametrize(
    ("properties", "floors", "height", "note"),
    [
        ({"层数": 6, "高度": 17.5}, 6, 17.5, None),
        ({"building:levels": "6"}, 6, 17.4, "height_from_floors"),
        ({"height": "18 m"}, 6, 18.0, "floors_from_height"),
        ({"height": "１８"}, 6, 18.0, "floors_from_height"),
        ({"height": 2.0}, 1, 2.0, "floors_from_height"),
        ({}, 1, 2.9, "height_unknown"),
        ({"height": 0}, 1, 2.9, "number_means_unknown"),
        ({"height": -9999, "floors": 3}, 3, 8.7, "number_means_unknown"),
        ({"levels": "2.5"}, 2, 5.8, "floors_were_a_fraction"),
        ({"levels": "viele", "height": 9}, 3, 9.0, "number_not_understood"),
        ({"height": 9999, "floors": 6}, 6, 17.4, "height_implausible_floors_used"),
        ({"floors": 900, "height": 29}, 10, 29.0, "floors_implausible_height_used"),
        ({"floors": 2, "height": 60}, 2, 60.0, "storey_height_unusual"),
        ({"height": 30, "min_height": 9}, 7, 21.0, "floors_from_height"),
    ],
)
def test_floors_and_height_are_worked_out_from_each_other(
    one: Callable[..., Any], properties: dict[str, Any], floors: int, height: float, note: str | None
) -> None:
    row = one(properties)
    assert (row.values["floors_above"], row.values["height_m"]) == (floors, pytest.approx(height))
    assert note is None or note in codes(row)
    assert note is not None or not codes(row)


@pytest.mark.parametrize(
    "properties", [{"height": 5000}, {"height": 0.2}, {"floors": 500}, {"height": 950, "floors": 300}]
)
def test_what_no_building_has_is_refused(one: Callable[..., Any], properties: dict[str, Any]) -> None:
    row = one(properties)
    assert row.verdict == "refuse"
    assert codes(row)[0] in {"height_is_implausible", "floors_are_implausible"}


def test_the_storey_height_is_the_communitys(geojson: Callable[..., Path], db: None) -> None:
    town = found_community(name="高层", storey_height_m=3.6)
    assert plan(town, geojson([(house(), {"height": 18})])).rows[0].values["floors_above"] == 5


def test_a_tower_above_a_passage_has_its_own_height(one: Callable[..., Any]) -> None:
    assert one({"height": 30, "min_height": 9}).values["base_m"] == 9


def test_floors_below_ground_are_read(one: Callable[..., Any]) -> None:
    assert one({"层数": "18F/-2"}).values["floors_below"] == 2
    assert one({"层数": 18, "地下层数": 2}).values["floors_below"] == 2


@pytest.mark.parametrize(
    ("properties", "use"),
    [
        ({"用途": "住宅"}, "residential"),
        ({"用途": "普通商品住宅楼"}, "residential"),
        ({"用途": "商住两用"}, "mixed"),
        ({"用途": "幼儿园"}, "kindergarten"),
        ({"building": "apartments"}, "residential"),
        ({"building": "yes", "amenity": "school"}, "school"),
        ({"building": "Retail"}, "shop"),
        ({"building": "roof"}, "other"),
        ({"building": "yes"}, None),
        ({}, None),
    ],
)
def test_uses_are_read_in_the_words_of_offices_and_openstreetmap(
    one: Callable[..., Any], properties: dict[str, Any], use: str | None
) -> None:
    assert one(properties).values.get("use") == use


@pytest.mark.parametrize(
    ("properties", "address"),
    [
        ({"地址": "海棠路１００弄１号"}, "海棠路１００弄１号"),
        ({"路名": "海棠路", "门牌号": "100"}, "海棠路100号"),
        ({"addr:street": "Unioninkatu", "addr:housenumber": "2 A"}, "Unioninkatu 2 A"),
        ({"addr:street": "Unioninkatu"}, "Unioninkatu"),
    ],
)
def test_an_address_is_put_together_as_it_is_written_there(
    one: Callable[..., Any], properties: dict[str, Any], address: str
) -> None:
    assert one(properties).values["address"] == address


def test_a_text_that_is_too_long_is_cut_with_a_note(one: Callable[..., Any]) -> None:
    row = one({"name": "楼" * 100, "number": 12.0})
    assert (len(row.values["name"]), row.values["number"]) == (80, "12")
    assert "text_was_cut" in codes(row)


def test_columns_can_be_named_and_values_set(one: Callable[..., Any]) -> None:
    row = one({"x1": 21, "name": "不要"}, fields={"height": "x1", "name": ""}, constants={"use": "办公"})
    assert (row.values["height_m"], row.values["use"], "name" in row.values) == (21, "office", False)


@pytest.mark.parametrize(
    ("options", "code"),
    [({"fields": {"hight": "x"}}, "no_such_field"), ({"fields": {"height": "zz"}}, "no_such_column")],
)
def test_fields_and_columns_that_are_not_there_are_said(
    one: Callable[..., Any], options: Any, code: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        one({"x": 1}, **options)
    assert refused.value.code == code


def test_a_compound_is_found_by_its_name(geojson: Callable[..., Path], town: Community) -> None:
    compound = add_compound(community=town, name="海棠苑")
    made = plan(town, geojson([(house(0), {"小区名称": "海棠苑"}), (house(1), {"小区名称": "无名苑"})]))
    assert made.rows[0].values["compound_id"] == compound.pk
    assert "compound_unknown" in codes(made.rows[1])


def test_overlaps_are_noted_with_their_area_on_both_rows(
    geojson: Callable[..., Path], town: Community
) -> None:
    beside = shapely.box(EAST + 0.0002, NORTH, EAST + 0.0005, NORTH + 0.0003)
    made = plan(town, geojson([(house(), {"id": 1, "height": 9}), (beside, {"id": 2, "height": 9})]))
    notes = [n for row in made.rows for n in row.notes if n.code == "overlaps_row"]
    assert [n.details["row"] for n in notes] == [2, 1]
    assert notes[0].details["m2"] == pytest.approx(317, abs=1)
    assert notes[0].details["percent"] == 33


def test_buildings_wall_to_wall_do_not_overlap(geojson: Callable[..., Path], town: Community) -> None:
    beside = shapely.box(EAST + 0.0003, NORTH, EAST + 0.0006, NORTH + 0.0003)
    made = plan(town, geojson([(house(), {"id": 1, "height": 9}), (beside, {"id": 2, "height": 9})]))
    assert all("overlaps_row" not in codes(row) for row in made.rows)


def test_what_stands_there_already_is_told(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(houses(4)))
    path = geojson([*houses(1), (house(10), {"id": 1}), (house(11), {"id": 2})])
    made = plan(town, path, source="另一家")
    assert "same_shape_as_building" in codes(made.rows[0])
    assert "some_already_there" in codes(made)


def test_the_same_file_under_another_name_is_refused_unless_somebody_insists(
    geojson: Callable[..., Path], town: Community
) -> None:
    path = geojson(houses(4))
    apply(town, path)
    with pytest.raises(FileRefused) as refused:
        plan(town, path, source="2026年")
    assert (refused.value.code, refused.value.where) == ("already_there", "source")
    assert plan(town, path, source="2026年", accept_duplicates=True).counts["create"] == 4


@pytest.fixture
def grids(town: Community) -> tuple[Grid, Grid]:
    """Two grids that share a border through the middle of the second house."""
    border = EAST + 0.0005 + 0.0001
    west = draw_grid(
        community=town,
        parent=town.root,
        name="西",
        geometry=box(EAST - 0.001, NORTH - 0.001, border, NORTH + 0.001),
    )
    east = draw_grid(
        community=town,
        parent=town.root,
        name="东",
        geometry=box(border, NORTH - 0.001, EAST + 0.0012, NORTH + 0.001),
    )
    return west, east


def test_a_building_goes_to_the_grid_with_most_of_its_area(
    geojson: Callable[..., Path], town: Community, grids: tuple[Grid, Grid]
) -> None:
    made = apply(town, geojson(houses(4))).plan
    homes = dict(Building.objects.values_list("source_id", "grid__name"))
    assert homes == {"h0": "西", "h1": "东", "h2": "东", "h3": "未划分"}
    border = next(n for n in made.rows[1].notes if n.code == "on_a_border")
    with override("en"):
        assert border.message == "Lies on a border: 67 % in 东, also in 西 33 %."
    assert "in_no_grid" in codes(made.rows[3])
    assert "partly_in_no_grid" in codes(made.rows[2])


def test_an_import_places_buildings_as_the_room_itself_does(
    geojson: Callable[..., Path], town: Community, grids: tuple[Grid, Grid]
) -> None:
    apply(town, geojson(houses(6)))
    ids = list(Building.objects.values_list("id", flat=True))
    assert all(now == by_area for _, _, now, by_area in best_leaf_of(ids))


def test_a_redrawn_building_moves_unless_a_clerk_has_decided(
    geojson: Callable[..., Path], town: Community, grids: tuple[Grid, Grid]
) -> None:
    apply(town, geojson(houses(2)))
    decided = Building.objects.get(source_id="h1")
    place_in_grid(building=decided, grid=grids[1])
    moved = [(house(2), {"id": "h0", "height": 18}), (house(0), {"id": "h1", "height": 18})]
    result = apply(town, geojson(moved))
    assert dict(Building.objects.values_list("source_id", "grid__name")) == {"h0": "东", "h1": "东"}
    assert result.moved == 1
    assert "moves_to_grid" in codes(result.plan.rows[0])
    assert verdicts(result.plan) == ["change", "change"]


def test_a_district_is_no_building_and_a_slip_is_noted(geojson: Callable[..., Path], town: Community) -> None:
    rows = [*houses(2), (house(9, size=0.02), {"id": "district"}), (house(5, size=0.000005), {"id": "slip"})]
    made = plan(town, geojson(rows))
    assert codes(made.rows[2])[0] == "area_is_implausible"
    assert "area_is_small" in codes(made.rows[3])


def test_ids_that_were_given_anew_are_told(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson(houses(10)))
    renumbered = [(house(9 - n), {"id": f"h{n}", "height": 18}) for n in range(10)]
    assert "ids_moved" in codes(plan(town, geojson(renumbered)))
    assert "ids_moved" not in codes(plan(town, geojson(houses(10))))


@pytest.mark.parametrize("text", ["9" * 5000, "1" * 100 + "层", "\x00", "一" * 4000, "1e999", "NaN m"])
def test_a_cell_of_nonsense_harms_nobody(one: Callable[..., Any], text: str) -> None:
    row = one({"floors": text, "height": text, "year": text, "name": text, "id": text, "单元数": text})
    assert row.verdict in {"create", "refuse"}
    assert len(row.values.get("name", "")) <= 80


def test_what_a_file_says_can_always_be_kept(geojson: Callable[..., Path], town: Community) -> None:
    strange = {"name": "楼\x07栋\x00", "height": "\x00x", "小区": "苑\x00\x1b[31m", "用途": "\u202e住"}
    made = apply(town, geojson([(house(n), {"id": f"a\x1f{n}", **strange}) for n in range(2)]))
    assert made.plan.counts["create"] == 2
    assert Building.objects.filter(name__startswith="楼 栋").count() == 2
    assert ImportRow.objects.filter(run=made.run).count() == 2
