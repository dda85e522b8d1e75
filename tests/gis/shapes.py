"""Footprints of every kind, drawn at random, in metres and set down somewhere on earth."""

from dataclasses import dataclass

import numpy as np
import shapely
from hypothesis import strategies as st
from shapely.affinity import rotate, skew, translate

from gis.flat_frame import FlatFrame, metres_per_degree

sides = st.floats(14.0, 70.0).map(lambda metres: round(metres, 2))
depths = st.floats(8.0, 16.0).map(lambda metres: round(metres, 2))


def boxes(*corners: tuple[float, float, float, float]) -> shapely.Polygon:
    return shapely.union_all([shapely.box(*corner) for corner in corners])


@st.composite
def slab(draw) -> shapely.Polygon:
    return shapely.box(0, 0, draw(sides), draw(depths))


@st.composite
def tower(draw) -> shapely.Polygon:
    side = draw(st.floats(14, 34))
    return shapely.box(0, 0, side, side * draw(st.floats(0.8, 1.2)))


@st.composite
def l_shape(draw) -> shapely.Polygon:
    depth, other = draw(depths), draw(depths)
    return boxes((0, 0, depth + draw(sides), other), (0, 0, depth, other + draw(sides)))


@st.composite
def u_shape(draw) -> shapely.Polygon:
    depth, gap = draw(depths), draw(st.floats(6, 40))
    return boxes(
        (0, 0, 2 * depth + gap, draw(depths)),
        (0, 0, depth, depth + draw(sides)),
        (depth + gap, 0, 2 * depth + gap, depth + draw(sides)),
    )


@st.composite
def t_shape(draw) -> shapely.Polygon:
    left, stem, right, bar = draw(sides), draw(depths), draw(sides), draw(depths)
    return boxes((0, 0, left + stem + right, bar), (left, 0, left + stem, bar + draw(sides)))


@st.composite
def courtyard(draw) -> shapely.Polygon:
    walls = [draw(depths) for _ in range(4)]
    width, height = draw(st.floats(6, 60)), draw(st.floats(6, 60))
    yard = shapely.box(walls[0], walls[1], walls[0] + width, walls[1] + height)
    return shapely.box(0, 0, walls[0] + width + walls[2], walls[1] + height + walls[3]).difference(yard)


@st.composite
def two_courtyards(draw) -> shapely.Polygon:
    wall, yard, tall = draw(depths), draw(st.floats(6, 30)), draw(st.floats(6, 30))
    whole = shapely.box(0, 0, 3 * wall + 2 * yard, 2 * wall + tall)
    first = shapely.box(wall, wall, wall + yard, wall + tall)
    return whole.difference(first).difference(translate(first, wall + yard, 0))


@st.composite
def triangle(draw) -> shapely.Polygon:
    base, height = draw(st.floats(20, 60)), draw(st.floats(16, 50))
    return shapely.Polygon([(0, 0), (base, 0), (base * draw(st.floats(0.1, 0.9)), height)])


@st.composite
def jogged(draw) -> shapely.Polygon:
    """A slab with bays and recesses, some of them only centimetres deep."""
    length, depth = draw(st.floats(30, 70)), draw(depths)
    shape = shapely.box(0, 0, length, depth)
    for _ in range(draw(st.integers(1, 6))):
        at, wide = draw(st.floats(1, length - 6)), draw(st.floats(0.1, 5))
        deep = draw(st.sampled_from([0.02, 0.1, 0.3, 1.2, 2.0]))
        y = draw(st.sampled_from([0.0, depth]))
        bay = shapely.box(at, y - deep, at + wide, y + deep)
        shape = shape.union(bay) if draw(st.booleans()) else shape.difference(bay)
    return max(shapely.get_parts(shape), key=lambda part: part.area)


@st.composite
def crescent(draw) -> shapely.Polygon:
    radius, depth, points = draw(st.floats(20, 60)), draw(depths), draw(st.integers(4, 20))
    turn = np.linspace(0.0, draw(st.floats(0.8, 4.5)), points)
    outer = np.column_stack([np.cos(turn), np.sin(turn)]) * (radius + depth)
    inner = np.column_stack([np.cos(turn), np.sin(turn)])[::-1] * radius
    return shapely.Polygon(np.concatenate([outer, inner]))


@st.composite
def star(draw) -> shapely.Polygon:
    """Any outline at all that is seen whole from its middle."""
    points = draw(st.integers(3, 14))
    radii = np.array([draw(st.floats(6, 30)) for _ in range(points)])
    turn = (np.arange(points) + [draw(st.floats(0.0, 0.8)) for _ in range(points)]) * 2 * np.pi / points
    return shapely.Polygon(np.column_stack([np.cos(turn), np.sin(turn)]) * radii[:, None])


KINDS = {
    "slab": slab(),
    "tower": tower(),
    "L": l_shape(),
    "U": u_shape(),
    "T": t_shape(),
    "courtyard": courtyard(),
    "two courtyards": two_courtyards(),
    "triangle": triangle(),
    "jogged": jogged(),
    "crescent": crescent(),
    "star": star(),
}
BUILT = [kind for kind in KINDS if kind not in ("star", "triangle")]


@dataclass(frozen=True)
class Placed:
    """A footprint in metres and the same in degrees."""

    kind: str
    metres: shapely.Polygon
    lonlat: shapely.Polygon


@st.composite
def footprints(draw, kinds: tuple[str, ...] = tuple(KINDS)) -> Placed:
    """A footprint of one of the kinds, skewed and turned, somewhere between 60 degrees south and 70 north."""
    kind = draw(st.sampled_from(kinds))
    shape = draw(KINDS[kind])
    shape = skew(shape, draw(st.sampled_from([0.0, 0.0, -20.0, 12.0, 25.0])), origin=(0, 0))
    shape = rotate(shape, draw(st.sampled_from([0.0, 0.0, 90.0, 7.0, 33.3, 45.0, 121.0])), origin=(0, 0))
    if draw(st.booleans()):
        shape = shape.reverse()
    lon, lat = draw(
        st.sampled_from([(114.05, 22.54), (121.5, 31.2), (24.94, 60.17), (-70.6, -33.4), (0.0, 0.0)])
    )
    frame = FlatFrame(lon, lat, *metres_per_degree(lat))
    return Placed(kind, shape, frame.lonlat_geometry(shape))
