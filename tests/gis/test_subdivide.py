"""Cutting buildings: what must hold for every footprint, and what people expect of the usual ones."""

import contextlib
import itertools
import json
from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gis.errors import NotLonLat
from gis.flat_frame import FlatFrame, metres_per_degree
from gis.footprint import BrokenRing, outline_of_rings
from gis.measure import area_m2
from gis.subdivide import (
    Basement,
    RoomStyle,
    Storey,
    Subdivision,
    TooManyFlats,
    UnusableFootprint,
    UnusableStoreys,
    storeys,
    subdivide,
)
from tests.gis.shapes import BUILT, Placed, footprints

FRAME = FlatFrame(114.05, 22.54, *metres_per_degree(22.54))
random_shapes = settings(max_examples=60)


@st.composite
def orders(draw, kinds=None) -> tuple[Placed, int, int]:
    """A footprint with a number of stairwells and flats that it has room for."""
    placed = draw(footprints(tuple(kinds)) if kinds else footprints())
    assume(isinstance(placed.metres, shapely.Polygon) and placed.lonlat.is_valid)
    units = draw(st.integers(1, 5))
    flats = draw(st.integers(1, 6))
    assume(placed.metres.area / (units * flats) >= 30)
    return placed, units, flats


def cut(order: tuple[Placed, int, int], floors: int = 1) -> Subdivision:
    placed, units, flats = order
    return subdivide(placed.lonlat, storeys(floors), units=units, flats_per_floor=flats)


def building(shape: shapely.Polygon, floors: int = 6, **stated) -> Subdivision:
    return subdivide(FRAME.lonlat_geometry(shape), storeys(floors), **stated)


def wall_lengths(dwelling, frame: FlatFrame = FRAME) -> list[float]:
    ends = frame.to_metres(np.array(dwelling.walls).reshape(-1, 2)).reshape(-1, 2, 2)
    return np.hypot(*(ends[:, 1] - ends[:, 0]).T).tolist()


def metres(polygon: shapely.Polygon) -> shapely.Polygon:
    return FRAME.metre_geometry(polygon)


