"""Coordinate systems: what people write, and where places land, against published values."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from gis.crs import (
    ACCEPTED,
    BD09,
    CGCS2000,
    GCJ02,
    WEB_MERCATOR,
    WGS84,
    Kind,
    UnknownSystem,
    coordinate_system,
    gauss_kruger_zone,
)
from gis.measure import distances_m

in_china = st.tuples(st.floats(75, 134), st.floats(18, 53))


def metres_apart(one, other) -> float:
    return float(np.max(distances_m(*one, *other)))


class TestNames:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("EPSG:4326", "EPSG:4326"),
            ("wgs 84", "EPSG:4326"),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
            ("EPSG:4490", "EPSG:4490"),
            ("4490", "EPSG:4490"),
            ("CGCS2000", "EPSG:4490"),
            ("国家2000", "EPSG:4490"),
            ("GCJ-02", "GCJ-02"),
            ("gcj02", "GCJ-02"),
            ("火星坐标系", "GCJ-02"),
            ("BD09", "BD-09"),
            ("ＢＤ－０９", "BD-09"),
            ("EPSG:900913", "EPSG:3857"),
            ("Web Mercator", "EPSG:3857"),
            ("CGCS2000 / 3-degree GK zone 40", "EPSG:4528"),
            ("CGCS2000 / 3-degree Gauss-Kruger zone 38", "EPSG:4526"),
            ("CGCS2000_3_Degree_GK_CM_120E", "EPSG:4549"),
            ("CGCS2000_3_Degree_GK_Zone_25", "EPSG:4513"),
            ("CGCS2000 / Gauss-Kruger CM 117E", "EPSG:4509"),
            ("CGCS2000_GK_Zone_20", "EPSG:4498"),
            ("CGCS2000 GK CM 120E", "EPSG:4549"),
            ("CGCS2000 3度带高斯克吕格 中央子午线120度", "EPSG:4549"),
            ("CGCS2000 三度带 第40带", "EPSG:4528"),
            ("urn:ogc:def:crs:EPSG::4549", "EPSG:4549"),
            ("http://www.opengis.net/def/crs/EPSG/0/4490", "EPSG:4490"),
            ("EPSG:28992", "EPSG:28992"),
        ],
    )
    def test_what_people_write_is_understood(self, text, code):
        assert coordinate_system(text).code == code

    @pytest.mark.parametrize("number", range(4491, 4555))
    def test_every_gauss_kruger_system_is_found_by_its_number_and_by_its_name(self, number):
        name = CRS.from_epsg(number).name
        assert coordinate_system(f"EPSG:{number}").name == name
        assert coordinate_system(name).code == f"EPSG:{number}"

    def test_a_definition_of_a_shapefile_is_understood(self):
        definition = CRS.from_epsg(4528).to_wkt("WKT1_ESRI")
        assert coordinate_system(definition).code == "EPSG:4528"

    def test_of_a_system_with_heights_the_plan_is_taken(self):
        assert coordinate_system("EPSG:7415").kind is Kind.PROJECTED

    @pytest.mark.parametrize(
        "text", ["", "  ", "hello", "EPSG:99999", "EPSG:5773", "EPSG:4978", "BD09MC", "GEOGCS[broken", "40"]
    )
    def test_what_names_no_system_is_refused_with_what_is_accepted(self, text):
        with pytest.raises(UnknownSystem) as refusal:
            coordinate_system(text)
        assert str(ACCEPTED) in str(refusal.value)

    def test_a_zone_that_is_not_there_is_refused(self):
        with pytest.raises(UnknownSystem, match="China has 25 to 45"):
            coordinate_system("CGCS2000 / 3-degree GK zone 60")

    def test_zones_and_meridians_are_known(self):
        assert gauss_kruger_zone(coordinate_system("EPSG:4528")) == (40, 120.0)
        assert gauss_kruger_zone(coordinate_system("EPSG:4549")) == (None, 120.0)
        assert gauss_kruger_zone(coordinate_system("EPSG:4498")) == (20, 117.0)
        assert gauss_kruger_zone(CGCS2000) is None


class TestPlaces:
    @pytest.mark.sample_data
    def test_eighty_places_agree_with_the_map_services(self, sample_data):
        pairs = json.loads((sample_data / "coords" / "wgs84_gcj02_bd09_pairs.json").read_text("utf-8"))[
            "pairs"
        ]
        assert len(pairs) == 80
        wgs, gcj, bd, mercator = (
            np.array([pair[name] for pair in pairs]).T for name in ("WGS84", "GCJ02", "BD09", "EPSG3857")
        )
        assert metres_apart(GCJ02.from_lonlat(*wgs), gcj) < 1.0
        assert metres_apart(GCJ02.to_lonlat(*gcj), wgs) < 1.0
        assert metres_apart(BD09.from_lonlat(*wgs), bd) < 1.0
        assert metres_apart(BD09.to_lonlat(*bd), wgs) < 1.0
        as_baidu = BD09.from_lonlat(*GCJ02.to_lonlat(*gcj))
        assert metres_apart(as_baidu, bd) < 0.05
        as_amap = GCJ02.from_lonlat(*BD09.to_lonlat(*bd))
        assert metres_apart(as_amap, gcj) < 0.05
        assert np.array(WEB_MERCATOR.from_lonlat(*wgs)) == pytest.approx(mercator, abs=0.01)

    @pytest.mark.parametrize(
        ("place", "shifted"),
        [  # googollee/eviltransform's own test vectors (MIT)
            ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
            ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
            ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        ],
    )
    def test_the_polynomial_is_the_published_one(self, place, shifted):
        assert np.array(GCJ02.from_lonlat(*place)) == pytest.approx(np.array(shifted), abs=1e-12)

    @given(st.sampled_from([GCJ02, BD09]), in_china)
    def test_there_and_back_is_the_same_place_to_a_millimetre(self, system, place):
        assert metres_apart(system.to_lonlat(*system.from_lonlat(*place)), place) < 1e-3

    @given(in_china)
    def test_the_shift_is_there_and_below_a_kilometre(self, place):
        assert 10 < metres_apart(GCJ02.from_lonlat(*place), place) < 1000

    @pytest.mark.parametrize(
        "place", [(24.94, 60.17), (139.7, 35.5), (0.0, 0.0), (-122.4, 37.8), (183.0, 45.0)]
    )
    def test_outside_china_nothing_is_shifted(self, place):
        assert np.array(GCJ02.from_lonlat(*place)).tolist() == list(place)

    @given(
        st.sampled_from([4491, 4498, 4512, 4513, 4528, 4534, 4547, 4554]),
        st.floats(-1.4, 1.4),
        st.floats(18, 50),
    )
    def test_gauss_kruger_agrees_with_its_formula(self, number, beside, lat):
        """Krüger's series to the sixth power of the longitude, good to a centimetre so near the meridian."""
        system = coordinate_system(f"EPSG:{number}")
        zone, meridian = gauss_kruger_zone(system)
        x, y = system.from_lonlat(meridian + beside, lat)
        east, north = gauss_kruger_by_hand(np.radians(beside), np.radians(lat))
        assert float(x) == pytest.approx(east + 500_000 + (zone or 0) * 1e6, abs=0.01)
        assert float(y) == pytest.approx(north, abs=0.01)

    def test_cgcs2000_and_wgs84_are_one_on_a_map(self):
        assert metres_apart(CGCS2000.to_lonlat(121.5, 31.2), (121.5, 31.2)) < 1.5

    def test_columns_of_any_shape_and_nothing_at_all_go_through(self):
        assert GCJ02.to_lonlat(np.full((2, 3), 121.5), np.full((2, 3), 31.2))[0].shape == (2, 3)
        for system in (GCJ02, BD09, WEB_MERCATOR):
            assert system.to_lonlat(np.array([]), np.array([]))[0].shape == (0,)

    def test_input_is_left_as_it_was(self):
        lon = np.array([121.5])
        for system in (WGS84, CGCS2000, GCJ02, BD09, WEB_MERCATOR):
            system.from_lonlat(lon, np.array([31.2]))
        assert lon.tolist() == [121.5]

    def test_geometries_move_whole_with_their_heights(self):
        shape = shapely.Polygon([(121.5, 31.2, 9.0), (121.501, 31.2, 9.0), (121.501, 31.201, 9.0)])
        there = coordinate_system("EPSG:4549").geometry_from_lonlat(shape)
        assert there.exterior.coords[0][2] == 9.0
        back = coordinate_system("EPSG:4549").lonlat_geometry(there)
        assert back.equals_exact(shape, 1e-9)

    @pytest.mark.sample_data
    def test_prague_in_web_mercator_lands_in_prague(self, sample_data):
        pyogrio = pytest.importorskip("pyogrio")
        path = sample_data / "streets" / "prague_bubenec_epsg3857.gpkg"
        west, south, east, north = pyogrio.read_info(path, layer="buildings")["total_bounds"]
        lon, lat = WEB_MERCATOR.to_lonlat([west, east], [south, north])
        assert lon == pytest.approx(14.41, abs=0.05)
        assert lat == pytest.approx(50.10, abs=0.05)


