"""Tile addresses against published examples and the laws of a quadtree."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import GisError, NotLonLat
from gis.tile_address import (
    NoSuchTile,
    Tile,
    TooManyTiles,
    ancestor,
    block_of,
    blocks_of_geometry,
    bounds,
    centre,
    children,
    parse_tile,
    tile,
    tile_at,
    tiles_at,
    tiles_of_bbox,
    tiles_of_geometry,
)

zooms = st.integers(0, 22)
lons = st.floats(-180, 180)
lats = st.floats(-85, 85)


@st.composite
def tiles(draw, deepest=22):
    z = draw(st.integers(0, deepest))
    return Tile(z, draw(st.integers(0, (1 << z) - 1)), draw(st.integers(0, (1 << z) - 1)))


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [
        (20.6852, 40.1222, "9/285/193"),  # mercantile's documentation
        (-122.4194, 37.7749, "12/655/1583"),
        (116.3913, 39.9075, "14/13489/6208"),
    ],
)
def test_known_places_have_their_published_tiles(lon, lat, expected):
    assert str(tile_at(lon, lat, int(expected.split("/")[0]))) == expected


@given(lons, lats, zooms)
def test_a_tile_holds_the_point_it_was_found_by(lon, lat, z):
    west, south, east, north = bounds(tile_at(lon, lat, z))
    assert west - 1e-9 <= lon <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9


@given(tiles())
def test_the_centre_of_a_tile_lies_in_it(address):
    assert tile_at(*centre(address), address.z) == address


@given(tiles(deepest=21))
def test_four_children_have_their_parent_and_fill_it(address):
    assert {ancestor(child, address.z) for child in children(address)} == {address}
    boxes = [shapely.box(*bounds(child)) for child in children(address)]
    assert shapely.union_all(boxes).area == pytest.approx(shapely.box(*bounds(address)).area, rel=1e-9)


@given(lons, lats, st.integers(14, 22))
def test_the_block_of_a_tile_is_the_block_of_its_points(lon, lat, z):
    assert block_of(tile_at(lon, lat, z)) == tile_at(lon, lat, 14)


@given(tiles())
def test_an_address_survives_being_written_and_read(address):
    assert parse_tile(str(address)) == address


@pytest.mark.parametrize(
    "text", ["", "14/1", "14/1/2/3", "a/b/c", "-1/0/0", "1/2/0", "31/0/0", "1/0/+1", "١/0/0", "1/0/1 "]
)
def test_what_is_no_tile_address_is_refused(text):
    with pytest.raises(NoSuchTile):
        parse_tile(text)


def test_columns_and_rows_out_of_the_scheme_are_refused():
    with pytest.raises(NoSuchTile, match=r"0\.\.3"):
        tile(2, 4, 0)
    with pytest.raises(NoSuchTile, match="zoom"):
        tile(-1, 0, 0)
    with pytest.raises(NoSuchTile, match="ancestor"):
        block_of(Tile(13, 0, 0))


def test_the_poles_and_the_antimeridian_fall_into_the_outer_tiles():
    assert tile_at(180, -90, 3) == Tile(3, 7, 7)
    assert tile_at(-180, 90, 3) == Tile(3, 0, 0)


def test_a_point_off_the_earth_has_no_tile():
    with pytest.raises(NotLonLat):
        tile_at(22.5, 114.0, 5)


def test_columns_of_points_get_the_same_tiles_as_single_ones():
    x, y = tiles_at([114.05, -70], [22.54, -30], 16)
    assert [(16, *pair) for pair in zip(x.tolist(), y.tolist(), strict=True)] == [
        tile_at(114.05, 22.54, 16),
        tile_at(-70, -30, 16),
    ]


@given(lons, lats.map(lambda lat: round(lat, 6)), st.floats(1e-6, 0.2), st.floats(1e-6, 0.2))
def test_a_box_is_covered_and_nothing_more(lon, lat, width, height):
    west, south, east, north = lon, lat, min(lon + width, 180), min(lat + height, 85)
    cover = tiles_of_bbox(west, south, east, north, 12)
    area = shapely.box(west, south, east, north)
    covered = shapely.union_all([shapely.box(*bounds(each)) for each in cover])
    assert covered.buffer(1e-9).covers(area)
    assert all(shapely.box(*bounds(each)).buffer(1e-9).intersects(area) for each in cover)


def test_a_box_over_the_antimeridian_is_two_boxes():
    assert tiles_of_bbox(179.9, -0.01, -179.9, 0.01, 3) == [
        Tile(3, 0, 3), Tile(3, 0, 4), Tile(3, 7, 3), Tile(3, 7, 4),
    ]  # fmt: skip


def test_a_box_upside_down_and_a_box_of_the_world_in_detail_are_refused():
    with pytest.raises(GisError, match="upside down"):
        tiles_of_bbox(0, 2, 1, 1, 5)
    with pytest.raises(TooManyTiles, match="at most"):
        tiles_of_bbox(-180, -85, 180, 85, 18)
    with pytest.raises(TooManyTiles, match="a lower zoom"):
        tiles_of_geometry(shapely.box(-180, -85, 180, 85), 18)


@given(
    lons.filter(lambda lon: abs(lon) < 179),
    lats,
    st.floats(-0.3, 0.3),
    st.floats(-0.3, 0.3),
    st.integers(8, 13),
)
def test_a_line_touches_the_tiles_of_all_its_points(lon, lat, east, north, z):
    line = shapely.LineString([(lon, lat), (lon + east, max(-85.0, min(85.0, lat + north)))])
    touched = set(tiles_of_geometry(line, z))
    box = set(tiles_of_bbox(*line.bounds, z))
    assert {tile_at(*line.coords[0], z), tile_at(*line.coords[1], z)} <= touched
    assert touched <= box | {
        Tile(z, t.x + dx, t.y + dy) for t in box for dx in (-1, 0, 1) for dy in (-1, 0, 1)
    }


def test_a_long_diagonal_touches_far_fewer_tiles_than_its_box():
    line = shapely.LineString([(113.0, 22.0), (114.0, 23.0)])
    assert len(tiles_of_geometry(line, 16)) < 0.02 * len(tiles_of_bbox(*line.bounds, 16))


def test_a_shape_inside_one_block_touches_one_and_one_over_a_border_touches_two():
    block = tile_at(114.05, 22.54, 14)
    east = bounds(block).east
    lon, lat = centre(block)
    inside = shapely.box(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
    across = shapely.box(east - 1e-4, lat, east + 1e-4, lat + 1e-4)
    assert blocks_of_geometry(inside) == [block]
    assert blocks_of_geometry(across) == [block, Tile(14, block.x + 1, block.y)]


def test_a_shape_in_the_buffer_of_the_next_block_changes_that_one_too():
    block = tile_at(114.05, 22.54, 14)
    west, _, east, _ = bounds(block)
    lat = centre(block)[1]
    near_border = shapely.Point(east - (east - west) / 20, lat)
    further_in = shapely.Point(east - (east - west) / 10, lat)
    assert blocks_of_geometry(near_border) == [block, Tile(14, block.x + 1, block.y)]
    assert blocks_of_geometry(further_in) == [block]
    assert blocks_of_geometry(near_border, margin=0) == [block]


def test_a_shape_that_reaches_a_border_touches_both_sides():
    assert tiles_of_geometry(shapely.box(-10, 5, 0, 10), 1) == [Tile(1, 0, 0), Tile(1, 1, 0)]


def test_nothing_touches_no_tile():
    assert tiles_of_geometry(shapely.Polygon(), 14) == []