class TestEveryFootprint:
    @random_shapes
    @given(orders())
    def test_the_flats_of_a_floor_add_up_to_the_footprint(self, order):
        flats = [dwelling.polygon for dwelling in cut(order).dwellings]
        whole = order[0].lonlat
        assert sum(flat.area for flat in flats) == pytest.approx(whole.area, rel=1e-6)
        # A geodesic and a straight line of degrees part by 0.2 mm in 100 m: no more is lost on the ground.
        assert sum(map(area_m2, flats)) == pytest.approx(area_m2(whole), rel=5e-5)

    @random_shapes
    @given(orders())
    def test_no_two_flats_overlap(self, order):
        frame = FlatFrame.around(order[0].lonlat)
        flats = [frame.metre_geometry(dwelling.polygon) for dwelling in cut(order).dwellings]
        pairs = list(itertools.combinations(flats, 2))
        shared = shapely.intersection([a for a, _ in pairs], [b for _, b in pairs])
        assert np.sum(shapely.area(shared)) < 1e-4

    @random_shapes
    @given(orders())
    def test_every_flat_is_one_valid_piece_and_as_many_as_asked(self, order):
        _, units, flats = order
        dwellings = cut(order).dwellings
        assert len(dwellings) == units * flats
        assert all(isinstance(dwelling.polygon, shapely.Polygon) for dwelling in dwellings)
        assert all(dwelling.polygon.is_valid for dwelling in dwellings)

    @random_shapes
    @given(orders())
    def test_flats_of_a_floor_are_of_about_equal_size(self, order):
        areas = [dwelling.polygon.area for dwelling in cut(order).dwellings]
        assert max(areas) <= 1.6 * min(areas)

    @settings(random_shapes, derandomize=True)
    @given(orders(kinds=[kind for kind in BUILT if kind != "crescent"]))
    def test_every_flat_of_fifty_square_metres_has_a_window(self, order):
        """Not so for every shape there is (about 3 of 1000 here): the same sixty are drawn each time."""
        placed, units, flats = order
        assume(placed.metres.area / (units * flats) >= 50)
        east, north = metres_per_degree(placed.lonlat.centroid.y)
        for dwelling in cut(order).dwellings:
            walls = np.array(dwelling.walls)
            assert np.hypot(*((walls[:, 1] - walls[:, 0]) * (east, north)).T).max() >= 1.5

    @random_shapes
    @given(orders())
    def test_walls_are_the_footprints_outline_each_once_with_the_outside_on_the_right(self, order):
        outline = order[0].lonlat.boundary
        walls = np.array([wall for dwelling in cut(order).dwellings for wall in dwelling.walls])
        assert np.sum(np.hypot(*(walls[:, 1] - walls[:, 0]).T)) == pytest.approx(outline.length, rel=1e-9)
        middle, along = walls.mean(axis=1), walls[:, 1] - walls[:, 0]
        right = np.column_stack([along[:, 1], -along[:, 0]]) / np.hypot(*along.T)[:, None]
        step = 1e-9
        shapely.prepare(order[0].lonlat)
        assert not shapely.contains_xy(order[0].lonlat, middle + right * step).any()
        assert shapely.contains_xy(order[0].lonlat.buffer(1e-12), middle - right * step).all()

    @random_shapes
    @given(orders())
    def test_doors_stand_on_the_outside_in_their_own_stairwell(self, order):
        for unit in cut(order).units:
            door = shapely.Point(unit.entrance)
            assert door.distance(order[0].lonlat.exterior) < 1e-9
            assert door.distance(unit.polygon) < 1e-9 or order[1] > 1

    @random_shapes
    @given(orders())
    def test_flats_lie_in_their_own_stairwell(self, order):
        answer = cut(order)
        outlines = {unit.number: unit.polygon.buffer(1e-9) for unit in answer.units}
        assert all(outlines[dwelling.unit].covers(dwelling.polygon) for dwelling in answer.dwellings)

    @settings(random_shapes, max_examples=15)
    @given(orders())
    def test_the_same_building_is_always_cut_the_same_way(self, order):
        assert cut(order) == cut(order)


class TestTheUsualOnes:
    def test_a_slab_is_cut_across(self):
        answer = building(shapely.box(0, 0, 60, 12), units=3, flats_per_floor=2)
        widths = {
            round(w, 3) for u in answer.units for w in np.ptp(metres(u.polygon).exterior.coords, axis=0)
        }
        assert widths == {20.0, 12.0}
        assert {round(metres(dwelling.polygon).area, 3) for dwelling in answer.dwellings} == {120.0}

    def test_stairwells_of_a_slab_are_counted_left_to_right_by_who_faces_the_northern_doors(self):
        answer = building(shapely.box(0, 0, 60, 12), units=3, flats_per_floor=2)
        doors = FRAME.to_metres([unit.entrance for unit in answer.units])
        assert doors == pytest.approx(np.array([(50, 12), (30, 12), (10, 12)]), abs=1e-6)

    def test_flats_are_counted_left_to_right_by_who_comes_in(self):
        answer = building(shapely.box(0, 0, 60, 12), floors=1, units=3, flats_per_floor=2)
        first, second = (metres(dwelling.polygon).centroid.x for dwelling in answer.dwellings[:2])
        assert (first, second) == pytest.approx((55, 45))

    def test_a_tower_of_four_gives_everyone_a_corner(self):
        answer = building(shapely.box(0, 0, 26, 25), units=1, flats_per_floor=4)
        assert [len(dwelling.walls) for dwelling in answer.dwellings if dwelling.floor == 1] == [2, 2, 2, 2]

    def test_an_l_is_cut_across_its_arms(self):
        shape = shapely.Polygon([(0, 0), (40, 0), (40, 12), (12, 12), (12, 36), (0, 36)])
        party = [
            metres(a.polygon).intersection(metres(b.polygon).buffer(1e-6)).area / 2e-6
            for a, b in itertools.combinations(building(shape, units=3, flats_per_floor=2).units, 2)
        ]
        assert max(party) < 13

    def test_a_courtyard_is_a_strip_around_its_yard(self):
        yard = shapely.box(12, 12, 48, 33)
        answer = building(shapely.box(0, 0, 60, 45).difference(yard), units=6, flats_per_floor=2)
        for unit in answer.units:
            assert not metres(unit.polygon).interiors
            assert metres(unit.polygon).distance(yard) < 1e-6
        numbers = [unit.number for unit in answer.units]
        neighbours = [
            metres(a.polygon).buffer(0.01).intersection(metres(b.polygon)).area > 0.05
            for a, b in itertools.pairwise(answer.units)
        ]
        assert numbers == [1, 2, 3, 4, 5, 6]
        assert all(neighbours)

    def test_one_flat_around_a_courtyard_keeps_its_yard(self):
        shape = shapely.box(0, 0, 20, 20).difference(shapely.box(8, 8, 12, 12))
        answer = building(shape, floors=1, units=1, flats_per_floor=1)
        assert len(answer.dwellings[0].polygon.interiors) == 1
        assert len(answer.dwellings[0].walls) == 8

    def test_a_deep_storey_still_gives_sixteen_flats_a_window_each(self):
        answer = building(shapely.box(0, 0, 40, 40), floors=1, units=1, flats_per_floor=16)
        assert all(max(wall_lengths(dwelling)) >= 1.5 for dwelling in answer.dwellings)

    def test_corners_that_are_none_do_not_multiply_the_panels(self):
        shape = shapely.Polygon([(0, 0), (10, 0), (20, 0), (20, 12), (0, 12)])
        walls = building(shape, floors=1, units=1, flats_per_floor=1).dwellings[0].walls
        assert len(walls) == 4