def test_areas_of_use_say_who_is_in():
    zone_40 = coordinate_system("EPSG:4528")
    assert zone_40.in_area([121.4, 114.0], [31.2, 22.5]).tolist() == [True, False]
    assert CGCS2000.in_area(112.3, 16.8)
    assert not CGCS2000.in_area(24.9, 60.2)


def gauss_kruger_by_hand(beside: float, lat: float) -> tuple[float, float]:
    """Easting without its 500 km, and northing, in metres on CGCS2000; beside: radians from the meridian."""
    a, f = 6378137.0, 1 / 298.257222101
    e2 = f * (2 - f)
    second = e2 / (1 - e2)
    n = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    t, eta = np.tan(lat), second * np.cos(lat) ** 2
    d = beside * np.cos(lat)
    east = n * (
        d + d**3 / 6 * (1 - t**2 + eta) + d**5 / 120 * (5 - 18 * t**2 + t**4 + 14 * eta - 58 * eta * t**2)
    )
    rise = d**2 / 2 + d**4 / 24 * (5 - t**2 + 9 * eta + 4 * eta**2)
    rise += d**6 / 720 * (61 - 58 * t**2 + t**4)
    arc = np.linspace(0.0, lat, 20001)
    meridian = np.trapezoid(a * (1 - e2) / (1 - e2 * np.sin(arc) ** 2) ** 1.5, arc)
    return float(east), float(meridian + n * t * rise)


def test_the_hand_made_formula_is_itself_right():
    """So that the two do not share a mistake: against PROJ's own tmerc given its numbers by hand."""
    proj = Transformer.from_crs(
        "+proj=longlat +a=6378137 +rf=298.257222101 +no_defs",
        "+proj=tmerc +lon_0=120 +a=6378137 +rf=298.257222101 +no_defs",
        always_xy=True,
    )
    x, y = proj.transform(121.2, 31.2)
    assert gauss_kruger_by_hand(np.radians(1.2), np.radians(31.2)) == pytest.approx((x, y), abs=0.005)
