"""Outlines from files: what is repaired, what is refused, and that nothing is repaired silently."""

import collections
import json

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from gis.errors import NotLonLat
from gis.flat_frame import FlatFrame, metres_per_degree
from gis.footprint import BrokenRing, Note, Repair, joined, outline_of_rings, point_inside, repaired
from gis.measure import area_m2
from tests.gis.shapes import Placed, footprints

FRAME = FlatFrame(114.4, 30.5, *metres_per_degree(30.5))
SQUARE = [[114.0, 22.0], [114.001, 22.0], [114.001, 22.001], [114.0, 22.001], [114.0, 22.0]]


def lonlat(shape):
    return FRAME.lonlat_geometry(shape)


def what(outline) -> list[Repair]:
    return [note.repair for note in outline.notes]


class TestRepair:
    @given(footprints())
    def test_a_valid_outline_is_left_alone(self, placed: Placed):
        assume(placed.lonlat.is_valid)
        assert repaired(placed.lonlat).geometry is not None
        assert repaired(placed.lonlat).geometry.equals(placed.lonlat)
        assert repaired(placed.lonlat).notes == ()

    def test_a_good_ring_needs_no_note(self):
        assert outline_of_rings([SQUARE]).notes == ()

    def test_an_open_ring_is_closed(self):
        outline = outline_of_rings([SQUARE[:-1]])
        assert what(outline) == [Repair.CLOSED]
        assert outline.geometry.equals(shapely.Polygon(SQUARE))

    def test_repeated_points_are_dropped_and_counted(self):
        outline = outline_of_rings([[SQUARE[0], SQUARE[0], *SQUARE[1:], SQUARE[0]]])
        assert outline.notes == (Note(Repair.REPEATED_POINTS_DROPPED, 2),)

    def test_a_figure_of_eight_falls_into_two(self):
        eight = [[114.0, 22.0], [114.001, 22.001], [114.001, 22.0], [114.0, 22.001], [114.0, 22.0]]
        outline = outline_of_rings([eight])
        assert what(outline) == [Repair.UNTANGLED]
        assert len(outline.geometry.geoms) == 2
        assert outline.notes[0].changed_m2 > 1000

    def test_a_spike_is_cut_off(self):
        spike = [*SQUARE[:2], [114.002, 22.0], [114.001, 22.0], *SQUARE[2:]]
        outline = outline_of_rings([spike])
        assert what(outline) == [Repair.UNTANGLED]
        assert area_m2(outline.geometry) == pytest.approx(area_m2(shapely.Polygon(SQUARE)), rel=1e-6)
        assert outline.notes[0].changed_m2 == 0.0

    def test_heights_are_dropped_with_a_note(self):
        assert what(repaired(shapely.force_3d(shapely.Polygon(SQUARE), 5.0))) == [Repair.HEIGHTS_DROPPED]

    def test_positions_may_carry_heights_in_a_file(self):
        assert not outline_of_rings([[[*position, 3.0] for position in SQUARE]]).geometry.has_z

    def test_a_hole_of_two_points_is_dropped(self):
        outline = outline_of_rings([SQUARE, [[114.0002, 22.0002], [114.0003, 22.0003]]])
        assert Repair.HOLE_DROPPED in what(outline)
        assert not outline.geometry.interiors

    @given(st.lists(st.tuples(st.floats(0, 0.01), st.floats(0, 0.01)), min_size=3, max_size=14))
    def test_any_ring_becomes_valid_or_is_refused_by_name(self, ring):
        try:
            outline = outline_of_rings([ring])
        except BrokenRing:
            return
        assert outline.geometry.is_valid
        assert area_m2(outline.geometry) > 0

    @pytest.mark.parametrize(
        ("rings", "wrong"),
        [
            ([], "without rings"),
            ([[]], "needs three"),
            ([[[114, 22], [114.1, 22]]], "needs three"),
            ([[[114, 22], [114.1, 22], [114.2, 22], [114, 22]]], "without area"),
            ([[[114, 22], [float("nan"), 22], [114.2, 23]]], "no numbers"),
            ([[[114], [115], [116]]], "list of positions"),
            ([[["a", "b"], ["c", "d"], ["e", "f"]]], "list of positions"),
            ([[None, None, None]], "list of positions"),
        ],
    )
    def test_what_is_no_ring_is_refused_by_name(self, rings, wrong):
        with pytest.raises(BrokenRing, match=wrong):
            outline_of_rings(rings)

    @pytest.mark.parametrize(
        "thing", [shapely.Point(1, 1), shapely.Polygon(), shapely.LineString([(0, 0), (1, 1)])]
    )
    def test_what_is_no_area_is_refused(self, thing):
        with pytest.raises(BrokenRing, match="give a Polygon"):
            repaired(thing)

    def test_metres_are_refused(self):
        with pytest.raises(NotLonLat):
            repaired(shapely.box(500_000, 2_500_000, 500_010, 2_500_010))


