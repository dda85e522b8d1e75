"""Shapes as files have them: broken, mixed, flat or solid."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.places.importing.conftest import EAST, NORTH, codes, house, houses, plan, verdicts
from twin.places.importing.vector_files import _faces_as_polygons
from twin.places.models import Community


def only(made: Any) -> Any:
    assert len(made.rows) == 1
    return made.rows[0]


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "no_geometry"),
        ({"type": "Polygon", "coordinates": []}, "no_geometry"),
        ({"type": "Point", "coordinates": [EAST, NORTH]}, "point_where_area_is_needed"),
        (
            {"type": "LineString", "coordinates": [[EAST, NORTH], [EAST + 0.001, NORTH]]},
            "line_where_area_is_needed",
        ),
        (
            {
                "type": "Polygon",
                "coordinates": [[[EAST, NORTH], [EAST + 0.001, NORTH], [EAST + 0.002, NORTH], [EAST, NORTH]]],
            },
            "broken_ring",
        ),
        ({"type": "Polygon", "coordinates": [[[EAST, NORTH], [EAST, NORTH]]]}, "geometry_cannot_be_read"),
    ],
)
def test_a_row_without_a_usable_shape_is_refused_alone(
    geojson: Callable[..., Path], town: Community, geometry: Any, code: str
) -> None:
    made = plan(town, geojson([*houses(3), (geometry, {"id": "bad"})]))
    assert verdicts(made) == ["create"] * 3 + ["refuse"]
    assert codes(made.rows[3])[0] == code


def test_one_bad_row_of_many_does_not_stop_the_others(geojson: Callable[..., Path], town: Community) -> None:
    made = plan(town, geojson([*houses(999), (None, {"id": "bad"})]))
    assert (made.counts["create"], made.counts["refuse"]) == (999, 1)


def test_a_ring_that_touches_itself_is_repaired_with_a_note(
    geojson: Callable[..., Path], town: Community
) -> None:
    corner = (EAST + 0.0003, NORTH + 0.0003)
    beyond = (EAST + 0.0005, NORTH + 0.0005)
    ring = [(EAST, NORTH), (EAST + 0.0003, NORTH), corner, beyond, corner, (EAST, NORTH + 0.0003)]
    spike = shapely.Polygon(ring)
    row = only(plan(town, geojson([(spike, {"height": 9})])))
    assert row.shape.is_valid
    assert "ring_repaired" in codes(row)


def test_a_bow_tie_is_refused_because_nobody_knows_its_shape(
    geojson: Callable[..., Path], town: Community
) -> None:
    tie = shapely.Polygon(
        [(EAST, NORTH), (EAST + 0.001, NORTH + 0.001), (EAST + 0.001, NORTH), (EAST, NORTH + 0.001)]
    )
    assert codes(only(plan(town, geojson([(tie, {"height": 9})]))))[0] == "broken_beyond_repair"


def test_an_open_ring_is_closed(geojson: Callable[..., Path], town: Community) -> None:
    ring = [list(point) for point in house().exterior.coords[:-1]]
    row = only(plan(town, geojson([({"type": "Polygon", "coordinates": [ring]}, {"height": 9})])))
    assert row.shape.equals(house())


def test_multipolygons_and_courtyards_are_kept(geojson: Callable[..., Path], town: Community) -> None:
    yard = house(0, size=0.001).difference(
        shapely.box(EAST + 0.0004, NORTH + 0.0004, EAST + 0.0006, NORTH + 0.0006)
    )
    both = shapely.MultiPolygon([yard, house(3)])
    row = only(plan(town, geojson([(both, {"height": 9})])))
    assert row.shape.equals(both)
    assert "ring_repaired" not in codes(row)


def test_a_collection_gives_its_areas_and_says_what_was_left(
    geojson: Callable[..., Path], town: Community
) -> None:
    mixed = shapely.GeometryCollection([house(), shapely.Point(EAST, NORTH)])
    row = only(plan(town, geojson([(mixed, {"height": 9})])))
    assert row.shape.equals(house())
    assert "other_parts_left_out" in codes(row)


def test_a_closed_line_from_a_drawing_is_an_outline(geojson: Callable[..., Path], town: Community) -> None:
    row = only(plan(town, geojson([(shapely.LineString(house().exterior.coords), {"height": 9})])))
    assert row.shape.equals(house())
    assert "closed_line_taken_as_outline" in codes(row)


def test_heights_of_a_flat_outline_are_dropped(geojson: Callable[..., Path], town: Community) -> None:
    row = only(plan(town, geojson([(shapely.force_3d(house(), 4.5), {"height": 9})])))
    assert not row.shape.has_z
    assert row.shape.equals(house())


def cube(size: float = 0.0003, height: float = 12.0) -> shapely.MultiPolygon:
    """A body by its faces: ground, roof and four walls."""
    (x0, y0, x1, y1), z0, z1 = house(size=size).bounds, 3.0, 3.0 + height
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    level = [shapely.Polygon([(x, y, z) for x, y in corners]) for z in (z0, z1)]
    walls = [
        shapely.Polygon([(*a, z0), (*b, z0), (*b, z1), (*a, z1)])
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
    ]
    return shapely.MultiPolygon([*level, *walls])


def test_a_body_of_faces_becomes_its_footprint_and_height(
    geojson: Callable[..., Path], town: Community
) -> None:
    row = only(plan(town, geojson([(cube(), {"id": "cube"})])))
    assert row.shape.equals(house())
    assert row.values["height_m"] == 12.0
    assert {"faces_seen_from_above", "height_from_geometry", "floors_from_height"} <= set(codes(row))


@pytest.mark.parametrize("code", [15, 1015, 16])
def test_surfaces_that_the_geometry_library_does_not_know_are_read_as_polygons(code: int) -> None:
    triangle = shapely.Polygon([(0, 0), (1, 0), (0, 1)])
    plain = bytearray(shapely.to_wkb(shapely.MultiPolygon([triangle]), byte_order=1))
    if code == 1015:
        plain = bytearray(
            shapely.to_wkb(
                shapely.force_3d(shapely.MultiPolygon([triangle]), 1.0), flavor="iso", byte_order=1
            )
        )
    plain[1:5] = code.to_bytes(4, "little")
    if code == 16:
        plain[10:14] = (17).to_bytes(4, "little")
    assert shapely.force_2d(shapely.from_wkb(_faces_as_polygons(bytes(plain)))).equals(triangle)


def test_streets_are_lines_and_nothing_else(geojson: Callable[..., Path], town: Community) -> None:
    line = shapely.LineString([(EAST, NORTH), (EAST + 0.01, NORTH)])
    still = shapely.LineString([(EAST, NORTH), (EAST, NORTH)])
    made = plan(
        town, geojson([(line, {}), (house(), {}), (shapely.Point(EAST, NORTH), {}), (still, {})]), "streets"
    )
    assert verdicts(made) == ["create", "refuse", "refuse", "refuse"]
    assert [codes(row)[0] for row in made.rows[1:]] == [
        "area_where_line_is_needed",
        "point_where_line_is_needed",
        "line_without_length",
    ]


def test_coordinates_that_are_no_numbers_are_a_bad_row(
    shapefile: Callable[..., Path], town: Community
) -> None:
    marked = shapely.box(121.4015, NORTH, 121.987654321, NORTH + 0.0003)
    path = shapefile([house(0), house(1), house(2), marked], {"height": [9] * 4})
    raw = path.read_bytes().replace(struct.pack("<d", 121.987654321), struct.pack("<d", float("inf")))
    path.write_bytes(raw)
    made = plan(town, path)
    assert verdicts(made) == ["create", "create", "create", "refuse"]
