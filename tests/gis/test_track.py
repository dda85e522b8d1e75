"""Patrol tracks: what counts, how far it was, and that standing is no distance."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.flat_frame import FlatFrame, metres_per_degree
from gis.track import KEPT_REASONS, Fixes, Reason, TrackRules, clean, simplified
from gis.track.fixes import UnequalColumns

FRAME = FlatFrame(121.47, 31.23, *metres_per_degree(31.23))
NINE_O_CLOCK = 1_767_315_600.0
A_DAY = (NINE_O_CLOCK - 43_200, NINE_O_CLOCK + 43_200)


def fixes(places, every_s: float = 5.0, accuracy_m=8.0, begin: float = NINE_O_CLOCK, **more) -> Fixes:
    """Fixes at places (n, 2) in metres."""
    lonlat = FRAME.to_lonlat(places)
    at = begin + every_s * np.arange(len(lonlat))
    return Fixes.of(at, *lonlat.T, np.broadcast_to(accuracy_m, len(lonlat)), **more)


def straight(metres: float, speed: float = 1.2, every_s: float = 5.0) -> np.ndarray:
    along = np.arange(0, metres + 1e-9, speed * every_s)
    return np.column_stack([along, np.zeros(len(along))])


def around_a_block(side: float, rounds: int, speed: float = 1.2, every_s: float = 5.0) -> np.ndarray:
    along = np.arange(0, rounds * 4 * side, speed * every_s) % (4 * side)
    corners = np.array([(0, 0), (side, 0), (side, side), (0, side), (0, 0)])
    return np.column_stack([np.interp(along, side * np.arange(5), corners[:, i]) for i in (0, 1)])


def noise(count: int, sigma_m: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, sigma_m, (count, 2))


def drift(count: int, every_s: float, sigma_m: float, memory_s: float, seed: int = 0) -> np.ndarray:
    """The way a phone's position wanders between walls: the same size as noise, but slowly."""
    kept = np.exp(-every_s / memory_s)
    steps = noise(count, sigma_m * np.sqrt(1 - kept**2), seed)
    steps[0] *= 1 / np.sqrt(1 - kept**2)
    for index in range(1, count):
        steps[index] += kept * steps[index - 1]
    return steps


class TestStanding:
    @pytest.mark.parametrize("every_s", [1.0, 5.0, 10.0, 30.0])
    @pytest.mark.parametrize("sigma_m", [3.0, 5.0, 8.0])
    def test_eight_hours_of_noise_are_no_walk(self, every_s, sigma_m):
        count = int(8 * 3600 / every_s)
        track = clean(fixes(noise(count, sigma_m), every_s))
        assert track.distance_m < 100
        assert track.stayed_s > 7.9 * 3600

    @pytest.mark.parametrize("every_s", [5.0, 30.0])
    def test_a_phone_that_says_how_wrong_it_is_may_be_twice_as_wrong(self, every_s):
        count = int(8 * 3600 / every_s)
        assert clean(fixes(noise(count, 14.0), every_s, accuracy_m=25.0)).distance_m < 100

    @pytest.mark.parametrize("every_s", [1.0, 10.0])
    @pytest.mark.parametrize("memory_s", [20.0, 60.0, 300.0])
    @pytest.mark.parametrize("seed", [1, 2])
    def test_eight_hours_of_wandering_are_no_walk(self, every_s, memory_s, seed):
        count = int(8 * 3600 / every_s)
        assert clean(fixes(drift(count, every_s, 7.0, memory_s, seed), every_s)).distance_m < 100

    def test_a_stop_between_two_walks_is_a_stay_of_its_own(self):
        there = straight(300)
        stop = np.tile(there[-1], (60, 1)) + noise(60, 3)
        track = clean(fixes(np.concatenate([there, stop, there[-1] + straight(300)])))
        assert [stretch.staying for stretch in track.stretches] == [False, True, False]
        assert track.distance_m == pytest.approx(600, rel=0.1)
        assert track.stayed_s == pytest.approx(300, abs=60)

    def test_waiting_at_a_light_is_part_of_the_way(self):
        there = straight(300)
        track = clean(fixes(np.concatenate([there, np.tile(there[-1], (8, 1)), there[-1] + straight(300)])))
        assert [stretch.staying for stretch in track.stretches] == [False]

    def test_one_fix_is_a_place_and_no_distance(self):
        track = clean(fixes([(0, 0)]))
        assert track.distance_m == 0
        assert track.stretches[0].line.length == 0


