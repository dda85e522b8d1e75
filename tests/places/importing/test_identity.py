"""Which rows are one thing, and how they are known again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from tests.places.importing.conftest import EAST, NORTH, codes, house, houses, plan, verdicts
from twin.places.importing.notes import FileRefused
from twin.places.models import Community

MIDDLE = EAST + 0.00015


def halves() -> tuple[shapely.Geometry, shapely.Geometry]:
    """A house cut at a tile's seam."""
    west = shapely.box(EAST, NORTH, MIDDLE, NORTH + 0.0003)
    east = shapely.box(MIDDLE + 1e-8, NORTH, EAST + 0.0003, NORTH + 0.0003)
    return west, east


def test_pieces_cut_at_a_seam_are_joined_by_their_id(geojson: Callable[..., Path], town: Community) -> None:
    west, east = halves()
    made = plan(
        town, geojson([(west, {"id": 7, "height": 9}), *houses(3)[1:], (east, {"id": 7, "height": 9})])
    )
    assert verdicts(made) == ["create", "create", "create", "join"]
    assert made.rows[3].joined_into == 1
    assert made.rows[0].shape.equals_exact(house(), 1e-7, normalize=True)
    assert "pieces_joined" in codes(made.rows[0])
    assert "pieces_differ" not in codes(made.rows[0])


def test_top_level_ids_that_repeat_are_read_as_they_are_written(
    geojson: Callable[..., Path], town: Community
) -> None:
    west, east = halves()
    made = plan(town, geojson([(west, {"@id": 7, "height": 9}), (east, {"@id": 7, "height": 9})]))
    assert verdicts(made) == ["create", "join"]
    assert (made.read_as["id"], made.rows[0].source_id) == ("feature_id", "7")


def test_pieces_that_say_different_things_are_taken_from_the_largest(
    geojson: Callable[..., Path], town: Community
) -> None:
    west, _ = halves()
    rest = shapely.box(MIDDLE, NORTH, EAST + 0.0009, NORTH + 0.0003)
    made = plan(
        town, geojson([(west, {"id": 7, "height": 9, "name": "西"}), (rest, {"id": 7, "height": 12})])
    )
    row = made.rows[0]
    assert (row.values["height_m"], row.values["name"]) == (12, "西")
    assert [n.details["fields"] for n in row.notes if n.code == "pieces_differ"] == ["height"]


def test_a_label_lends_its_name(geojson: Callable[..., Path], town: Community) -> None:
    label = shapely.Point(EAST + 0.0001, NORTH + 0.0001)
    made = plan(town, geojson([(label, {"id": 7, "name": "光谷广场"}), (house(), {"id": 7, "height": 9})]))
    assert verdicts(made) == ["join", "create"]
    assert made.rows[1].values["name"] == "光谷广场"


def test_the_same_piece_twice_counts_once(geojson: Callable[..., Path], town: Community) -> None:
    made = plan(town, geojson([*houses(1), *houses(1)]))
    assert verdicts(made) == ["create", "join"]
    assert "same_piece_repeated" in codes(made.rows[0])


def test_parts_of_one_building_in_a_yard_stay_together(geojson: Callable[..., Path], town: Community) -> None:
    made = plan(town, geojson([(house(0), {"id": 7, "height": 9}), (house(1), {"id": 7, "height": 9})]))
    assert verdicts(made) == ["create", "join"]
    assert made.rows[0].shape.geom_type == "MultiPolygon"
    assert "parts_stand_apart" in codes(made.rows[0])


def test_two_buildings_with_one_id_are_both_refused(geojson: Callable[..., Path], town: Community) -> None:
    made = plan(town, geojson([*houses(4), (house(60), {"id": "h0", "height": 9})]))
    assert verdicts(made) == ["refuse", "create", "create", "create", "refuse"]
    assert [n.details["rows"] for n in made.rows[0].notes if n.code == "id_is_not_unique"] == ["5"]


def test_a_column_that_is_no_id_is_not_taken_for_one(geojson: Callable[..., Path], town: Community) -> None:
    rows = [(house(10 * n), {"编号": n % 3, "高度": 9}) for n in range(30)]
    made = plan(town, geojson(rows))
    assert made.counts["create"] == 30
    assert {"column_is_no_id", "id_from_shape"} <= set(codes(made))


def test_without_ids_a_shape_is_its_own_id(geojson: Callable[..., Path], town: Community) -> None:
    first = plan(town, geojson([(house(0), {"height": 9}), (house(1), {"height": 9})]))
    turned = shapely.Polygon(list(house(0).reverse().exterior.coords)[1:])
    second = plan(town, geojson([(house(1), {"height": 12}), (turned, {"height": 9})]))
    assert [row.source_id for row in second.rows] == [row.source_id for row in reversed(first.rows)]
    assert "id_from_shape" in codes(first)


def test_without_ids_the_same_shape_twice_is_a_repeat(geojson: Callable[..., Path], town: Community) -> None:
    made = plan(town, geojson([(house(), {"height": 9}), (house(), {"height": 9})]))
    assert verdicts(made) == ["create", "refuse"]
    assert (made.rows[1].notes[0].code, made.rows[1].notes[0].details["row"]) == ("repeats_row", 1)


def test_a_row_without_an_id_among_others_is_known_by_its_shape(
    geojson: Callable[..., Path], town: Community
) -> None:
    made = plan(town, geojson([*houses(20), (house(21), {"id": None, "height": 9})]))
    assert made.rows[20].source_id.startswith("shape-")
    assert "id_is_missing" in codes(made.rows[20])


def test_openstreetmap_counts_ways_and_relations_apart(geojson: Callable[..., Path], town: Community) -> None:
    rows = [(house(0), {"osm_id": "5", "osm_way_id": None}), (house(40), {"osm_id": None, "osm_way_id": "5"})]
    made = plan(town, geojson(rows))
    assert [row.source_id for row in made.rows] == ["relation/5", "way/5"]


def test_whole_numbers_with_gaps_do_not_become_fractions(
    geojson: Callable[..., Path], town: Community
) -> None:
    rows = [(house(n), {"id": n if n else None, "height": 9}) for n in range(20)]
    assert plan(town, geojson(rows)).rows[3].source_id == "3"


def test_the_id_column_can_be_stated(geojson: Callable[..., Path], town: Community) -> None:
    path = geojson([(house(), {"id": "a", "房屋代码": "F-12"})])
    assert plan(town, path, fields={"source_id": "房屋代码"}).rows[0].source_id == "F-12"
    with pytest.raises(FileRefused) as refused:
        plan(town, path, fields={"source_id": "nothing"})
    assert (refused.value.code, refused.value.where) == ("no_such_column", "fields")


def test_a_stated_id_column_without_ids_is_refused(geojson: Callable[..., Path], town: Community) -> None:
    with pytest.raises(FileRefused) as refused:
        plan(town, geojson([(house(), {"key": None, "height": 9})]), fields={"source_id": "key"})
    assert refused.value.code == "id_column_is_empty"


def test_an_overlong_id_stays_different_from_its_like(geojson: Callable[..., Path], town: Community) -> None:
    rows = [(house(n), {"id": "x" * 200 + str(n), "height": 9}) for n in range(2)]
    ids = {row.source_id for row in plan(town, geojson(rows)).rows}
    assert len(ids) == 2
    assert max(map(len, ids)) <= 120
