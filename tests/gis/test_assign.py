"""Which grid a building belongs to."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.assign import Assignment, assign

GRIDS = {7: shapely.box(0, 0, 10, 10), 3: shapely.box(10, 0, 20, 10), 5: shapely.box(0, 10, 20, 20)}


def of(building: shapely.Polygon, grids=None) -> Assignment:
    return assign({1: building}, grids or GRIDS)[1]


def test_a_building_inside_one_grid_is_clear():
    assert of(shapely.box(1, 1, 2, 2)) == Assignment(7, ((7, 1.0),), borderline=False)


def test_a_building_on_a_border_goes_where_most_of_it_is_and_is_reported_with_shares():
    answer = of(shapely.box(9, 4, 13, 5))
    assert answer.grid == 3
    assert answer.shares == ((3, pytest.approx(0.75)), (7, pytest.approx(0.25)))
    assert answer.borderline


def test_of_equal_shares_the_lowest_id_wins():
    assert of(shapely.box(9, 4, 11, 5)).grid == 3


def test_a_building_in_no_grid_has_none_and_is_reported():
    assert of(shapely.box(50, 50, 51, 51)) == Assignment(None, (), borderline=True)


def test_a_building_that_hangs_over_the_edge_of_all_grids_is_reported():
    answer = of(shapely.box(-1, 4, 3, 5))
    assert answer.grid == 7
    assert answer.borderline


def test_a_wall_that_only_touches_the_next_grid_gives_it_no_share():
    assert of(shapely.box(8, 1, 10, 2)).shares == ((7, 1.0),)


def test_where_grids_overlap_the_lowest_id_wins_and_it_is_reported():
    answer = of(shapely.box(1, 1, 2, 2), {4: shapely.box(0, 0, 10, 10), 2: shapely.box(0, 0, 10, 10)})
    assert answer.grid == 2
    assert answer.borderline


def test_nothing_is_assigned_to_nothing():
    assert assign({}, GRIDS) == {}
    assert assign({1: shapely.box(0, 0, 1, 1)}, {})[1].grid is None


@given(
    st.lists(
        st.tuples(st.floats(-3, 22), st.floats(-3, 22), st.floats(0.1, 6), st.floats(0.1, 6)), max_size=20
    )
)
def test_shares_never_exceed_the_whole_and_the_largest_decides(corners):
    buildings = {i: shapely.box(x, y, x + w, y + h) for i, (x, y, w, h) in enumerate(corners)}
    for answer in assign(buildings, GRIDS).values():
        shares = dict(answer.shares)
        assert sum(shares.values()) <= 1 + 1e-9
        assert answer.grid == (
            max(shares, key=lambda grid: (round(shares[grid], 9), -grid)) if shares else None
        )
        assert answer.borderline == (max(shares.values(), default=0) < 0.95)


@pytest.mark.sample_data
def test_every_building_of_a_district_finds_its_grid(sample_data):
    text = (sample_data / "buildings" / "shenzhen_nanshan_height_wgs84.geojson").read_text("utf-8")
    rings = [feature["geometry"]["coordinates"] for feature in json.loads(text)["features"]]
    buildings = {i: shapely.make_valid(shapely.Polygon(ring[0], ring[1:])) for i, ring in enumerate(rings)}
    west, south, east, north = shapely.total_bounds(list(buildings.values()))
    xs, ys = np.linspace(west, east, 7), np.linspace(south, north, 4)
    cells = [shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1]) for i in range(6) for j in range(3)]
    answers = assign(buildings, dict(enumerate(cells)))
    assert len(answers) == 5438
    assert all(answer.grid is not None for answer in answers.values())
    on_borders = [answer for answer in answers.values() if len(answer.shares) > 1]
    assert 20 < len(on_borders) < 400
    assert all(sum(share for _, share in answer.shares) == pytest.approx(1) for answer in on_borders)
