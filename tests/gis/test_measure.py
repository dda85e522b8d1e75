"""Measures on the ellipsoid against published figures and against their own laws."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import NotLonLat
from gis.measure import area_m2, distance_m, distances_m, length_m

points = st.builds(shapely.Point, st.floats(-180, 180), st.floats(-89, 89))


def test_a_degree_of_the_equator_is_what_the_ellipsoid_says():
    assert distance_m(shapely.Point(0, 0), shapely.Point(1, 0)) == pytest.approx(
        math.radians(6378137.0), abs=1e-6
    )


def test_the_quarter_meridian_is_the_published_one():
    """10 001 965.729 m on WGS 84 (Karney 2013)."""
    assert distance_m(shapely.Point(0, 0), shapely.Point(0, 90)) == pytest.approx(10_001_965.729, abs=1e-3)


def test_a_half_degree_cell_has_the_area_of_the_ellipsoid():
    """Between two meridians the exact area is closed form: b²·Δλ/2 · [q(φ)] with q the authalic function."""
    f, a = 1 / 298.257223563, 6378137.0
    e = math.sqrt(f * (2 - f))

    def authalic(phi: float) -> float:
        s = math.sin(phi)
        return s / (1 - (e * s) ** 2) + math.atanh(e * s) / e

    exact = (a * (1 - f)) ** 2 / 2 * math.radians(0.5) * authalic(math.radians(0.5))
    # Parallels are not geodesics: follow this one with enough points for the difference to vanish.
    ring = [(0, 0), (0.5, 0), *((lon, 0.5) for lon in np.linspace(0.5, 0, 2001))]
    assert area_m2(shapely.Polygon(ring)) == pytest.approx(exact, rel=1e-8)


@given(points, points)
def test_distance_is_the_same_both_ways_and_never_negative(a, b):
    assert distance_m(a, b) == pytest.approx(distance_m(b, a), abs=1e-6)
    assert distance_m(a, b) >= 0


@given(points, points, points)
def test_no_detour_is_shorter(a, b, c):
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 1e-6


def test_the_antimeridian_is_no_wall():
    assert distance_m(shapely.Point(179.999, 0), shapely.Point(-179.999, 0)) == pytest.approx(
        222.64, abs=0.01
    )


def test_rows_of_distances_equal_single_ones():
    rows = distances_m([0, 10], [0, 20], 114.0, 22.5)
    assert rows == pytest.approx(
        [distance_m(shapely.Point(*p), shapely.Point(114.0, 22.5)) for p in [(0, 0), (10, 20)]]
    )
    assert distances_m([], [], [], []).shape == (0,)


def test_the_length_of_a_line_is_the_sum_of_its_steps():
    line = shapely.LineString([(114, 22), (114.01, 22), (114.01, 22.01)])
    steps = [shapely.Point(p) for p in line.coords]
    assert length_m(line) == pytest.approx(distance_m(steps[0], steps[1]) + distance_m(steps[1], steps[2]))


def test_the_length_of_a_polygon_counts_its_holes():
    court = shapely.Polygon(shapely.box(0, 0, 3, 3).exterior, [shapely.box(1, 1, 2, 2).exterior])
    assert length_m(court) == pytest.approx(length_m(court.exterior) + length_m(court.interiors[0]))


def test_a_hole_is_taken_out_of_the_area():
    yard = shapely.box(114.0001, 22.0001, 114.0002, 22.0002)
    court = shapely.Polygon(shapely.box(114, 22, 114.0003, 22.0003).exterior, [yard.exterior])
    assert area_m2(court) == pytest.approx(area_m2(shapely.Polygon(court.exterior)) - area_m2(yard))


@given(st.floats(-170, 170), st.floats(-80, 80))
def test_area_does_not_depend_on_the_way_the_ring_runs(lon, lat):
    square = shapely.box(lon, lat, lon + 0.001, lat + 0.001)
    assert area_m2(square) == pytest.approx(area_m2(square.reverse()), rel=1e-9)
    assert area_m2(square) > 0


def test_collections_are_added_up_and_points_count_nothing():
    a, b = shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)
    mixed = shapely.GeometryCollection([shapely.MultiPolygon([a, b]), shapely.Point(5, 5), a.exterior])
    assert area_m2(mixed) == pytest.approx(area_m2(a) + area_m2(b))
    assert length_m(mixed) == pytest.approx(2 * length_m(a) + length_m(b))


@pytest.mark.parametrize("nothing", [shapely.Polygon(), shapely.GeometryCollection(), shapely.LineString()])
def test_nothing_measures_zero(nothing):
    assert area_m2(nothing) == length_m(nothing) == 0.0


@pytest.mark.parametrize("off", [shapely.Point(12_700_000, 2_500_000), shapely.Point(22.5, 114.0)])
def test_numbers_that_are_no_lonlat_are_refused_by_name(off):
    with pytest.raises(NotLonLat, match="is not longitude"):
        length_m(off)
