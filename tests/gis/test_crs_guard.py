"""Mislabelled files are named; right ones pass."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.crs import (
    BD09,
    CGCS2000,
    GCJ02,
    WEB_MERCATOR,
    WGS84,
    coordinate_system,
    gauss_kruger_zone,
)
from gis.crs_guard import Fault, judge_geometries, judge_numbers

SHANGHAI = (121.47, 31.23)
ZONE_40 = coordinate_system("EPSG:4528")
MERIDIAN_120 = coordinate_system("EPSG:4549")
ACCEPTED_BY_CHINA = [WGS84, CGCS2000, GCJ02, BD09, WEB_MERCATOR]


def around(lon: float, lat: float, count: int = 50) -> np.ndarray:
    """A handful of places within a kilometre."""
    spread = np.random.default_rng(7).uniform(-0.005, 0.005, (count, 2))
    return spread + np.array([lon, lat])


def numbers_in(system, lon: float, lat: float) -> np.ndarray:
    return np.column_stack(system.from_lonlat(*around(lon, lat).T))


in_china = st.tuples(st.floats(75, 134), st.floats(4, 53))


class TestRightFilesPass:
    @given(in_china, st.sampled_from(ACCEPTED_BY_CHINA))
    def test_anywhere_in_china_in_any_of_its_systems(self, place, system):
        assert judge_numbers(numbers_in(system, *place), system).possible

    @given(
        st.sampled_from([4513, 4526, 4528, 4533, 4534, 4547, 4549, 4554]),
        st.floats(-1.9, 1.9),
        st.floats(4, 53),
    )
    def test_any_zone_also_a_little_beyond_its_border(self, number, beside, lat):
        system = coordinate_system(f"EPSG:{number}")
        place = (gauss_kruger_zone(system)[1] + beside, lat)
        assert judge_numbers(numbers_in(system, *place), system).possible

    @given(st.floats(-179, 179), st.floats(-80, 80))
    def test_anywhere_on_earth_in_wgs84_and_web_mercator(self, lon, lat):
        assert judge_numbers(numbers_in(WGS84, lon, lat), WGS84).possible
        assert judge_numbers(numbers_in(WEB_MERCATOR, lon, lat)[:1] + 500, WEB_MERCATOR).possible

    @pytest.mark.parametrize(
        "place",
        [
            (24.94, 60.17),  # Helsinki: swapped it would be in the Gulf of Aden, also a place
            (15.63, 78.22),  # Longyearbyen
            (5.63, -1.43),  # Annobón, an island beside (0, 0)
            (6.61, 0.19),  # São Tomé
            (112.34, 16.83),  # Sansha, south of EPSG's own box for CGCS2000
            (87.6, 43.8),  # Urumqi
            (0.001, 51.48),  # Greenwich
            (179.99, -16.8),  # Fiji
        ],
    )
    def test_odd_places_are_places(self, place):
        assert judge_numbers(around(*place), WGS84).possible
        assert judge_numbers(around(*place), WGS84, expected=(*place, *place)).possible

    def test_a_town_in_its_national_system_passes(self):
        dutch = coordinate_system("EPSG:28992")
        assert judge_numbers(numbers_in(dutch, 4.36, 52.0), dutch).possible

    @pytest.mark.sample_data
    @pytest.mark.parametrize(
        ("name", "declared"),
        [
            ("buildings/shenzhen_nanshan_height_wgs84", WGS84),
            ("buildings/shenzhen_nanshan_height_wgs84", CGCS2000),
            ("buildings/kawasaki_height_wgs84", WGS84),
            ("buildings/helsinki_osm_buildings_levels", WGS84),
            ("buildings/wuhan_optics_valley_osm_height_tilecut", CGCS2000),
            ("streets/shanghai_city_boundary", CGCS2000),
        ],
    )
    def test_real_files_pass(self, sample_data, name, declared):
        text = (sample_data / f"{name}.geojson").read_text("utf-8")
        verdict = judge_numbers(positions(json.loads(text)), declared)
        assert verdict.possible
        assert verdict.outliers == 0

    def test_a_few_stray_rows_do_not_condemn_a_file_and_are_counted(self):
        numbers = np.concatenate([around(*SHANGHAI), [(0.0, 0.0), (31.2, 121.5), (np.nan, 31.2)]])
        verdict = judge_numbers(numbers, CGCS2000)
        assert verdict.possible
        assert verdict.outliers == 3

    def test_a_file_for_somewhere_else_passes_and_is_marked_far(self):
        verdict = judge_numbers(around(114.05, 22.54), WGS84, expected=(121.4, 31.1, 121.6, 31.3))
        assert verdict.possible
        assert verdict.far


class TestWrongOnesAreNamed:
    @pytest.mark.parametrize(
        ("numbers", "declared", "fault", "instead"),
        [
            (around(*SHANGHAI)[:, ::-1], WGS84, Fault.SWAPPED_AXES, "EPSG:4326"),
            (around(*SHANGHAI)[:, ::-1], GCJ02, Fault.SWAPPED_AXES, "GCJ-02"),
            (around(87.6, 43.8)[:, ::-1], CGCS2000, Fault.SWAPPED_AXES, "EPSG:4490"),
            (numbers_in(ZONE_40, *SHANGHAI)[:, ::-1], ZONE_40, Fault.SWAPPED_AXES, "EPSG:4528"),
            (numbers_in(MERIDIAN_120, *SHANGHAI)[:, ::-1], MERIDIAN_120, Fault.SWAPPED_AXES, "EPSG:4549"),
            (numbers_in(WEB_MERCATOR, *SHANGHAI), WGS84, Fault.WEB_MERCATOR_NUMBERS, "EPSG:3857"),
            (numbers_in(WEB_MERCATOR, *SHANGHAI), BD09, Fault.WEB_MERCATOR_NUMBERS, "EPSG:3857"),
            (numbers_in(WEB_MERCATOR, *SHANGHAI), MERIDIAN_120, Fault.WEB_MERCATOR_NUMBERS, "EPSG:3857"),
            (numbers_in(WEB_MERCATOR, *SHANGHAI), ZONE_40, Fault.WEB_MERCATOR_NUMBERS, "EPSG:3857"),
            (numbers_in(WEB_MERCATOR, 14.41, 50.1), WGS84, Fault.WEB_MERCATOR_NUMBERS, "EPSG:3857"),
            (numbers_in(ZONE_40, *SHANGHAI), WGS84, Fault.METRES_AS_DEGREES, "EPSG:4528"),
            (numbers_in(ZONE_40, *SHANGHAI)[:, ::-1], WGS84, Fault.METRES_AS_DEGREES, "EPSG:4528"),
            (numbers_in(ZONE_40, *SHANGHAI), WEB_MERCATOR, Fault.OTHER_PROJECTION, "EPSG:4528"),
            (numbers_in(ZONE_40, *SHANGHAI), MERIDIAN_120, Fault.WRONG_ZONE, "EPSG:4528"),
            (numbers_in(ZONE_40, *SHANGHAI), coordinate_system("EPSG:4526"), Fault.WRONG_ZONE, "EPSG:4528"),
            (numbers_in(MERIDIAN_120, *SHANGHAI), ZONE_40, Fault.WRONG_ZONE, "EPSG:4534"),
            (around(*SHANGHAI), ZONE_40, Fault.DEGREES_AS_METRES, "EPSG:4326"),
            (around(*SHANGHAI), WEB_MERCATOR, Fault.DEGREES_AS_METRES, "EPSG:4326"),
            (around(24.94, 60.17), CGCS2000, Fault.OUTSIDE_AREA, "EPSG:4326"),
            (around(24.94, 60.17), GCJ02, Fault.OUTSIDE_AREA, "EPSG:4326"),
            (np.full((3, 2), np.nan), WGS84, Fault.NOT_NUMBERS, None),
            (np.empty((0, 2)), WGS84, Fault.NOT_NUMBERS, None),
            (np.full((3, 2), 1e12), WGS84, Fault.OUTSIDE_AREA, None),
        ],
    )
    def test_by_what_they_are(self, numbers, declared, fault, instead):
        verdict = judge_numbers(numbers, declared)
        assert verdict.fault is fault
        assert instead in (*verdict.instead, None)

    @given(in_china.filter(lambda place: place[0] > 91), st.sampled_from([WGS84, CGCS2000, GCJ02, BD09]))
    def test_swapped_axes_anywhere_in_eastern_china(self, place, system):
        assert judge_numbers(numbers_in(system, *place)[:, ::-1], system).fault is Fault.SWAPPED_AXES

    @given(in_china)
    def test_degrees_in_the_west_swapped_are_seen_where_only_china_is_possible(self, place):
        assert judge_numbers(around(*place)[:, ::-1], CGCS2000).fault is Fault.SWAPPED_AXES or place[1] > 72

    def test_swapped_helsinki_is_seen_when_helsinki_is_expected(self):
        swapped = around(24.94, 60.17)[:, ::-1]
        assert judge_numbers(swapped, WGS84).possible
        verdict = judge_numbers(swapped, WGS84, expected=(24.9, 60.1, 25.0, 60.2))
        assert verdict.fault is Fault.SWAPPED_AXES

    def test_a_wrong_meridian_is_seen_when_the_place_is_known(self):
        numbers = numbers_in(MERIDIAN_120, *SHANGHAI)
        declared = coordinate_system("EPSG:4547")
        assert judge_numbers(numbers, declared).possible
        verdict = judge_numbers(numbers, declared, expected=(121.4, 31.1, 121.6, 31.3))
        assert verdict.fault is Fault.WRONG_ZONE
        assert verdict.instead[0] == "EPSG:4549"

    def test_the_reason_shows_a_number_of_the_file(self):
        verdict = judge_numbers([(121.47, 31.23)], ZONE_40)
        assert "(121.47, 31.23)" in str(verdict.reason)
        assert "EPSG:4326" in str(verdict.reason)

    @pytest.mark.sample_data
    def test_prague_under_the_name_of_degrees(self, sample_data):
        pyogrio = pytest.importorskip("pyogrio")
        path = sample_data / "streets" / "prague_bubenec_epsg3857.gpkg"
        geometries = shapely.from_wkb(pyogrio.raw.read(path, layer="buildings")[2])
        assert judge_geometries(geometries, WEB_MERCATOR).possible
        assert judge_geometries(geometries, WGS84).fault is Fault.WEB_MERCATOR_NUMBERS
        assert judge_geometries(geometries, MERIDIAN_120).fault is Fault.WEB_MERCATOR_NUMBERS


def positions(collection: dict) -> np.ndarray:
    """Every longitude and latitude of a GeoJSON collection; some of its rings are too short for shapely."""

    def walk(nested):
        if nested and isinstance(nested[0], int | float):
            yield nested[:2]
        else:
            for inner in nested:
                yield from walk(inner)

    found = [
        position for each in collection["features"] for position in walk(each["geometry"]["coordinates"])
    ]
    return np.array(found, dtype=float)
