"""What somebody drew is refused with the position that is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.base.errors import Invalid
from twin.reports.drawn import MOST_POINTS, polygon_of

RING = [[122.6, 31.05], [122.604, 31.05], [122.604, 31.052], [122.6, 31.05]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_a_polygon_with_a_hole_is_taken() -> None:
    outer = [[122.6, 31.05], [122.61, 31.05], [122.61, 31.06], [122.6, 31.06], [122.6, 31.05]]
    hole = [[122.602, 31.052], [122.604, 31.052], [122.604, 31.054], [122.602, 31.052]]
    assert polygon_of(polygon(outer, hole), "area").num_interior_rings == 1


@pytest.mark.parametrize(
    ("geometry", "where"),
    [
        (None, "g"),
        ("Polygon", "g"),
        ({"type": "Point", "coordinates": [1, 2]}, "g"),
        ({"type": "Polygon"}, "g.coordinates"),
        (polygon(), "g.coordinates"),
        (polygon("ring"), "g.coordinates"),
        (polygon([]), "g.coordinates[0]"),
        (polygon(RING[:3]), "g.coordinates[0]"),
        (polygon([*RING[:-1], [122.6, 31.051]]), "g.coordinates[0]"),
        (polygon([RING[0], ["122.604", 31.05], *RING[2:]]), "g.coordinates[0][1]"),
        (polygon([RING[0], [True, 31.05], *RING[2:]]), "g.coordinates[0][1]"),
        (polygon([RING[0], [122.604, None], *RING[2:]]), "g.coordinates[0][1]"),
        (polygon([RING[0], [float("inf"), 31.05], *RING[2:]]), "g.coordinates[0][1]"),
        (polygon([RING[0], [float("nan"), 31.05], *RING[2:]]), "g.coordinates[0][1]"),
        (polygon([RING[0], [10**400, 31.05], *RING[2:]]), "g.coordinates[0][1]"),
        (polygon([RING[0], [31.05, 122.604], *RING[2:]]), "g.coordinates[0][1]"),
        (polygon([RING[0], [122.604], *RING[2:]]), "g.coordinates[0][1]"),
        (polygon(RING, [*RING[:2], [1], RING[0]]), "g.coordinates[1][2]"),
        (polygon([[0, 0], [0.01, 0.01], [0.01, 0], [0, 0.01], [0, 0]]), "g.coordinates"),
        (polygon([[0, 0], [0, 0], [0, 0], [0, 0]]), "g.coordinates"),
        (polygon([[0, 0], [10, 0], [10, 10], [0, 0]]), "g.coordinates"),
        (polygon([[0, 0]] * (MOST_POINTS + 1)), "g.coordinates"),
    ],
)
def test_what_is_wrong_is_named(geometry: Any, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        polygon_of(geometry, "g")
    assert refused.value.where == where


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=30,
)


@settings(deadline=None)
@given(anything)
def test_nonsense_is_refused_and_nothing_else_happens(coordinates: Any) -> None:
    try:
        found = polygon_of({"type": "Polygon", "coordinates": coordinates}, "g")
    except Invalid:
        return
    assert found.valid