class TestFloors:
    def test_the_plan_is_stacked(self):
        answer = building(shapely.box(0, 0, 40, 12), floors=6, units=2, flats_per_floor=2)
        assert len(answer.dwellings) == 24
        assert len({id(dwelling.polygon) for dwelling in answer.dwellings}) == 4
        top = answer.dwellings[-1]
        assert (top.floor, top.base_m, top.top_m) == (6, 14.5, 17.4)

    def test_numbers_left_out_leave_no_gap_in_the_wall(self):
        table = storeys(12, height_m=3.0, skipped=(4, 13, 14))
        assert [storey.floor for storey in table] == [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 15]
        assert [storey.base_m for storey in table] == [3.0 * i for i in range(12)]

    def test_basements_go_down(self):
        assert storeys(1, 2, 3.0) == (Storey(-2, -6.0, -3.0), Storey(-1, -3.0, 0.0), Storey(1, 0.0, 3.0))

    def test_a_high_ground_floor_lifts_the_rest(self):
        assert [s.top_m for s in storeys(3, height_m=2.9, ground_height_m=4.5)] == [4.5, 7.4, 10.3]

    def test_a_floor_may_have_its_own_number_of_flats_or_none(self):
        table = [Storey(1, 0, 4.5, flats=0), Storey(2, 4.5, 7.4, flats=3), Storey(3, 7.4, 10.3)]
        answer = subdivide(
            FRAME.lonlat_geometry(shapely.box(0, 0, 20, 12)), table, units=1, flats_per_floor=2
        )
        assert [dwelling.room for dwelling in answer.dwellings] == ["201", "202", "203", "301", "302"]

    @pytest.mark.parametrize(
        ("table", "wrong"),
        [
            ([], "0 floors"),
            ([Storey(0, 0, 3)], "no floor 0"),
            ([Storey(1, 0, 1.2)], "1.2 m high"),
            ([Storey(1, 0, 3), Storey(1, 3, 6)], "twice"),
            ([Storey(1, 0, 3), Storey(2, 2, 5)], "below the top of floor 1"),
            ([Storey(1, 0, 3, flats=-1)], "-1 flats"),
        ],
    )
    def test_a_table_that_no_building_has_is_refused(self, table, wrong):
        with pytest.raises(UnusableStoreys, match=wrong):
            subdivide(FRAME.lonlat_geometry(shapely.box(0, 0, 20, 12)), table, units=1, flats_per_floor=2)

    @pytest.mark.parametrize(("above", "below"), [(0, 0), (-3, 0), (3, -1), (500, 0)])
    def test_counts_that_no_building_has_are_refused(self, above, below):
        with pytest.raises(UnusableStoreys, match="at least 1"):
            storeys(above, below)


