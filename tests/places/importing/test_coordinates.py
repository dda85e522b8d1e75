"""The coordinate system is stated or read, never guessed; what is impossible is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis.crs import coordinate_system
from tests.conftest import box
from tests.places.importing.conftest import EAST, NORTH, apply, codes, house, houses, plan
from twin.places.actions import found_community
from twin.places.importing.notes import FileRefused
from twin.places.models import Community


def in_system(code: str, count: int = 30) -> list[Any]:
    shapes = np.array([house(n) for n in range(count)], dtype=object)
    return list(coordinate_system(code).geometry_from_lonlat(shapes))


def features(shapes: list[Any]) -> list[Any]:
    return [(shape, {"id": n, "height": 9}) for n, shape in enumerate(shapes)]


@pytest.mark.parametrize(
    "code", ["EPSG:4490", "EPSG:4549", "EPSG:4528", "EPSG:3857", "EPSG:32651", "GCJ-02", "BD-09"]
)
def test_a_stated_system_puts_the_houses_where_they_stand(
    geojson: Callable[..., Path], town: Community, code: str
) -> None:
    made = plan(town, geojson(features(in_system(code))), crs=code)
    assert (made.read_as["system"], made.read_as["system_how"]) == (code, "stated")
    centre = made.rows[0].shape.centroid
    assert (centre.x, centre.y) == pytest.approx((EAST + 0.00015, NORTH + 0.00015), abs=1e-5)


@pytest.mark.parametrize("code", ["EPSG:4549", "EPSG:4528", "EPSG:3857", "EPSG:4490"])
def test_the_prj_of_a_shapefile_is_read(shapefile: Callable[..., Path], town: Community, code: str) -> None:
    made = plan(town, shapefile(in_system(code), {"height": [9] * 30}, crs=code))
    assert (made.read_as["system"], made.read_as["system_how"]) == (code, "read")
    assert made.rows[0].shape.centroid.x == pytest.approx(EAST + 0.00015, abs=1e-5)


def test_the_prj_that_esri_writes_for_a_zone_is_read(shapefile: Callable[..., Path], town: Community) -> None:
    path = shapefile(in_system("EPSG:4549"), {"height": [9] * 30}, crs=None)
    path.with_suffix(".prj").write_text(
        'PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
        'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
        'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
        'PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    assert plan(town, path).read_as["system"] == "EPSG:4549"


def test_a_file_that_says_nothing_is_asked_about(shapefile: Callable[..., Path], town: Community) -> None:
    path = shapefile([house()], {"height": [9]}, crs=None)
    with pytest.raises(FileRefused) as refused:
        plan(town, path)
    assert (refused.value.code, refused.value.where) == ("system_is_missing", "crs")
    assert plan(town, path, crs="CGCS2000").counts["create"] == 1


def test_a_geojson_without_a_system_is_wgs_84_by_its_format(
    geojson: Callable[..., Path], town: Community
) -> None:
    assert plan(town, geojson(houses(1))).read_as["system_how"] == "by_format"


def test_the_old_crs_member_of_a_geojson_is_read(geojson: Callable[..., Path], town: Community) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    made = plan(town, geojson(features(in_system("EPSG:4549")), crs=crs))
    assert (made.read_as["system"], made.read_as["system_how"]) == ("EPSG:4549", "read")


def test_a_stated_system_that_differs_from_the_file_is_noted(
    shapefile: Callable[..., Path], town: Community
) -> None:
    path = shapefile(in_system("EPSG:4549"), {"height": [9] * 30}, crs="EPSG:4548")
    assert "stated_system_differs" in codes(plan(town, path, crs="EPSG:4549"))


def test_a_text_that_names_no_system_is_refused(geojson: Callable[..., Path], town: Community) -> None:
    with pytest.raises(FileRefused) as refused:
        plan(town, geojson(houses(1)), crs="my own system")
    assert (refused.value.code, refused.value.where) == ("unknown_system", "crs")


@pytest.mark.parametrize(
    ("really", "stated", "code"),
    [
        ("EPSG:3857", "EPSG:4326", "web_mercator_numbers"),
        ("EPSG:3857", "EPSG:4549", "web_mercator_numbers"),
        ("EPSG:4326", "EPSG:4549", "degrees_as_metres"),
        ("EPSG:4326", "EPSG:3857", "degrees_as_metres"),
        ("EPSG:4528", "EPSG:4326", "metres_as_degrees"),
        ("EPSG:4528", "EPSG:4527", "wrong_zone"),
        ("EPSG:4528", "EPSG:4549", "wrong_zone"),
    ],
)
def test_numbers_of_one_system_under_the_name_of_another_are_refused_by_name(
    geojson: Callable[..., Path], town: Community, really: str, stated: str, code: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        plan(town, geojson(features(in_system(really))), crs=stated)
    assert refused.value.code == code


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:4549", "EPSG:4528"])
def test_swapped_axes_are_refused_by_name(geojson: Callable[..., Path], town: Community, code: str) -> None:
    swapped = [shapely.transform(shape, lambda points: points[:, ::-1]) for shape in in_system(code)]
    with pytest.raises(FileRefused) as refused:
        plan(town, geojson(features(swapped)), crs=code)
    assert refused.value.code == "swapped_axes"


def test_axes_that_could_be_either_are_told_by_where_the_community_lies(
    geojson: Callable[..., Path], db: None
) -> None:
    town = found_community(name="赫尔辛基", boundary=box(24.9, 60.1, 25.0, 60.2))
    north_first = [house(n, east=60.17, north=24.94) for n in range(30)]
    with pytest.raises(FileRefused) as refused:
        plan(town, geojson(features(north_first)))
    assert refused.value.code == "swapped_axes"


def test_the_neighbouring_zone_is_told_by_where_the_community_lies(
    geojson: Callable[..., Path], db: None
) -> None:
    town = found_community(name="沪上", boundary=box(EAST - 0.1, NORTH - 0.1, EAST + 0.1, NORTH + 0.1))
    with pytest.raises(FileRefused) as refused:
        plan(town, geojson(features(in_system("EPSG:4549"))), crs="EPSG:4548")
    assert refused.value.code == "wrong_zone"
    assert "EPSG:4549" in refused.value.message


def test_a_file_of_another_city_is_refused_unless_somebody_insists(
    geojson: Callable[..., Path], db: None
) -> None:
    town = found_community(name="岛上", boundary=box(122.6, 31.0, 122.7, 31.1))
    path = geojson(houses(30))
    with pytest.raises(FileRefused) as refused:
        plan(town, path)
    assert refused.value.code == "far_from_community"
    assert "outside_boundary" in codes(plan(town, path, accept_far=True))


def test_one_row_that_lies_elsewhere_is_refused_alone(geojson: Callable[..., Path], town: Community) -> None:
    rows = [*houses(30), (house(east=10.0, north=50.0), {"id": "berlin", "height": 9})]
    made = plan(town, geojson(rows), crs="EPSG:4490")
    assert codes(made.rows[-1]) == ["outside_system"]
    assert made.counts["create"] == 30


def test_an_empty_file_has_nowhere_to_be(geojson: Callable[..., Path], town: Community) -> None:
    made = plan(town, geojson([]))
    assert (made.counts["rows"], "no_rows" in codes(made)) == (0, True)


def test_a_row_at_zero_zero_is_refused_and_a_stray_is_noted(
    geojson: Callable[..., Path], town: Community
) -> None:
    rows = [
        *houses(30),
        (house(east=0.0, north=0.0), {"id": "zero"}),
        (house(east=116.4, north=39.9), {"id": "far"}),
    ]
    made = plan(town, geojson(rows))
    assert codes(made.rows[30])[0] == "lies_at_zero"
    assert [n.details["km"] for n in made.rows[31].notes if n.code == "far_from_others"] == [
        pytest.approx(1085, rel=0.02)
    ]


def test_one_stray_does_not_make_the_whole_earth_a_likely_place(
    geojson: Callable[..., Path], town: Community
) -> None:
    apply(town, geojson([*houses(60), (house(east=10.0, north=50.0), {"id": "berlin"})]))
    with pytest.raises(FileRefused) as refused:
        plan(town, geojson([(house(n, east=60.0, north=45.0), {"id": n}) for n in range(9)]), source="anders")
    assert refused.value.code == "far_from_community"


def test_a_damaged_prj_is_as_good_as_none(shapefile: Callable[..., Path], town: Community) -> None:
    path = shapefile(in_system("EPSG:4549"), {"height": [9] * 30}, crs="EPSG:4549")
    path.with_suffix(".prj").write_text('PROJCS["half a defini')
    with pytest.raises(FileRefused) as refused:
        plan(town, path)
    assert refused.value.code == "system_is_missing"
    made = plan(town, path, crs="EPSG:4549")
    assert (made.counts["create"], "unknown_system" in codes(made)) == (30, True)
