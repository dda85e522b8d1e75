"""The local frame against MapLibre's own formulas and against the ellipsoid."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import NotLonLat
from gis.local_metres import MAX_LATITUDE, LocalMetres, mercator, mercator_to_lonlat
from gis.measure import distance_m

longitudes = st.floats(-180, 180)
latitudes = st.floats(-85, 85)
near = st.floats(-2000, 2000)


def maplibre_local(lon: float, lat: float, origin_lon: float, origin_lat: float) -> tuple[float, float]:
    """The formulas of maplibre-gl's mercator_coordinate.ts, written out one number at a time."""

    def from_lng_lat(lng: float, phi: float) -> tuple[float, float]:
        x = (180 + lng) / 360
        y = (180 - (180 / math.pi) * math.log(math.tan(math.pi / 4 + (phi * math.pi) / 360))) / 360
        return x, y

    unit = 1 / (2 * math.pi * 6371008.8 * math.cos(math.radians(origin_lat)))
    (x, y), (x0, y0) = from_lng_lat(lon, lat), from_lng_lat(origin_lon, origin_lat)
    return (x - x0) / unit, -(y - y0) / unit


@given(longitudes, st.floats(-80, 80), st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_the_frame_is_maplibres_own(lon, lat, east, north):
    x, y = LocalMetres(lon, lat).to_local(lon + east, lat + north)
    assert (float(x), float(y)) == pytest.approx(maplibre_local(lon + east, lat + north, lon, lat), abs=1e-5)


@given(st.floats(-179, 179), latitudes, near, near)
def test_there_and_back_again_is_the_same_place(lon, lat, x, y):
    frame = LocalMetres(lon, lat)
    back = frame.to_local(*frame.to_lonlat(x, y))
    assert (float(back[0]), float(back[1])) == pytest.approx((x, y), abs=1e-6)


@given(longitudes, latitudes)
def test_mercator_and_its_reverse_agree(lon, lat):
    back = mercator_to_lonlat(*mercator(lon, lat))
    assert (float(back[0]), float(back[1])) == pytest.approx((lon, lat), abs=1e-10)


@given(st.floats(-179, 179), st.floats(-60, 60), st.floats(-500, 500), st.floats(-500, 500))
def test_a_local_metre_is_a_metre_within_seven_in_a_thousand(lon, lat, x, y):
    """The sphere of the map and the ellipsoid of the earth differ by that much, nowhere by more."""
    frame = LocalMetres(lon, lat)
    there = shapely.Point(*map(float, frame.to_lonlat(x, y)))
    assert distance_m(shapely.Point(lon, lat), there) == pytest.approx(math.hypot(x, y), rel=7e-3, abs=1e-6)


def test_east_is_x_and_north_is_y():
    x, y = LocalMetres(121.5, 31.2).to_local([121.501, 121.5], [31.2, 31.201])
    assert x.tolist() == pytest.approx([95.2, 0.0], abs=0.1)
    assert y.tolist() == pytest.approx([0.0, 111.2], abs=0.1)


def test_the_corner_of_the_square_is_the_limit_of_latitude():
    x, y = mercator(-180, MAX_LATITUDE)
    assert (float(x), float(y)) == pytest.approx((0, 0), abs=1e-12)


def test_geometries_move_whole_with_their_heights():
    frame = LocalMetres(114.05, 22.54)
    square = shapely.Polygon([(114.05, 22.54, 3.0), (114.051, 22.54, 3.0), (114.051, 22.541, 3.0)])
    local = frame.local_geometry(square)
    assert local.has_z
    assert local.exterior.coords[0] == pytest.approx((0, 0, 3.0), abs=1e-6)
    assert frame.lonlat_geometry(local).equals_exact(square, tolerance=1e-12)


def test_arrays_of_geometries_move_together():
    frame = LocalMetres(114.05, 22.54)
    points = shapely.points([(114.05, 22.54), (114.06, 22.55)])
    local = frame.local_geometry(points)
    assert shapely.get_coordinates(local)[0] == pytest.approx((0, 0), abs=1e-6)
    assert shapely.get_coordinates(frame.lonlat_geometry(local)) == pytest.approx(
        shapely.get_coordinates(points)
    )


def test_a_frame_can_be_laid_around_a_geometry():
    frame = LocalMetres.around(shapely.box(113.9, 22.4, 114.1, 22.6))
    assert (frame.origin_lon, frame.origin_lat) == pytest.approx((114.0, 22.5))


def test_two_frames_of_one_origin_are_equal():
    assert LocalMetres(1.0, 2.0) == LocalMetres(1.0, 2.0)
    assert len({LocalMetres(1.0, 2.0), LocalMetres(1.0, 2.0)}) == 1


@pytest.mark.parametrize("origin", [(181, 0), (0, 86), (float("nan"), 0), (0, float("inf"))])
def test_an_origin_off_the_map_is_refused(origin):
    with pytest.raises(NotLonLat, match="origin"):
        LocalMetres(*origin)


def test_a_frame_around_nothing_is_refused():
    with pytest.raises(NotLonLat, match="empty"):
        LocalMetres.around(shapely.Polygon())


def test_empty_input_gives_empty_output():
    x, y = LocalMetres(0, 0).to_local(np.array([]), np.array([]))
    assert x.shape == y.shape == (0,)
