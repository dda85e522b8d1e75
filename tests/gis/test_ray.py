"""Rays against walls, checked by hand and by marching along the ray."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.affinity import rotate

from gis.local_metres import LocalMetres
from gis.ray import Block, Panels, is_visible, nearest_hit
from gis.subdivide import storeys, subdivide

SQUARE = shapely.box(0, 0, 10, 10)


def around(footprint: shapely.Polygon, base_m: float = 0, top_m: float = 30, identity: int = 1) -> Panels:
    ring = shapely.get_coordinates(shapely.orient_polygons(footprint).exterior)
    return Panels.of(np.stack([ring[:-1], ring[1:]], axis=1), base_m, top_m, identity)


def both(*panels: Panels) -> Panels:
    return Panels(
        np.concatenate([p.walls for p in panels]),
        np.concatenate([p.base_m for p in panels]),
        np.concatenate([p.top_m for p in panels]),
        np.concatenate([p.ids for p in panels]),
    )


def test_straight_ahead_is_the_wall_in_front():
    hit = nearest_hit((5, -20, 10), (0, 1, 0), around(SQUARE, identity=7))
    assert (hit.id, hit.distance_m) == (7, pytest.approx(20))
    assert hit.point == pytest.approx(np.array([5, 0, 10]))


def test_of_two_walls_the_nearer_one_is_hit():
    far = around(shapely.box(0, 50, 10, 60), identity=2)
    assert nearest_hit((5, -20, 10), (0, 1, 0), both(far, around(SQUARE))).id == 1


def test_the_floor_decides_which_dwelling():
    floors = both(*(around(SQUARE, 3 * n, 3 * n + 3, identity=n + 1) for n in range(10)))
    assert [nearest_hit((5, -20, 3 * n + 1.5), (0, 1, 0), floors).id for n in range(10)] == list(range(1, 11))


def test_behind_above_and_beside_nothing_is_hit():
    panels = around(SQUARE)
    assert nearest_hit((5, -20, 10), (0, -1, 0), panels) is None
    assert nearest_hit((5, -20, 31), (0, 1, 0), panels) is None
    assert nearest_hit((11, -20, 10), (0, 1, 0), panels) is None


def test_a_building_in_between_is_in_the_way():
    block = Block(shapely.box(0, -15, 10, -5), 0, 12)
    assert nearest_hit((5, -20, 10), (0, 1, 0), around(SQUARE), [block]).id is None
    assert nearest_hit((5, -20, 13), (0, 1, 0), around(SQUARE), [block]).id == 1
    assert not is_visible((5, -20, 10), (5, 0, 10), around(SQUARE), [block])
    assert is_visible((5, -20, 13), (5, 0, 13), around(SQUARE), [block])


def test_a_roof_is_hit_from_above():
    hit = nearest_hit((5, 5, 100), (0, 0, -1), around(SQUARE, 0, 30), [Block(SQUARE, 0, 30)])
    assert (hit.id, hit.distance_m) == (None, pytest.approx(70))


def test_through_a_courtyard_from_above_one_sees_the_inner_wall():
    court = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
    hit = nearest_hit((15, 11, 60), (0, 0.2, -1), around(shapely.box(10, 10, 20, 20)), [Block(court, 0, 30)])
    assert hit.id == 1
    assert hit.point[1] == pytest.approx(20)


def test_a_wall_and_its_buildings_wall_are_one():
    assert nearest_hit((5, -20, 10), (0, 1, 0), around(SQUARE), [Block(SQUARE, 0, 30)]).id == 1


def test_no_panels_and_no_blocks_are_no_hit():
    assert nearest_hit((0, 0, 0), (1, 0, 0), Panels.of([], 0, 0, 0)) is None


angles = st.floats(0, 2 * np.pi)


@given(angles, st.floats(-1.2, 0.5), st.floats(0, 360), angles)
def test_the_hit_is_where_marching_along_the_ray_first_enters_a_house(turn, pitch, rotated, where):
    houses = [rotate(shapely.box(x, y, x + 12, y + 9), rotated) for x in (0, 30) for y in (0, 25)]
    blocks = [Block(house, 0, 20 + 5 * i) for i, house in enumerate(houses)]
    eye = np.array([15 + 60 * np.cos(where), 15 + 60 * np.sin(where), 40.0])
    towards = np.array([np.cos(turn) * np.cos(pitch), np.sin(turn) * np.cos(pitch), np.sin(pitch)])
    panels = both(*(around(block.footprint, block.base_m, block.top_m, i) for i, block in enumerate(blocks)))
    hit = nearest_hit(eye, towards, panels, blocks)
    along = np.arange(0, 150, 0.05)
    points = eye + along[:, None] * towards
    inside = np.zeros(len(along), dtype=bool)
    for block in blocks:
        level = (points[:, 2] > block.base_m) & (points[:, 2] < block.top_m)
        inside |= level & shapely.contains_xy(block.footprint, points[:, :2])
    if not inside.any():
        assert hit is None or hit.distance_m > 149 or grazes(hit.point, blocks)
        return
    entered = along[np.argmax(inside)]
    assume(not grazes(eye + entered * towards, blocks))
    assert hit.distance_m == pytest.approx(entered, abs=0.11)


def grazes(point, blocks) -> bool:
    """So near an edge of a block that stepping and solving may differ."""
    corners = [shapely.Point(c) for b in blocks for c in b.footprint.exterior.coords]
    near_corner = min(shapely.Point(point[:2]).distance(corner) for corner in corners) < 0.5
    return near_corner or min(abs(point[2] - level) for b in blocks for level in (b.base_m, b.top_m)) < 0.3


@given(st.integers(0, 10_000))
def test_every_window_of_a_cut_house_that_can_be_seen_is_hit_by_its_own_id(seed):
    chance = np.random.default_rng(seed)
    frame = LocalMetres(114.05, 22.54)
    footprint = frame.lonlat_geometry(rotate(shapely.box(-30, -6, 30, 6), float(chance.uniform(0, 180))))
    dwellings = subdivide(footprint, storeys(8), units=3, flats_per_floor=2).dwellings
    walls = [
        np.column_stack(frame.to_local(*np.array(d.walls).reshape(-1, 2).T)).reshape(-1, 2, 2)
        for d in dwellings
    ]
    panels = both(
        *(Panels.of(w, d.base_m, d.top_m, i) for i, (w, d) in enumerate(zip(walls, dwellings, strict=True)))
    )
    block = Block(frame.local_geometry(footprint), 0, dwellings[-1].top_m)
    which = int(chance.integers(len(dwellings)))
    wall = walls[which][int(chance.integers(len(walls[which])))]
    middle = np.array([*wall.mean(axis=0), (dwellings[which].base_m + dwellings[which].top_m) / 2])
    along = wall[1] - wall[0]
    outwards = np.array([along[1], -along[0], 0]) / np.hypot(*along)
    eye = middle + 80 * outwards + [*chance.uniform(-40, 40, 2), 60]
    assert nearest_hit(eye, middle - eye, panels, [block]).id == which
    behind = middle - 80 * outwards
    assert nearest_hit(behind, middle - behind, panels, [block]).distance_m < 79
    assert not is_visible(behind, middle, panels, [block])
