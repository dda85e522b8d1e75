"""A shift is judged against streets and buildings that are known, and never without."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.utils.translation import override

from gis.crs import BD09, GCJ02
from tests.places.importing.conftest import EAST, NORTH, apply, codes, plan
from twin.places.importing.notes import FileRefused
from twin.places.models import Community


def town_plan() -> tuple[list[Any], list[Any]]:
    """Blocks of unequal houses between streets of unequal distance: only one shift lays the streets between them."""
    random = np.random.default_rng(7)
    easts = EAST + np.cumsum(random.uniform(0.0008, 0.0014, 16))
    norths = NORTH + np.cumsum(random.uniform(0.0008, 0.0014, 16))
    streets = [shapely.LineString([(x, norths[0]), (x, norths[-1])]) for x in easts]
    streets += [shapely.LineString([(easts[0], y), (easts[-1], y)]) for y in norths]
    blocks = [
        shapely.box(x0 + 0.0001, y0 + 0.0001, x1 - 0.0001, y1 - 0.0001)
        for x0, x1 in pairwise(easts)
        for y0, y1 in pairwise(norths)
    ]
    return blocks, streets


@pytest.fixture
def blocks(geojson: Callable[..., Path]) -> Callable[..., Path]:
    def write(system: Any = None, name: str = "blocks.geojson") -> Path:
        shapes = np.array(town_plan()[0], dtype=object)
        shapes = shapes if system is None else system.geometry_from_lonlat(shapes)
        return geojson([(shape, {"id": n, "height": 9}) for n, shape in enumerate(shapes)], name=name)

    return write


@pytest.fixture
def streets(geojson: Callable[..., Path]) -> Path:
    return geojson([(shape, {"id": n}) for n, shape in enumerate(town_plan()[1])], name="streets.geojson")


def test_without_a_reference_it_is_said_that_nobody_can_tell(
    blocks: Callable[..., Path], town: Community
) -> None:
    assert "shift_has_no_reference" in codes(plan(town, blocks(GCJ02)))


def test_a_file_that_lies_right_is_not_refused(
    blocks: Callable[..., Path], streets: Path, town: Community
) -> None:
    assert "shift_is_none" in codes(plan(town, blocks(), references=[streets]))


@pytest.mark.parametrize(("system", "code"), [(GCJ02, "shift_is_gcj02"), (BD09, "shift_is_bd09")], ids=str)
def test_a_shifted_file_is_refused_by_name(
    blocks: Callable[..., Path], streets: Path, town: Community, system: Any, code: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        plan(town, blocks(system), references=[streets])
    assert refused.value.code == code
    assert system.code in refused.value.message


@pytest.mark.parametrize("system", [GCJ02, BD09], ids=str)
def test_a_shifted_file_that_says_so_is_converted(
    blocks: Callable[..., Path], streets: Path, town: Community, system: Any
) -> None:
    made = plan(town, blocks(system), references=[streets], crs=system.code)
    assert "shift_is_none" in codes(made)
    assert made.rows[0].shape.equals_exact(town_plan()[0][0], 1e-8)


def test_a_file_that_says_it_is_shifted_and_is_not_is_refused(
    blocks: Callable[..., Path], streets: Path, town: Community
) -> None:
    with pytest.raises(FileRefused) as refused:
        plan(town, blocks(), references=[streets], crs="GCJ-02")
    assert refused.value.code == "shift_is_not_there"


def test_somebody_may_insist(blocks: Callable[..., Path], streets: Path, town: Community) -> None:
    made = plan(town, blocks(GCJ02), references=[streets], accept_shift=True)
    assert "shift_accepted" in codes(made)
    assert made.counts["create"] == len(town_plan()[0])


def test_streets_of_the_community_are_a_reference(
    blocks: Callable[..., Path], streets: Path, town: Community
) -> None:
    apply(town, streets, "streets")
    with pytest.raises(FileRefused) as refused:
        plan(town, blocks(GCJ02))
    assert str(refused.value.note.details["reference"]) == "streets"
    with override("zh-hans"):
        assert "道路" in refused.value.message


def test_streets_are_judged_against_buildings(
    blocks: Callable[..., Path], town: Community, geojson: Any
) -> None:
    apply(town, blocks())
    shifted = GCJ02.geometry_from_lonlat(np.array(town_plan()[1], dtype=object))
    with pytest.raises(FileRefused) as refused:
        plan(town, geojson([(shape, {"id": n}) for n, shape in enumerate(shifted)]), "streets")
    assert refused.value.code == "shift_is_gcj02"


def test_a_reference_of_points_is_none(blocks: Callable[..., Path], town: Community, geojson: Any) -> None:
    points = geojson([(shapely.Point(EAST, NORTH), {"id": 1})], name="points.geojson")
    with pytest.raises(FileRefused) as refused:
        plan(town, blocks(), references=[points])
    assert refused.value.code == "reference_is_neither_streets_nor_buildings"


def test_outside_china_there_is_no_such_shift(geojson: Callable[..., Path], town: Community) -> None:
    made = plan(town, geojson([(shapely.box(24.94, 60.17, 24.941, 60.171), {"id": 1, "height": 9})]))
    assert "shift_cannot_happen_here" in codes(made)
