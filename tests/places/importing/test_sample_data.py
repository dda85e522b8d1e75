"""Real files, as they came. Nothing here is tuned to them; they are what offices and the web have."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis.crs import GCJ02
from gis.measure import area_m2, length_m
from tests.places.importing.conftest import apply, codes, plan, verdicts
from tests.places.test_grids import check_now
from twin.places.importing.notes import FileRefused
from twin.places.models import Building, Community, Street

pytestmark = pytest.mark.sample_data

ROADS = ("primary", "secondary", "residential")


@pytest.fixture
def shenzhen(sample_data: Path) -> Path:
    return sample_data / "buildings" / "shenzhen_nanshan_height_wgs84.geojson"


@pytest.fixture
def roads(sample_data: Path) -> list[Path]:
    return [sample_data / "streets" / f"shenzhen_nanshan_osm_{kind}.geojson" for kind in ROADS]


@pytest.fixture
def moved(tmp_path: Path) -> Callable[..., Path]:
    """A copy of a GeoJSON file with every coordinate put through a function of (n, 2)."""

    def copy(path: Path, move: Callable[[Any], Any], name: str = "moved.geojson") -> Path:
        document = json.loads(path.read_text("utf-8"))
        document.pop("crs", None)
        for feature in document["features"]:
            shape = shapely.transform(shapely.geometry.shape(feature["geometry"]), move)
            feature["geometry"] = shapely.geometry.mapping(shape)
        target = tmp_path / name
        target.write_text(json.dumps(document), "utf-8")
        return target

    return copy


def to_gcj02(points: Any) -> Any:
    return np.column_stack(GCJ02.from_lonlat(points[:, 0], points[:, 1]))


def test_every_shenzhen_footprint_is_accounted_for(shenzhen: Path, town: Community) -> None:
    result = apply(town, shenzhen)
    check_now()
    counts = result.plan.counts
    assert counts["rows"] == counts["create"] + counts["refuse"] == 5438
    assert all(row.notes for row in result.plan.rows if row.verdict == "refuse")
    assert Building.objects.count() == counts["create"]
    assert all(building.footprint.valid for building in Building.objects.iterator())
    assert verdicts(apply(town, shenzhen).plan).count("unchanged") == counts["create"]


def test_shenzhen_is_not_shifted_against_its_roads(
    shenzhen: Path, roads: list[Path], town: Community
) -> None:
    assert "shift_is_none" in codes(plan(town, shenzhen, references=roads))
    assert "shift_has_no_reference" in codes(plan(town, shenzhen))


def test_shenzhen_in_gcj02_is_refused_against_its_roads_and_converted_when_it_says_so(
    shenzhen: Path, roads: list[Path], town: Community, moved: Callable[..., Path]
) -> None:
    shifted = moved(shenzhen, to_gcj02)
    assert "shift_has_no_reference" in codes(plan(town, shifted))
    for path in roads:
        apply(town, path, "streets", source=path.stem)
    with pytest.raises(FileRefused) as refused:
        plan(town, shifted)
    assert refused.value.code == "shift_is_gcj02"
    made = plan(town, shifted, crs="GCJ-02")
    true = plan(town, shenzhen)
    assert "shift_is_none" in codes(made)
    away = [a.shape.centroid.distance(b.shape.centroid) for a, b in zip(made.rows, true.rows, strict=True)]
    assert max(away) < 1e-8


def test_shenzhen_roads_shifted_against_its_buildings_are_refused(
    shenzhen: Path, roads: list[Path], town: Community, moved: Callable[..., Path]
) -> None:
    apply(town, shenzhen)
    assert "shift_is_none" in codes(plan(town, roads[1], "streets"))
    with pytest.raises(FileRefused) as refused:
        plan(town, moved(roads[1], to_gcj02), "streets")
    assert refused.value.code == "shift_is_gcj02"


@pytest.mark.parametrize(
    "name",
    ["shenzhen_nanshan_height_wgs84", "kawasaki_height_wgs84", "wuhan_optics_valley_osm_height_tilecut"],
)
def test_real_buildings_with_swapped_axes_are_refused(
    sample_data: Path, town: Community, moved: Callable[..., Path], name: str
) -> None:
    swapped = moved(sample_data / "buildings" / f"{name}.geojson", lambda points: points[:, ::-1])
    with pytest.raises(FileRefused) as refused:
        plan(town, swapped)
    assert refused.value.code == "swapped_axes"


def test_all_roads_come_with_their_length(roads: list[Path], town: Community) -> None:
    for path in roads:
        apply(town, path, "streets", source=path.stem)
    features = [f for path in roads for f in json.loads(path.read_text("utf-8"))["features"]]
    assert Street.objects.count() == len(features) == 8
    imported = sum(length_m(shapely.from_wkb(bytes(street.geometry.wkb))) for street in Street.objects.all())
    assert imported == pytest.approx(
        sum(length_m(shapely.geometry.shape(f["geometry"])) for f in features), rel=1e-9
    )
    assert set(Street.objects.values_list("kind", flat=True)) == {"primary", "secondary", "residential"}


def test_helsinki_has_its_levels(sample_data: Path, town: Community) -> None:
    path = sample_data / "buildings" / "helsinki_osm_buildings_levels.geojson"
    result = apply(town, path)
    counts = result.plan.counts
    assert counts["create"] + counts["refuse"] == counts["rows"] == 494
    features = json.loads(path.read_text("utf-8"))["features"]
    for row, feature in zip(result.plan.rows, features, strict=True):
        levels = feature["properties"]["levels"]
        if levels is not None and row.verdict == "create":
            assert row.values["floors_above"] == max(1, int(float(levels)))
    for row, feature in zip(result.plan.rows, features, strict=True):
        if row.verdict == "refuse":  # rings of one or two points, or tied in a knot: an extract cut them so
            rings = [ring for polygon in feature["geometry"]["coordinates"] for ring in polygon]
            sound = all(
                len({tuple(p) for p in ring}) > 2 and shapely.LinearRing(ring).is_valid for ring in rings
            )
            assert not sound


def test_wuhan_is_joined_to_its_ids(sample_data: Path, town: Community) -> None:
    path = sample_data / "buildings" / "wuhan_optics_valley_osm_height_tilecut.geojson"
    features = json.loads(path.read_text("utf-8"))["features"]
    result = apply(town, path)
    ids: dict[str, list[Any]] = {}
    for feature in features:
        shape = shapely.geometry.shape(feature["geometry"])
        ids.setdefault(str(feature["properties"]["id"]), []).append(shape)
    with_area = {one for one, shapes in ids.items() if any(shape.area for shape in shapes)}
    assert len(ids) == 239
    assert {row.source_id for row in result.plan.rows} == set(ids)
    assert set(Building.objects.values_list("source_id", flat=True)) == with_area
    assert {row.source_id for row in result.plan.rows if row.verdict == "refuse"} == set(ids) - with_area
    for building in Building.objects.iterator():
        whole = shapely.union_all([shape for shape in ids[building.source_id] if shape.area])
        mine = shapely.from_wkb(bytes(building.footprint.wkb))
        assert area_m2(mine) == pytest.approx(area_m2(whole), rel=2e-3)


def test_prague_in_web_mercator_lies_in_prague(sample_data: Path, town: Community) -> None:
    path = sample_data / "streets" / "prague_bubenec_epsg3857.gpkg"
    buildings, streets = apply(town, path).plan, apply(town, path, "streets").plan
    assert (buildings.counts["create"], streets.counts["create"]) == (144, 35)
    assert (buildings.read_as["system"], buildings.read_as["system_how"]) == ("EPSG:3857", "read")
    west, south, east, north = buildings.read_as["box"]
    assert 14.39 < west < east < 14.42
    assert 50.09 < south < north < 50.12
    with pytest.raises(FileRefused) as refused:
        plan(town, path, source="other", crs="EPSG:4326")
    assert refused.value.code == "web_mercator_numbers"


def test_rotterdam_and_delft_come_with_heights(sample_data: Path, town: Community) -> None:
    rotterdam = sample_data / "buildings" / "cityjson_rotterdam_subset.json"
    with pytest.raises(FileRefused) as refused:
        plan(town, rotterdam)
    assert refused.value.code == "system_is_missing"
    made = plan(town, rotterdam, crs="EPSG:28992")
    assert made.counts["create"] == 16
    assert all(4.4 < row.shape.centroid.x < 4.5 and 51.8 < row.shape.centroid.y < 52.0 for row in made.rows)
    assert all(3 < row.values["height_m"] < 60 for row in made.rows)
    delft = plan(town, sample_data / "buildings" / "cityjson_delft_1b.json").rows[0]
    assert (delft.values["height_m"], delft.values["floors_above"]) == (6, 2)
    assert 4.3 < delft.shape.centroid.x < 4.4


def test_a_cityjson_without_buildings_is_an_empty_file(sample_data: Path, town: Community) -> None:
    made = plan(town, sample_data / "buildings" / "cityjson_minimal.json")
    assert (made.counts["rows"], "no_rows" in codes(made)) == (0, True)


def test_kawasaki_is_complete(sample_data: Path, town: Community) -> None:
    result = apply(town, sample_data / "buildings" / "kawasaki_height_wgs84.geojson")
    assert result.plan.counts["create"] + result.plan.counts["refuse"] == 1374
    assert "shift_cannot_happen_here" in codes(result.plan) or "shift_has_no_reference" in codes(result.plan)


def test_districts_become_grids_with_their_gaps_told(sample_data: Path, town: Community) -> None:
    result = apply(town, sample_data / "streets" / "shenzhen_districts.geojson", "grids")
    check_now()
    assert result.plan.counts["create"] + result.plan.counts["refuse"] == 10