class TestWalking:
    @pytest.mark.parametrize("every_s", [1.0, 5.0, 15.0])
    def test_a_straight_way_is_measured(self, every_s):
        assert clean(fixes(straight(1000, every_s=every_s), every_s)).distance_m == pytest.approx(
            1000, rel=0.02
        )

    @pytest.mark.parametrize(("side", "within"), [(40, 0.15), (100, 0.06), (300, 0.03)])
    def test_rounds_about_a_block_are_measured(self, side, within):
        track = clean(fixes(around_a_block(side, rounds=10)))
        assert track.distance_m == pytest.approx(40 * side, rel=within)

    def test_noise_on_the_way_adds_little(self):
        way = around_a_block(150, rounds=4, every_s=1.0)
        track = clean(fixes(way + drift(len(way), 1.0, 5.0, 60.0), 1.0))
        assert track.distance_m == pytest.approx(2400, rel=0.1)

    @given(st.floats(0, 6.28), st.floats(0.5, 2.5), st.sampled_from([1.0, 5.0, 15.0, 60.0]))
    def test_neither_direction_nor_speed_nor_interval_matter(self, turn, speed, every_s):
        way = straight(900, speed, every_s) @ np.array(
            [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
        )
        walked = float(np.hypot(*(way[-1] - way[0])))
        assert clean(fixes(way, every_s)).distance_m == pytest.approx(walked, rel=0.02)

    def test_slower_than_a_stroll_is_standing(self):
        assert clean(fixes(straight(100, speed=0.1))).distance_m == 0

    def test_an_hour_of_patrol_is_walked_and_stayed_in_full(self):
        stops = [np.tile((200.0 * n, 0.0), (36, 1)) for n in range(1, 6)]
        ways = [straight(200) + np.array([200.0 * n, 0.0]) for n in range(5)]
        track = clean(
            fixes(np.concatenate([part for pair in zip(ways, stops, strict=True) for part in pair]))
        )
        assert track.distance_m == pytest.approx(1000, rel=0.1)
        assert track.walked_s + track.stayed_s == pytest.approx(track.stretches[-1].ended_at - NINE_O_CLOCK)


class TestReasons:
    def marked(self, places, row: int, **changes) -> Reason | None:
        columns = vars(fixes(places)).copy()
        for name, value in changes.items():
            columns[name] = columns[name].copy()
            columns[name][row] = value
        return clean(Fixes(**columns), shift=A_DAY, clock=A_DAY).reasons[row]

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({}, None),
            ({"lon": 0.0, "lat": 0.0}, Reason.NULL_ISLAND),
            ({"lon": np.nan}, Reason.NULL_ISLAND),
            ({"lat": 95.0}, Reason.NULL_ISLAND),
            ({"mocked": True}, Reason.MOCKED),
            ({"accuracy_m": 31.0}, Reason.INACCURATE),
            ({"accuracy_m": 30.0}, None),
            ({"accuracy_m": np.nan}, None),
            ({"at": 0.0}, Reason.CLOCK_OUT_OF_RANGE),
            ({"at": 2_085_978_496.0}, Reason.CLOCK_OUT_OF_RANGE),
            ({"at": np.nan}, Reason.CLOCK_OUT_OF_RANGE),
            ({"lon": 121.6}, Reason.TELEPORT),
        ],
    )
    def test_a_wrong_fix_is_told_why(self, changes, reason):
        assert self.marked(straight(300), 20, **changes) is reason

    def test_fixes_outside_the_shift_do_not_count(self):
        way = fixes(straight(600))
        track = clean(way, shift=(NINE_O_CLOCK + 100, NINE_O_CLOCK + 300))
        outside = np.array([reason is Reason.OUTSIDE_SHIFT for reason in track.reasons])
        assert outside.tolist() == ((way.at < NINE_O_CLOCK + 100) | (way.at > NINE_O_CLOCK + 300)).tolist()
        assert track.distance_m == pytest.approx(240, rel=0.05)

    def test_a_wrong_fix_bends_no_way(self):
        way = straight(600)
        for wrong in ((0, 5000), (5000, 0)):
            bent = way.copy()
            bent[50] = wrong
            assert clean(fixes(bent)).distance_m == pytest.approx(600, rel=0.02)

    def test_where_the_first_fix_is_the_wrong_one_it_is_left_out(self):
        way = straight(600)
        way[0] = (-90_000, 40_000)
        track = clean(fixes(way))
        assert track.reasons[0] is Reason.TELEPORT
        assert set(track.reasons[1:]) == {None}

    def test_a_jump_for_good_is_a_gap(self):
        way = np.concatenate([straight(300), straight(300) + np.array([0, 30_000])])
        track = clean(fixes(way))
        assert [reason for reason in track.reasons if reason] == [Reason.GAP]
        assert track.distance_m == pytest.approx(600, rel=0.03)

    def test_a_long_silence_is_a_gap_and_what_lies_between_is_not_counted(self):
        before, after = (
            fixes(straight(300)),
            fixes(straight(300) + np.array([1000, 0]), begin=NINE_O_CLOCK + 2000),
        )
        both = Fixes.of(
            *(np.concatenate([getattr(before, c), getattr(after, c)]) for c in ("at", "lon", "lat"))
        )
        track = clean(both)
        assert track.reasons[len(before)] is Reason.GAP
        assert track.distance_m == pytest.approx(600, rel=0.03)
        assert len(track.stretches) == 2

    def test_a_ride_is_no_patrol(self):
        ride = straight(3000, speed=8.0) + np.array([300, 0])
        track = clean(fixes(np.concatenate([straight(300), ride, ride[-1] + straight(300)])))
        assert track.reasons.count(Reason.TOO_FAST) > 60
        assert track.distance_m == pytest.approx(600, rel=0.1)

    def test_a_place_is_kept_only_with_a_reason_that_leaves_it_right(self):
        assert {Reason.GAP, Reason.STAYING} == KEPT_REASONS


