"""Overlaps, gaps and what sticks out, on drawn grids and on random ones."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import translate

from gis.flat_frame import FlatFrame, metres_per_degree
from gis.measure import area_m2
from gis.topology import InvalidArea, gaps, outside, overlaps

FRAME = FlatFrame(114.05, 22.54, *metres_per_degree(22.54))


def lonlat(*shapes):
    return [FRAME.lonlat_geometry(shape) for shape in shapes]


def field(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return FRAME.lonlat_geometry(shapely.box(west, south, east, north))


@st.composite
def tilings(draw) -> tuple[list[shapely.Polygon], shapely.Polygon]:
    """A field and the cells it is divided into by a slanted fence and some cross fences, in degrees."""
    whole = shapely.box(0, 0, 300, 200)
    top, bottom = draw(st.floats(60, 240)), draw(st.floats(60, 240))
    fence = shapely.LineString([(top, -1), (bottom, 201)])
    cross = [shapely.LineString([(-1, y), (301, y + draw(st.floats(-20, 20)))]) for y in (70, 140)]
    lines = shapely.union_all([whole.boundary, fence, *cross])
    cells = [
        cell
        for cell in shapely.get_parts(shapely.polygonize([lines]))
        if whole.contains(cell.point_on_surface())
    ]
    flat = [part for cell in cells for part in shapely.get_parts(cell)]
    return lonlat(*flat), lonlat(whole)[0]


class TestTilings:
    @given(tilings())
    def test_cells_of_one_field_neither_overlap_nor_leave_gaps_nor_stick_out(self, tiling):
        cells, whole = tiling
        assert overlaps(cells) == []
        assert gaps(cells, whole) == []
        assert outside(cells, whole) == []

    @given(tilings(), st.integers(0, 5))
    def test_a_missing_cell_is_a_gap_of_its_own_size(self, tiling, which):
        cells, whole = tiling
        missing = cells.pop(which % len(cells))
        found = gaps(cells, whole)
        assert [gap.area_m2 for gap in found] == [pytest.approx(area_m2(missing), rel=1e-3)]
        assert found[0].piece.intersection(missing).area == pytest.approx(missing.area, rel=1e-3)

    @given(tilings(), st.integers(0, 5), st.floats(1, 15))
    def test_a_cell_pushed_aside_overlaps_by_as_much_as_it_leaves_open(self, tiling, which, metres):
        cells, whole = tiling
        which %= len(cells)
        cells[which] = translate(cells[which], metres / FRAME.metres_east, 0)
        fine = 0.001
        over = [*overlaps(cells, fine), *outside(cells, whole, fine)]
        open_ground = gaps(cells, whole, fine)
        assert sum(each.area_m2 for each in over) == pytest.approx(
            sum(gap.area_m2 for gap in open_ground), rel=0.01, abs=1
        )
        assert all(which in (each.one, each.other) for each in overlaps(cells))


class TestOverlaps:
    def test_they_come_with_area_and_pieces(self):
        (found,) = overlaps([field(0, 0, 100, 100), field(90, 0, 200, 100), field(300, 0, 400, 100)])
        assert (found.one, found.other) == (0, 1)
        assert found.area_m2 == pytest.approx(1000, rel=1e-3)
        assert len(found.pieces) == 1

    def test_neighbours_and_corners_do_not_overlap(self):
        assert overlaps([field(0, 0, 100, 100), field(100, 0, 200, 100), field(100, 100, 200, 200)]) == []

    def test_a_sliver_below_the_tolerance_is_a_border(self):
        pair = [field(0, 0, 100, 100), field(99.95, 0, 200, 100)]
        assert overlaps(pair) == []
        assert len(overlaps(pair, tolerance_m=0.01)) == 1

    def test_an_area_drawn_twice_overlaps_wholly(self):
        (found,) = overlaps([field(0, 0, 100, 100)] * 2)
        assert found.area_m2 == pytest.approx(10_000, rel=1e-3)

    def test_an_area_in_the_hole_of_another_does_not_overlap(self):
        ring = field(0, 0, 100, 100).difference(field(40, 40, 60, 60))
        assert overlaps([ring, field(40, 40, 60, 60)]) == []

    @pytest.mark.parametrize("few", [[], [field(0, 0, 1, 1)]])
    def test_one_alone_cannot_overlap(self, few):
        assert overlaps(few) == []


class TestGaps:
    def test_a_crack_below_the_tolerance_is_a_border(self):
        cells, whole = [field(0, 0, 99.95, 100), field(100, 0, 200, 100)], field(0, 0, 200, 100)
        assert gaps(cells, whole) == []
        (crack,) = gaps(cells, whole, tolerance_m=0.01)
        assert crack.area_m2 == pytest.approx(5, rel=0.01)
        assert crack.neighbours == (0, 1)

    def test_without_a_parent_the_enclosed_holes_are_found(self):
        (hole,) = gaps([field(0, 0, 100, 100).difference(field(40, 40, 60, 60))])
        assert hole.area_m2 == pytest.approx(400, rel=1e-3)
        assert hole.neighbours == (0,)

    def test_a_parent_without_areas_is_one_gap(self):
        (gap,) = gaps([], field(0, 0, 100, 100))
        assert gap.area_m2 == pytest.approx(10_000, rel=1e-3)
        assert gap.neighbours == ()

    def test_largest_first(self):
        found = gaps([field(10, 0, 60, 100)], field(0, 0, 100, 100))
        assert [round(gap.area_m2, -1) for gap in found] == [4000, 1000]

    def test_nothing_has_no_gaps(self):
        assert gaps([]) == []


class TestOutside:
    def test_what_sticks_out_is_cut_out(self):
        found = outside(
            [field(0, 0, 50, 50), field(80, 0, 110, 50), field(500, 0, 510, 10)], field(0, 0, 100, 100)
        )
        assert [(each.index, round(each.area_m2, -1)) for each in found] == [(1, 500), (2, 100)]

    def test_a_hand_over_the_border_is_no_fault(self):
        assert outside([field(0, 0, 100.08, 50)], field(0, 0, 100, 100)) == []


class TestRefusals:
    @pytest.mark.parametrize(
        "broken",
        [
            shapely.Polygon(),
            shapely.Point(114, 22),
            shapely.Polygon([(114, 22), (114.001, 22.001), (114.001, 22), (114, 22.001)]),
        ],
    )
    def test_what_is_no_area_is_refused_with_its_place_in_the_list(self, broken):
        good = field(0, 0, 10, 10)
        for judge in (
            lambda: overlaps([good, broken]),
            lambda: gaps([good, broken]),
            lambda: outside([good, broken], good),
        ):
            with pytest.raises(InvalidArea, match="shape 1"):
                judge()


def test_eighteen_grids_of_a_hundred_corners_are_judged_as_one():
    """A border with many corners, drawn twice with centimetres between."""
    wave = np.column_stack([np.linspace(0, 300, 100), 100 + 5 * np.sin(np.linspace(0, 20, 100))])
    wobble = wave + np.random.default_rng(3).uniform(-0.02, 0.02, wave.shape) * [0, 1]
    south = shapely.Polygon([*wave, (300, 0), (0, 0)])
    north = shapely.Polygon([*wobble, (300, 200), (0, 200)])
    cells, whole = lonlat(south, north), field(0, 0, 300, 200)
    assert overlaps(cells) == []
    assert gaps(cells, whole) == []
    assert outside(cells, whole) == []