class TestRooms:
    def test_rooms_begin_anew_in_every_stairwell(self):
        answer = building(shapely.box(0, 0, 40, 12), floors=5, units=2, flats_per_floor=2)
        top = [(dwelling.unit, dwelling.room) for dwelling in answer.dwellings if dwelling.floor == 5]
        assert top == [(1, "501"), (1, "502"), (2, "501"), (2, "502")]

    def test_rooms_may_be_counted_through_the_building(self):
        style = RoomStyle(across_units=True)
        answer = building(shapely.box(0, 0, 40, 12), floors=5, units=2, flats_per_floor=2, rooms=style)
        top = [(dwelling.unit, dwelling.room) for dwelling in answer.dwellings if dwelling.floor == 5]
        assert top == [(1, "501"), (1, "502"), (2, "503"), (2, "504")]

    @pytest.mark.parametrize(
        ("style", "floor", "flat", "of", "room"),
        [
            (RoomStyle(), 5, 2, 4, "502"),
            (RoomStyle(), 12, 11, 12, "1211"),
            (RoomStyle(), -1, 1, 2, "B101"),
            (RoomStyle(basement=Basement.MINUS), -1, 1, 2, "-101"),
            (RoomStyle(digits=1), 5, 2, 4, "52"),
            (RoomStyle(), 5, 2, 120, "5002"),
        ],
    )
    def test_a_room_is_written_as_locals_write_it(self, style, floor, flat, of, room):
        assert style.room(floor, flat, of) == room

    @random_shapes
    @given(orders(), st.booleans())
    def test_no_two_dwellings_of_a_building_share_an_address(self, order, across):
        placed, units, flats = order
        answer = subdivide(
            placed.lonlat, storeys(3, 1), units=units, flats_per_floor=flats, rooms=RoomStyle(across)
        )
        addresses = [(d.unit if not across else None, d.room) for d in answer.dwellings]
        assert len(set(addresses)) == len(addresses)


class TestGuesses:
    def test_what_is_stated_in_full_is_no_guess(self):
        assert not building(shapely.box(0, 0, 60, 12), units=3, flats_per_floor=2).estimated

    @pytest.mark.parametrize("stated", [{}, {"units": 3}, {"flats_per_floor": 2}])
    def test_what_is_not_stated_is_guessed_and_marked(self, stated):
        assert building(shapely.box(0, 0, 60, 12), **stated).estimated

    def test_a_slab_of_720_square_metres_gets_stairwells_of_two_flats(self):
        answer = building(shapely.box(0, 0, 60, 12), floors=6, flat_area_m2=90)
        assert len(answer.units) == 4
        assert len(answer.dwellings) == 6 * 8

    def test_a_tower_gets_one_core(self):
        answer = building(shapely.box(0, 0, 26, 25), floors=18, flat_area_m2=100)
        assert len(answer.units) == 1
        assert len(answer.dwellings) == 18 * 6

    def test_a_stated_number_of_stairwells_is_kept(self):
        assert len(building(shapely.box(0, 0, 60, 12), units=2, flat_area_m2=90).units) == 2

    def test_a_house_smaller_than_the_wanted_flat_is_one_flat(self):
        assert len(building(shapely.box(0, 0, 8, 6), floors=1, flat_area_m2=90).dwellings) == 1

    @random_shapes
    @given(footprints(), st.integers(1, 30))
    def test_any_building_can_be_guessed(self, placed, floors):
        assume(isinstance(placed.metres, shapely.Polygon) and placed.lonlat.is_valid)
        answer = subdivide(placed.lonlat, storeys(floors))
        flats = [dwelling for dwelling in answer.dwellings if dwelling.floor == 1]
        assert answer.estimated
        assert placed.metres.area / len(flats) >= 8