class TestJoining:
    @given(footprints(("slab", "L", "U", "T", "courtyard", "jogged")), st.floats(0.2, 0.8))
    def test_what_a_tiles_edge_cut_apart_grows_together(self, placed: Placed, at: float):
        shape = placed.lonlat
        assume(shape.is_valid)
        west, south, east, north = shape.bounds
        seam = west + (east - west) * at
        halves = [
            part
            for half in (shapely.box(west, south, seam, north), shapely.box(seam, south, east, north))
            for part in shapely.get_parts(shape.intersection(half))
        ]
        outline = joined([half for half in halves if isinstance(half, shapely.Polygon)])
        assert isinstance(outline.geometry, shapely.Polygon)
        frame = FlatFrame.around(shape)
        changed = (
            frame.metre_geometry(outline.geometry).symmetric_difference(frame.metre_geometry(shape)).area
        )
        assert changed < 0.01 * shape.length * frame.metres_north + 0.01

    def test_a_gap_of_a_hand_is_closed(self):
        left, right = shapely.box(0, 0, 10, 12), shapely.box(10.15, 0, 20, 12)
        outline = joined([lonlat(left), lonlat(right)])
        assert isinstance(outline.geometry, shapely.Polygon)
        assert outline.notes == (Note(Repair.JOINED, 2, 1.8),)

    def test_pieces_that_lie_apart_stay_apart(self):
        outline = joined([lonlat(shapely.box(0, 0, 10, 12)), lonlat(shapely.box(12, 0, 20, 12))])
        assert len(outline.geometry.geoms) == 2
        assert outline.notes[0].changed_m2 == 0.0

    def test_a_piece_that_comes_twice_counts_once(self):
        piece = lonlat(shapely.box(0, 0, 10, 12))
        outline = joined([piece, shapely.Polygon(piece.reverse().exterior.coords)])
        assert outline.notes == (Note(Repair.REPEATED_PIECES_DROPPED, 1),)
        assert outline.geometry == piece

    def test_no_pieces_are_refused(self):
        with pytest.raises(BrokenRing, match="no pieces"):
            joined([])

    @pytest.mark.sample_data
    def test_the_tile_cut_set_of_wuhan_is_joined_to_its_ids(self, sample_data):
        path = sample_data / "buildings" / "wuhan_optics_valley_osm_height_tilecut.geojson"
        pieces = collections.defaultdict(list)
        only_labels = set()
        for feature in json.loads(path.read_text("utf-8"))["features"]:
            identity = feature["properties"]["id"]
            if feature["geometry"]["type"] == "Point":
                only_labels.add(identity)
            else:
                pieces[identity].append(outline_of_rings(feature["geometry"]["coordinates"]).geometry)
        outlines = {identity: joined(parts) for identity, parts in pieces.items()}
        assert len(outlines) + len(only_labels - outlines.keys()) == 239
        assert all(isinstance(outline.geometry, shapely.Polygon) for outline in outlines.values())
        assert sum(Repair.JOINED in what(outline) for outline in outlines.values()) == 4
        assert sum(Repair.REPEATED_PIECES_DROPPED in what(outline) for outline in outlines.values()) == 24


class TestPointInside:
    @given(footprints())
    def test_it_is_inside(self, placed: Placed):
        assume(placed.lonlat.is_valid)
        assert placed.lonlat.contains(point_inside(placed.lonlat))

    def test_it_is_not_in_the_yard(self):
        court = shapely.box(0, 0, 30, 30).difference(shapely.box(5, 5, 25, 25))
        assert court.contains(point_inside(court))

    def test_nothing_has_no_inside(self):
        with pytest.raises(BrokenRing, match="no inside"):
            point_inside(shapely.Polygon())


@pytest.mark.sample_data
@pytest.mark.parametrize(
    ("name", "whole", "repairs"),
    [("kawasaki_height_wgs84", 1374, 3), ("shenzhen_nanshan_height_wgs84", 5438, 3)],
)
def test_a_real_district_needs_few_repairs_and_loses_nothing(sample_data, name, whole, repairs):
    features = json.loads((sample_data / "buildings" / f"{name}.geojson").read_text("utf-8"))["features"]
    outlines = [outline_of_rings(feature["geometry"]["coordinates"]) for feature in features]
    assert len(outlines) == whole
    assert sum(Repair.UNTANGLED in what(outline) for outline in outlines) == repairs
    assert np.all(shapely.is_valid([outline.geometry for outline in outlines]))