class TestTwice:
    @given(st.permutations(range(40)), st.lists(st.integers(0, 39), max_size=30))
    def test_order_and_repetition_change_nothing(self, order, again):
        way = fixes(around_a_block(60, rounds=1)[:40])
        once = clean(way)
        rows = np.array([*order, *again])
        other = clean(way.rows(rows))
        assert other.distance_m == pytest.approx(once.distance_m)
        assert other.reasons.count(Reason.REPEAT) == len(again)
        kept = {
            int(row): reason
            for row, reason in zip(rows, other.reasons, strict=True)
            if reason is not Reason.REPEAT
        }
        assert [kept[row] for row in range(40)] == list(once.reasons)

    def test_of_two_fixes_of_one_second_the_more_exact_one_counts(self):
        way = fixes(np.repeat(straight(60), 2, axis=0), accuracy_m=np.tile([20.0, 5.0], 11))
        seconds = Fixes(np.repeat(way.at[::2], 2), way.lon, way.lat, way.accuracy_m, way.mocked)
        assert clean(seconds).reasons[:4] == (Reason.REPEAT, None, Reason.REPEAT, None)


class TestAnything:
    places = st.tuples(st.floats(-200, 200), st.floats(-95, 95), st.floats(-10, 500), st.booleans())

    @given(st.lists(st.tuples(st.floats(0, 1e5), places), max_size=60))
    def test_any_rubbish_gets_an_answer_for_every_fix(self, rubbish):
        at = [NINE_O_CLOCK + second for second, _ in rubbish]
        columns = np.array([place for _, place in rubbish], dtype=object).reshape(-1, 4).T
        track = clean(Fixes.of(at, *columns))
        assert len(track.reasons) == len(rubbish)
        assert track.distance_m >= 0
        counted = sum(reason is None or reason in KEPT_REASONS for reason in track.reasons)
        assert sum(len(stretch.places) for stretch in track.stretches) >= counted

    def test_no_fixes_are_no_track(self):
        track = clean(Fixes.of([], [], []))
        assert track.reasons == ()
        assert track.stretches == ()

    def test_columns_of_different_length_are_refused(self):
        with pytest.raises(UnequalColumns, match="same length"):
            Fixes.of([1, 2], [3], [4])

    def test_an_unknown_accuracy_may_be_none(self):
        assert np.isnan(Fixes.of([1], [2], [3], [None]).accuracy_m[0])

    def test_rules_are_the_communitys_own(self):
        way = fixes(straight(300), accuracy_m=40.0)
        assert clean(way).distance_m == 0
        assert clean(way, rules=TrackRules(accuracy_m=50.0)).distance_m == pytest.approx(300, rel=0.03)


class TestSimplified:
    @given(st.integers(0, 1000), st.floats(1, 20))
    def test_the_line_keeps_its_ends_and_stays_near(self, seed, tolerance_m):
        way = np.cumsum(noise(80, 10, seed), axis=0)
        line = FRAME.lonlat_geometry(shapely.LineString(way))
        thin = simplified(line, tolerance_m)
        assert len(thin.coords) <= len(line.coords)
        assert (thin.coords[0], thin.coords[-1]) == (
            pytest.approx(line.coords[0]),
            pytest.approx(line.coords[-1]),
        )
        apart = shapely.hausdorff_distance(FRAME.metre_geometry(thin), FRAME.metre_geometry(line))
        assert apart <= 2 * tolerance_m

    def test_nothing_stays_nothing(self):
        assert simplified(shapely.LineString()).is_empty


@pytest.mark.sample_data
class TestRealTraces:
    def walks(self, folder, name: str):
        gpxpy = pytest.importorskip("gpxpy")
        trace = gpxpy.parse((folder / "traces" / "gpx" / name).read_text("utf-8-sig"))
        for track in trace.tracks:
            for segment in track.segments:
                points = [point for point in segment.points if point.time]
                if len(points) > 100:
                    at = [point.time.timestamp() for point in points]
                    columns = [[p.longitude for p in points], [p.latitude for p in points]]
                    yield Fixes.of(at, *columns), segment

    @pytest.mark.parametrize("name", ["cerknicko-jezero.gpx", "korita-zbevnica.gpx"])
    def test_hikes_are_as_long_as_another_library_says(self, sample_data, name):
        hikes = list(self.walks(sample_data, name))
        assert hikes
        for way, segment in hikes:
            assert clean(way).distance_m == pytest.approx(segment.length_2d(), rel=0.12)

    def test_a_ride_in_a_car_is_hardly_a_walk(self, sample_data):
        ((way, segment),) = self.walks(sample_data, "around-visnjan-with-car.gpx")
        track = clean(way)
        assert track.distance_m < 0.25 * segment.length_2d()
        assert track.reasons.count(Reason.TOO_FAST) > 0.5 * len(way)
