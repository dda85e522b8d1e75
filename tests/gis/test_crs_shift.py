"""The GCJ-02 shift, judged on a real district and on a drawn one."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.affinity import translate

from gis.crs import BD09, GCJ02, WGS84
from gis.crs_shift import judge_shift, reread
from gis.footprint import outline_of_rings

METRE = 1e-5


def town(lon: float = 114.0, lat: float = 22.5) -> tuple[np.ndarray, np.ndarray]:
    """Blocks of 80 m between streets 16 m wide, and the middle lines of the streets; 1.5 km across."""
    step, block = 96 * METRE, 80 * METRE
    corners = [(lon + i * step, lat + j * step) for i in range(16) for j in range(16)]
    blocks = [shapely.box(x, y, x + block, y + block) for x, y in corners]
    reach = 16 * step
    middles = [lon + i * step - 8 * METRE for i in range(17)]
    lines = [shapely.LineString([(x, lat), (x, lat + reach)]) for x in middles]
    return np.array(blocks), np.array(lines)


def shifted(geometries, by) -> np.ndarray:
    """What a file holds that was drawn on a shifted map and is taken for WGS 84."""
    return by.geometry_from_lonlat(np.asarray(geometries))


class TestTown:
    def test_layers_that_agree_agree(self):
        blocks, lines = town()
        verdict = judge_shift(blocks, lines)
        assert verdict.agrees
        assert verdict.system == WGS84

    @pytest.mark.parametrize("system", [GCJ02, BD09])
    def test_a_shift_is_named(self, system):
        blocks, lines = town()
        verdict = judge_shift(shifted(blocks, system), lines)
        assert verdict.agrees is False
        assert verdict.system == system

    @pytest.mark.parametrize("system", [GCJ02, BD09])
    def test_roads_are_judged_by_known_buildings_too(self, system):
        blocks, lines = town()
        assert judge_shift(shifted(lines, system), blocks).system == system

    def test_what_was_corrected_for_nothing_is_named(self):
        blocks, lines = town()
        corrected = GCJ02.lonlat_geometry(blocks)
        verdict = judge_shift(corrected, lines, declared=GCJ02)
        assert verdict.system == WGS84
        assert verdict.agrees is False

    def test_the_same_houses_known_already_decide(self):
        blocks, _ = town()
        drawn_again = np.array([translate(block, METRE, -METRE) for block in blocks])
        assert judge_shift(drawn_again, blocks).agrees
        assert judge_shift(shifted(drawn_again, GCJ02), blocks).system == GCJ02

    def test_rereading_puts_it_right(self):
        blocks, _ = town()
        again = reread(shifted(blocks, GCJ02), WGS84, GCJ02)
        assert shapely.equals_exact(again, blocks, 1e-8).all()

    @pytest.mark.parametrize("few", [0, 5])
    def test_too_few_buildings_cannot_be_judged(self, few):
        blocks, lines = town()
        verdict = judge_shift(blocks[:few], lines)
        assert verdict.system is None
        assert verdict.agrees is None
        assert str(verdict.reason)

    def test_a_reference_far_away_cannot_judge(self):
        blocks, _ = town()
        _, lines = town(lon=115.0)
        assert judge_shift(blocks, lines).agrees is None

    def test_roads_against_roads_cannot_be_judged(self):
        _, lines = town()
        assert judge_shift(lines, lines).agrees is None

    def test_layers_that_never_agree_cannot_be_judged(self):
        """Roads drawn straight through the houses; no shift explains that."""
        blocks, lines = town()
        through = np.array([translate(line, 40 * METRE, 0) for line in lines])
        assert judge_shift(blocks, np.concatenate([through, lines])).agrees is None

    def test_outside_china_there_is_nothing_to_judge(self):
        blocks, lines = town(24.9, 60.1)
        assert judge_shift(blocks, lines).agrees in (None, True)


@cache
def shenzhen(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Buildings and roads of Nanshan."""
    text = (folder / "buildings" / "shenzhen_nanshan_height_wgs84.geojson").read_text("utf-8")
    buildings = [
        outline_of_rings(f["geometry"]["coordinates"]).geometry for f in json.loads(text)["features"]
    ]
    roads = []
    for kind in ("primary", "secondary", "residential"):
        text = (folder / "streets" / f"shenzhen_nanshan_osm_{kind}.geojson").read_text("utf-8")
        collection = shapely.from_geojson(text)
        roads += [part for each in shapely.get_parts(collection) for part in shapely.get_parts(each)]
    return np.array(buildings), np.array(roads)


@pytest.mark.sample_data
class TestShenzhen:
    @pytest.fixture
    def district(self, sample_data) -> tuple[np.ndarray, np.ndarray]:
        return shenzhen(sample_data)

    def test_the_real_layers_agree(self, district):
        verdict = judge_shift(*district)
        assert verdict.agrees
        assert verdict.overlaps["EPSG:4326"] == pytest.approx(0.004, abs=0.001)
        assert min(verdict.overlaps["GCJ-02"], verdict.overlaps["BD-09"]) > 0.08

    @pytest.mark.parametrize("system", [GCJ02, BD09])
    def test_the_shifted_district_is_named(self, district, system):
        buildings, roads = district
        assert judge_shift(shifted(buildings, system), roads).system == system

    def test_a_neighbourhood_is_judged_right_or_not_at_all(self, district):
        buildings, roads = district
        centres = shapely.get_coordinates(shapely.centroid(buildings))
        judged = 0
        for west, south in [(113.92, 22.505), (113.93, 22.51), (113.935, 22.515), (113.925, 22.52)]:
            near = (centres >= (west, south)).all(axis=1) & (centres < (west + 0.012, south + 0.012)).all(
                axis=1
            )
            for really in (WGS84, GCJ02, BD09):
                verdict = judge_shift(shifted(buildings[near], really), roads)
                assert verdict.system in (None, really)
                judged += verdict.system is not None
        assert judged >= 6
