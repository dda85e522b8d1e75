"""Outer walls of flats drawn by hand."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from gis.flat_frame import FlatFrame, metres_per_degree
from gis.subdivide import storeys, subdivide
from gis.wall_panels import outer_walls
from tests.gis.shapes import BUILT, footprints

FRAME = FlatFrame(114.05, 22.54, *metres_per_degree(22.54))


def walls_of(*flats, footprint=None, **more) -> list[np.ndarray]:
    """In metres, in and out."""
    drawn = [FRAME.lonlat_geometry(flat) for flat in flats]
    whole = None if footprint is None else FRAME.lonlat_geometry(footprint)
    found = outer_walls(drawn, whole, **more)
    return [FRAME.to_metres(walls.reshape(-1, 2)).reshape(-1, 2, 2) for walls in found]


def total(walls: np.ndarray) -> float:
    return float(np.hypot(*(walls[:, 1] - walls[:, 0]).T).sum())


def test_two_flats_side_by_side_have_three_outer_walls_each():
    left, right = walls_of(shapely.box(0, 0, 10, 12), shapely.box(10, 0, 20, 12))
    assert total(left) == pytest.approx(32, abs=1e-6)
    assert total(right) == pytest.approx(32, abs=1e-6)
    assert len(left) == len(right) == 3


def test_the_outside_is_on_the_right_hand():
    (walls,) = walls_of(shapely.box(0, 0, 10, 12).reverse())
    south = walls[np.argmin(walls[:, :, 1].sum(axis=1))]
    assert south == pytest.approx(np.array([(0, 0), (10, 0)]), abs=1e-6)


def test_a_flat_in_the_middle_has_none():
    rooms = [shapely.box(x, y, x + 10, y + 10) for x in (0, 10, 20) for y in (0, 10, 20)]
    assert [len(walls) for walls in walls_of(*rooms)][4] == 0


def test_a_courtyard_counts_as_outside():
    whole = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
    (walls,) = walls_of(whole)
    assert total(walls) == pytest.approx(160, abs=1e-6)
    yard = walls[(walls > 5).all(axis=(1, 2)) & (walls < 25).all(axis=(1, 2))]
    assert sum(a[0] * b[1] - b[0] * a[1] for a, b in yard) < 0


def test_a_gallery_inside_the_footprint_is_no_outer_wall():
    whole = shapely.box(0, 0, 20, 14)
    (walls,) = walls_of(shapely.box(0, 0, 20, 12), footprint=whole)
    assert total(walls) == pytest.approx(44, abs=0.3)


def test_a_wall_drawn_a_hand_inside_the_outline_still_counts():
    (walls,) = walls_of(shapely.box(0.08, 0.08, 10, 12), footprint=shapely.box(0, 0, 20, 12))
    assert total(walls) == pytest.approx(32, abs=0.5)


def test_cracks_between_flats_are_no_outside():
    left, right = walls_of(shapely.box(0, 0, 10, 12), shapely.box(10.03, 0, 20, 12), tolerance_m=0.01)
    assert total(left) == pytest.approx(32, abs=0.1)
    assert total(right) == pytest.approx(32, abs=0.1)


def test_half_a_wall_may_be_outer():
    low, _ = walls_of(shapely.box(0, 0, 10, 12), shapely.box(10, 6, 20, 12))
    assert total(low) == pytest.approx(38, abs=0.2)


def test_no_flats_no_walls():
    assert outer_walls([]) == []


@given(footprints(tuple(kind for kind in BUILT if kind != "jogged")), st.integers(1, 4), st.integers(1, 4))
def test_it_finds_what_the_cutter_knows(placed, units, flats):
    assume(isinstance(placed.metres, shapely.Polygon) and placed.lonlat.is_valid)
    assume(placed.metres.area / (units * flats) > 40)
    dwellings = subdivide(placed.lonlat, storeys(1), units=units, flats_per_floor=flats).dwellings
    found = outer_walls([dwelling.polygon for dwelling in dwellings], placed.lonlat, tolerance_m=0.01)
    for dwelling, walls in zip(dwellings, found, strict=True):
        known = np.array(dwelling.walls).reshape(-1, 2, 2)
        assert total(walls) == pytest.approx(total(known), rel=0.05)
