"""Doors of an old row, and what a building that is no home is known for, as files write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.places.importing.conftest import apply, codes, house, plan
from twin.places.models import Building, Community


@pytest.mark.parametrize("written", ["19号、20号", "19号, 20号", ["19号", "20号"]])
def test_names_come_with_an_import(geojson: Callable[..., Path], town: Community, written: object) -> None:
    apply(town, geojson([(house(), {"id": "r1", "height": 6, "单元名称": written})]))
    assert Building.objects.get().unit_names == ["19号", "20号"]


@pytest.mark.parametrize("written", [[], ["19号", 20]])
def test_lists_that_the_reader_hands_on_as_they_stand(
    geojson: Callable[..., Path], town: Community, written: list[object]
) -> None:
    apply(town, geojson([(house(), {"id": "r1", "height": 6, "unit_names": written})]))
    assert Building.objects.get().unit_names == [str(name) for name in written]


def test_names_that_are_alike_are_not_taken(geojson: Callable[..., Path], town: Community) -> None:
    made = plan(town, geojson([(house(), {"id": "r1", "height": 6, "单元名称": "19号,19号"})]))
    assert "unit_names_not_understood" in codes(made.rows[0])


@pytest.mark.parametrize(
    ("column", "word", "facility"),
    [("amenity", "fire_station", "fire_station"), ("设施", "社区养老院", "care_home"), ("设施", "水塔", "")],
)
def test_what_a_building_is_known_for_comes_with_an_import(
    geojson: Callable[..., Path], town: Community, column: str, word: str, facility: str
) -> None:
    apply(town, geojson([(house(), {"id": "f1", "height": 6, column: word})]))
    assert Building.objects.get().facility == facility
