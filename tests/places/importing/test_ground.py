"""Compounds, streets and land cover."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tests.places.importing.conftest import EAST, NORTH, apply, codes, house, plan, verdicts
from twin.places.actions import add_compound
from twin.places.models import Community, Compound, LandCover, Street

LINE = shapely.LineString([(EAST, NORTH), (EAST + 0.01, NORTH)])


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ({"highway": "trunk_link"}, "primary"),
        ({"highway": "tertiary"}, "secondary"),
        ({"highway": "residential"}, "residential"),
        ({"highway": "footway"}, "lane"),
        ({"道路等级": "主干路"}, "primary"),
        ({"道路等级": "支路"}, "residential"),
        ({}, None),
        ({"highway": "bridleway"}, None),
    ],
)
def test_streets_have_the_kinds_of_openstreetmap_and_of_offices(
    geojson: Callable[..., Path], town: Community, properties: dict[str, Any], kind: str | None
) -> None:
    assert plan(town, geojson([(LINE, properties)]), "streets").rows[0].values.get("kind") == kind


def test_segments_of_a_street_that_share_an_id_become_one(
    geojson: Callable[..., Path], town: Community
) -> None:
    far = shapely.transform(LINE, lambda points: points + np.array([0.1, 0]))
    apply(
        town,
        geojson(
            [(LINE, {"道路编号": "G107", "路名": "海棠路"}), (far, {"道路编号": "G107", "路名": "海棠路"})]
        ),
        "streets",
    )
    street = Street.objects.get()
    assert (street.name, len(street.geometry)) == ("海棠路", 2)


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ({"natural": "water"}, "water"),
        ({"leisure": "park"}, "park"),
        ({"landuse": "grass"}, "park"),
        ({"amenity": "parking"}, "parking"),
        ({"地类名称": "河流水面"}, "water"),
        ({"leisure": "playground"}, "playground"),
        ({"place": "square"}, "plaza"),
    ],
)
def test_ground_is_read_from_many_columns(
    geojson: Callable[..., Path], town: Community, properties: dict[str, Any], kind: str
) -> None:
    assert plan(town, geojson([(house(), properties)]), "landcover").rows[0].values["kind"] == kind


def test_ground_of_no_known_kind_is_refused_unless_it_is_set(
    geojson: Callable[..., Path], town: Community
) -> None:
    path = geojson([(house(), {"landuse": "railway"})])
    assert codes(plan(town, path, "landcover").rows[0])[0] == "land_kind_unknown"
    apply(town, path, "landcover", constants={"kind": "plaza"})
    assert LandCover.objects.get().kind == "plaza"


def test_compounds_are_known_by_their_names(geojson: Callable[..., Path], town: Community) -> None:
    apply(town, geojson([(house(), {"小区名称": "海棠苑"})]), "compounds")
    again = apply(town, geojson([(house(1), {"小区名称": "海棠苑", "居委会": "第一居委会"})]), "compounds")
    assert verdicts(again.plan) == ["change"]
    compound = Compound.objects.get()
    assert (compound.committee, compound.geometry.extent[0]) == ("第一居委会", pytest.approx(EAST + 0.0005))


def test_compounds_trade_names_and_a_new_one_takes_a_name_that_is_free(
    geojson: Callable[..., Path], town: Community
) -> None:
    first = [(house(n), {"id": f"c{n}", "name": name}) for n, name in enumerate(("甲", "乙", "丙"))]
    apply(town, geojson(first), "compounds")
    ids = dict(Compound.objects.values_list("name", "pk"))
    later = [(house(n), {"id": f"c{n}", "name": name}) for n, name in enumerate(("乙", "甲", "丁"))]
    apply(town, geojson([(house(3), {"id": "c3", "name": "丙"}), *later]), "compounds")
    renamed = dict(Compound.objects.standing().values_list("name", "pk"))
    assert {name: renamed[name] for name in "甲乙丁"} == {"甲": ids["乙"], "乙": ids["甲"], "丁": ids["丙"]}
    assert renamed["丙"] not in ids.values()


def test_a_compound_that_is_refused_keeps_its_name_from_the_others(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson([(house(5), {"id": "x", "name": "别人"})]), "compounds", source="另一册")
    first = [(house(n), {"id": f"c{n}", "name": name}) for n, name in enumerate(("甲", "乙", "丙"))]
    apply(town, geojson(first), "compounds")
    later = [(house(n), {"id": f"c{n}", "name": name}) for n, name in enumerate(("别人", "甲", "乙"))]
    assert [codes(row) for row in plan(town, geojson(later), "compounds").rows] == [["name_is_taken"]] * 3


def test_a_name_that_another_compound_has_is_refused(geojson: Callable[..., Path], town: Community) -> None:
    add_compound(community=town, name="海棠苑")
    rows = [
        (house(0), {"id": 1, "name": "海棠苑"}),
        (house(1), {"id": 2, "name": "桂花苑"}),
        (house(2), {"id": 3, "name": "桂花苑"}),
        (house(3), {"id": 4}),
    ]
    made = plan(town, geojson(rows), "compounds")
    assert verdicts(made) == ["refuse", "create", "refuse", "refuse"]
    assert [codes(row)[0] for row in made.rows if row.verdict == "refuse"] == [
        "name_is_taken",
        "name_repeats_row",
        "name_is_missing",
    ]
