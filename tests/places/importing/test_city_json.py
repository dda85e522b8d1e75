"""CityJSON: buildings of parts, bodies without a ground surface, versions, and what cjio must not do to us."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyproj import Transformer

from gis.measure import area_m2
from tests.places.importing.conftest import apply, codes, plan
from twin.places.importing.notes import FileRefused
from twin.places.models import Building, Community

WEST, SOUTH = 85_000.0, 447_500.0
RD = "https://www.opengis.net/def/crs/EPSG/0/7415"


def solid(first: int) -> list[Any]:
    """The faces of a box whose eight corners begin at vertex `first`, ground first."""
    a, b, c, d, e, f, g, h = range(first, first + 8)
    return [[[a, d, c, b]], [[e, f, g, h]], [[a, b, f, e]], [[b, c, g, f]], [[c, d, h, g]], [[d, a, e, h]]]


def corners(west: float, width: float, height: float) -> list[list[float]]:
    plan_ = [(west, SOUTH), (west + width, SOUTH), (west + width, SOUTH + 10), (west, SOUTH + 10)]
    return [[x, y, z] for z in (2.0, 2.0 + height) for x, y in plan_]


MEANING = {"surfaces": [{"type": "GroundSurface"}, {"type": "WallSurface"}], "values": [[0, 1, 1, 1, 1, 1]]}


@pytest.fixture
def cityjson(tmp_path: Path) -> Callable[..., Path]:
    """A house of two parts side by side, 10 m by 10 m by 6 m and 5 m by 10 m by 12 m, and a tree."""

    def write(
        version: str = "2.0", *, system: str | None = RD, semantics: bool = True, **changes: Any
    ) -> Path:
        def body(first: int) -> dict[str, Any]:
            lod: Any = 2.0 if version == "1.0" else "2"
            return {
                "type": "Solid",
                "lod": lod,
                "boundaries": [solid(first)],
                **({"semantics": MEANING} if semantics else {}),
            }

        objects = {
            "house": {
                "type": "Building",
                "children": ["p1", "p2"],
                "attributes": {"storeysAboveGround": 2, "name": "市政厅"},
            },
            "p1": {"type": "BuildingPart", "parents": ["house"], "geometry": [body(0)]},
            "p2": {
                "type": "BuildingPart",
                "parents": ["house"],
                "geometry": [body(8)],
                "attributes": {"storeysAboveGround": 4},
            },
            "tree": {"type": "SolitaryVegetationObject", "geometry": []},
        }
        document = {
            "type": "CityJSON",
            "version": version,
            "metadata": {"referenceSystem": system} if system else {},
            "CityObjects": objects,
            "vertices": corners(WEST, 10, 6) + corners(WEST + 10, 5, 12),
            **changes,
        }
        if version != "1.0":
            document["transform"] = {"scale": [0.001] * 3, "translate": [WEST, SOUTH, 0.0]}
            origin = (WEST, SOUTH, 0.0)
            document["vertices"] = [
                [round((value - start) * 1000) for value, start in zip(vertex, origin, strict=True)]
                for vertex in document["vertices"]
            ]
        path = tmp_path / "city.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("semantics", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_a_building_is_its_parts_together(
    cityjson: Callable[..., Path], town: Community, version: str, semantics: bool
) -> None:
    system = "urn:ogc:def:crs:EPSG::7415" if version == "1.0" else RD
    made = plan(town, cityjson(version, system=system, semantics=semantics))
    assert made.counts["rows"] == 1
    row = made.rows[0]
    assert row.source_id == "house"
    assert row.shape.geom_type == "Polygon"
    assert area_m2(row.shape) == pytest.approx(150, rel=1e-3)
    assert (row.values["height_m"], row.values["floors_above"], row.values["name"]) == (12.0, 4, "市政厅")
    assert {"building_has_parts", "height_from_geometry"} <= set(codes(row))
    assert "other_objects_left_out" in codes(made)


def test_it_stands_where_its_system_says(cityjson: Callable[..., Path], town: Community) -> None:
    apply(town, cityjson())
    middle = Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True).transform(WEST + 7.5, SOUTH + 5)
    assert Building.objects.get().anchor.coords == pytest.approx(middle, abs=1e-5)


def test_a_file_without_a_system_is_asked_about(cityjson: Callable[..., Path], town: Community) -> None:
    path = cityjson(system=None)
    with pytest.raises(FileRefused) as refused:
        plan(town, path)
    assert refused.value.code == "system_is_missing"
    assert plan(town, path, crs="EPSG:28992").counts["create"] == 1


def test_a_measured_height_comes_before_the_body(cityjson: Callable[..., Path], town: Community) -> None:
    objects = {"b": {"type": "Building", "attributes": {"measuredHeight": 9.5},
                     "geometry": [{"type": "Solid", "lod": "1", "boundaries": [solid(0)]}]}}  # fmt: skip
    row = plan(town, cityjson(CityObjects=objects)).rows[0]
    assert (row.values["height_m"], "height_from_geometry" in codes(row)) == (9.5, False)


def test_a_face_that_names_no_vertex_is_a_bad_row(cityjson: Callable[..., Path], town: Community) -> None:
    bad = {
        "type": "Building",
        "geometry": [{"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 999]]]}],
    }
    good = {"type": "Building", "geometry": [{"type": "Solid", "lod": "1", "boundaries": [solid(0)]}]}
    made = plan(town, cityjson(CityObjects={"bad": bad, "good": good}))
    assert [row.verdict for row in made.rows] == ["refuse", "create"]


@pytest.mark.parametrize(
    "changes",
    [{"version": "0.8"}, {"version": "1.0.1"}, {"version": 2}, {"vertices": 7}, {"CityObjects": []}],
)
def test_what_is_not_read_is_said(
    cityjson: Callable[..., Path], town: Community, changes: dict[str, Any]
) -> None:
    path = cityjson("1.0")
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    with pytest.raises(FileRefused) as refused:
        plan(town, path)
    assert refused.value.code in {"cityjson_version", "file_cannot_be_read"}


def test_only_buildings_come_from_cityjson(cityjson: Callable[..., Path], town: Community) -> None:
    with pytest.raises(FileRefused) as refused:
        plan(town, cityjson(), "grids")
    assert refused.value.code == "cityjson_holds_buildings"


def test_reading_cityjson_leaves_json_of_this_process_as_it_was(
    cityjson: Callable[..., Path], town: Community
) -> None:
    plan(town, cityjson())
    assert json.dumps(0.1) == "0.1"
    assert json.encoder.c_make_encoder is not None
    assert "float" not in vars(json.encoder)