class TestRefusals:
    @pytest.mark.parametrize(
        ("footprint", "wrong"),
        [
            (shapely.Polygon(), "empty"),
            (shapely.Polygon([(114, 22), (114.001, 22.001), (114.001, 22), (114, 22.001)]), "not valid"),
            (shapely.MultiPolygon([shapely.box(114, 22, 114.001, 22.001)]), "MultiPolygon"),
            (shapely.Point(114, 22), "Point"),
            (shapely.box(114, 22, 114.00001, 22.00001), "8 to"),
            (shapely.box(114, 22, 115, 23), "8 to"),
            (shapely.Point(114, 22).buffer(0.0005, quad_segs=400), "1600|1601 corners"),
        ],
    )
    def test_what_is_no_footprint_is_refused_by_name(self, footprint, wrong):
        with pytest.raises(UnusableFootprint, match=wrong):
            subdivide(footprint, storeys(6))

    def test_metres_instead_of_degrees_are_refused(self):
        with pytest.raises(NotLonLat, match="in degrees"):
            subdivide(shapely.box(500_000, 2_500_000, 500_060, 2_500_012), storeys(6))

    def test_flats_too_small_to_live_in_are_refused_with_the_number_that_fits(self):
        with pytest.raises(TooManyFlats, match=r"4\.8 m².*at most 12 flats"):
            building(shapely.box(0, 0, 12, 8), units=2, flats_per_floor=10)

    def test_a_floor_table_with_too_many_flats_is_refused(self):
        table = [Storey(1, 0, 3), Storey(2, 3, 6, flats=40)]
        with pytest.raises(TooManyFlats, match="at most"):
            subdivide(FRAME.lonlat_geometry(shapely.box(0, 0, 20, 12)), table, units=1, flats_per_floor=2)

    @pytest.mark.parametrize("stated", [{"units": 0}, {"flats_per_floor": -1}, {"flat_area_m2": 2.0}])
    def test_numbers_out_of_this_world_are_refused(self, stated):
        with pytest.raises(TooManyFlats):
            building(shapely.box(0, 0, 60, 12), **stated)


@pytest.mark.sample_data
@pytest.mark.parametrize(
    ("name", "every"), [("shenzhen_nanshan_height_wgs84", 60), ("helsinki_osm_buildings_levels", 6)]
)
def test_real_buildings_are_cut_whole_into_lit_flats(sample_data, name, every):
    features = json.loads((sample_data / "buildings" / f"{name}.geojson").read_text("utf-8"))["features"]
    dark = flats = 0
    for footprint in homes(features[::every]):
        frame = FlatFrame.around(footprint)
        answer = subdivide(footprint, storeys(1))
        pieces = [frame.metre_geometry(dwelling.polygon) for dwelling in answer.dwellings]
        whole = frame.metre_geometry(footprint)
        assert sum(piece.area for piece in pieces) == pytest.approx(whole.area, rel=1e-6)
        assert shapely.union_all(pieces).area == pytest.approx(whole.area, rel=1e-6)
        assert all(piece.is_valid for piece in pieces)
        flats += len(pieces)
        dark += sum(max(wall_lengths(dwelling, frame), default=0) < 1.5 for dwelling in answer.dwellings)
    assert flats > 400
    assert dark <= 0.01 * flats


def homes(features: list[dict]) -> Iterator[shapely.Polygon]:
    """Whole outlines of a size that people live in: no sheds, no shopping malls, no broken rings."""
    for feature in features:
        kind, coordinates = feature["geometry"]["type"], feature["geometry"]["coordinates"]
        for rings in [coordinates] if kind == "Polygon" else coordinates:
            with contextlib.suppress(BrokenRing):
                footprint = outline_of_rings(rings).geometry
                if isinstance(footprint, shapely.Polygon) and 40 < area_m2(footprint) < 5000:
                    yield footprint
