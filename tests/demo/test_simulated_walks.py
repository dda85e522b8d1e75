"""The pure half of the simulator: how people walk, what phones and devices make of it."""

from __future__ import annotations

import ast
from itertools import pairwise
from math import hypot
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point

import twin.demo.simulate
from twin.demo.simulate.gateway import Installed, Life
from twin.demo.simulate.habits import TROUBLES, Device, kind_in_trouble
from twin.demo.simulate.outbox import BATCH, Outbox
from twin.demo.simulate.receiver import Nonsense, Receiver
from twin.demo.simulate.streets import NoWay, Streets
from twin.demo.simulate.walk import FASTEST_M_S, Walk, Where

# Three streets across three, 100 m apart; they cross without sharing corners.
BLOCKS = [LineString([(0, y), (200, y)]) for y in (0, 100, 200)] + [
    LineString([(x, 0), (x, 200)]) for x in (0, 100, 200)
]
DOORS = [(20.0, 8.0), (150.0, 92.0), (60.0, 192.0), (192.0, 150.0), (108.0, 50.0)]


@pytest.fixture
def streets() -> Streets:
    return Streets(BLOCKS)


def a_walk(seed: object = 1) -> Walk:
    return Walk(Random(str(seed)), Streets(BLOCKS), DOORS)


def test_streets_are_cut_where_they_cross(streets: Streets) -> None:
    assert len(streets.pieces) == 12


def test_the_nearest_place_on_a_street_is_found(streets: Streets) -> None:
    assert streets.place(streets.snap(150, 92)) == (150, 100)


coordinates = st.floats(0, 200)


@given(coordinates, coordinates, coordinates, coordinates)
def test_a_route_keeps_to_the_streets_and_is_shortest(ax: float, ay: float, bx: float, by: float) -> None:
    streets = Streets(BLOCKS)
    start, goal = streets.snap(ax, ay), streets.snap(bx, by)
    (sx, sy), (gx, gy) = streets.place(start), streets.place(goal)
    path = streets.route(start, goal)
    assert tuple(path[0]) == pytest.approx((sx, sy), abs=1e-6)
    assert tuple(path[-1]) == pytest.approx((gx, gy), abs=1e-6)
    network = MultiLineString(BLOCKS)
    assert all(network.distance(Point(corner)) < 1e-6 for corner in path)
    length = float(np.hypot(*np.diff(path, axis=0).T).sum())
    # In a grid of blocks no way is shorter than the sum of both axes, and a detour costs at most one block.
    assert abs(sx - gx) + abs(sy - gy) - 1e-6 <= length <= abs(sx - gx) + abs(sy - gy) + 100 + 1e-6


def test_places_that_no_street_joins_have_no_way() -> None:
    streets = Streets([LineString([(0, 0), (100, 0)]), LineString([(0, 50), (100, 50)])])
    with pytest.raises(NoWay):
        streets.route(streets.snap(10, 0), streets.snap(10, 50))


def test_without_streets_there_is_no_network() -> None:
    with pytest.raises(NoWay):
        Streets([])


def test_a_walk_is_the_same_for_the_same_seed() -> None:
    first, second, other = ([a_walk(seed).advance(3)] for seed in (7, 7, 8))
    for path, walk in ((first, a_walk(7)), (second, a_walk(7)), (other, a_walk(8))):
        path += [walk.advance(3) for _ in range(600)]
    assert first == second
    assert first != other


def test_nobody_walks_faster_than_people_do() -> None:
    walk = a_walk()
    before = walk.where()
    for _ in range(4000):
        now = walk.advance(2.0)
        assert hypot(now.x - before.x, now.y - before.y) <= FASTEST_M_S * 2.0 + 1e-6
        before = now


def test_a_walk_leads_along_streets_to_doors() -> None:
    walk, network = a_walk(), MultiLineString(BLOCKS)
    off_street = [network.distance(Point(w.x, w.y)) for w in (walk.advance(2.0) for _ in range(4000))]
    assert max(off_street) <= 8.0 + 1e-6  # no door is further from its street


def test_every_door_is_called_at_long_enough_for_a_visit() -> None:
    walk = a_walk()
    stays: dict[tuple[float, float], int] = {}
    for _ in range(3 * 3600):
        where = walk.advance(1.0)
        if where.at_a_door:
            stays[(where.x, where.y)] = stays.get((where.x, where.y), 0) + 1
    assert set(stays) == set(DOORS)
    assert min(stays.values()) >= 60


def test_an_hour_of_patrol_is_neither_a_rest_nor_a_race() -> None:
    for seed in range(10):
        walk = a_walk(seed)
        places = [walk.advance(5.0) for _ in range(720)]
        walked = sum(hypot(b.x - a.x, b.y - a.y) for a, b in pairwise(places))
        assert 600 < walked < 4000


def test_steps_of_any_length_lead_the_same_way() -> None:
    fine, coarse = a_walk(3), a_walk(3)
    for _ in range(200):
        for _ in range(10):
            fine.advance(0.7)
        coarse.advance(7.0)
        assert fine.where() == pytest.approx(coarse.where(), abs=1e-6)


def test_one_door_is_enough_to_walk() -> None:
    walk = Walk(Random("1"), Streets(BLOCKS), DOORS[:1])
    assert {walk.advance(30.0) for _ in range(100)}


def see(where: Where, times: int = 5000, seconds: float = 3.0) -> list[tuple[float, float]]:
    """Errors in metres, nonsense left out."""
    receiver = Receiver(Random("receiver"))
    seen = [receiver.see(where, seconds) for _ in range(times)]
    return [(s.x - where.x, s.y - where.y) for s in seen if s.nonsense is None]


def test_errors_are_larger_at_a_door_than_in_the_open() -> None:
    spread = [float(np.std(see(Where(0, 0, door)))) for door in (False, True)]
    assert 2.5 < spread[0] < 7 < spread[1] < 14


def test_neighbouring_errors_are_alike() -> None:
    east = np.array([e for e, _ in see(Where(0, 0, False))])
    assert np.corrcoef(east[:-1], east[1:])[0, 1] > 0.5


def test_a_receiver_now_and_then_tells_nonsense_and_believes_it() -> None:
    receiver = Receiver(Random("receiver"))
    seen = [receiver.see(Where(0, 0, False), 3.0) for _ in range(20_000)]
    jumps = [s for s in seen if s.nonsense is Nonsense.JUMP]
    assert 4 < len(jumps) < 60
    assert all(hypot(s.x, s.y) > 100 for s in jumps)
    assert any(s.accuracy_m < 10 for s in jumps)
    assert any(s.nonsense is Nonsense.NOWHERE for s in seen)


def test_a_phone_is_cut_off_now_and_then_and_comes_back() -> None:
    outbox = Outbox(Random("outbox"))
    connected = [outbox.connected(second) for second in range(0, 8 * 3600, 3)]
    assert 0.7 < sum(connected) / len(connected) < 0.99
    assert connected[-1] or any(connected[-200:])


def test_fixes_wait_in_order_until_they_are_confirmed() -> None:
    outbox = Outbox(Random("outbox"))
    for n in range(BATCH + 50):
        outbox.put({"seq": n})
    first = outbox.batch()
    assert [fix["seq"] for fix in first] == list(range(BATCH))
    assert outbox.batch() == first
    outbox.confirm(len(first))
    assert [fix["seq"] for fix in outbox.batch()] == list(range(BATCH, BATCH + 50))


def test_an_answer_is_lost_once_in_a_while() -> None:
    outbox = Outbox(Random("outbox"))
    heard = [outbox.hears_the_answer() for _ in range(2000)]
    assert 0.9 < sum(heard) / len(heard) < 1.0


@pytest.mark.parametrize("kind", sorted(TROUBLES))
def test_trouble_begins_at_once_and_ends(kind: str) -> None:
    words = Device(Random("device"), kind).trouble()
    assert words[0].after == 0
    assert words[-1].after == max(word.after for word in words) > 0
    ends = words[-1].event == "clear" or words[-1].values != words[0].values
    assert ends


def test_a_meter_is_never_in_trouble() -> None:
    assert Device(Random("device"), "water_meter").trouble() == []
    assert kind_in_trouble(Random("kind"), ["water_meter", "electricity_meter"]) is None


def devices(count: int) -> list[Installed]:
    kinds = ["smoke", "gas", "sos", "water_meter", "ebike_reader"]
    return [Installed(n, "token", Device(Random(f"d{n}"), kinds[n % 5])) for n in range(count)]


def test_alarms_come_at_the_rate_that_was_asked_for() -> None:
    life = Life(Random("life"), devices(400), alarms_per_hour=30)
    said = life.said_until(100 * 3600)
    begun = sum(1 for _, word in said if word.event == "alarm" and word.after == 0)
    assert 2600 < begun < 3400


def test_a_device_in_trouble_gets_into_no_other() -> None:
    life = Life(Random("life"), devices(5), alarms_per_hour=600)
    troubled: set[int] = set()
    for second in range(2 * 3600):
        for device, word in life.said_until(second):
            if word.event == "alarm" and word.after == 0:
                assert device.id not in troubled
                troubled.add(device.id)
            if word.event == "clear":
                troubled.discard(device.id)


def test_some_devices_never_say_a_word_and_the_others_do_every_hour() -> None:
    everybody = devices(400)
    life = Life(Random("life"), everybody, alarms_per_hour=0)
    speaking = {device.id for device, _ in life.said_until(3600)}
    assert speaking == {d.id for d in everybody if not d.habits.silent}
    assert 0 < len(everybody) - len(speaking) < 40


def test_devices_say_the_same_for_the_same_seed() -> None:
    first, second = (Life(Random("life"), devices(50), 60).said_until(7200) for _ in range(2))
    assert [(d.id, w) for d, w in first] == [(d.id, w) for d, w in second]


def test_the_simulator_knows_nothing_of_the_twin_but_its_public_face() -> None:
    """It may import itself, the pure geometry and foreign libraries; no room, no settings, no database."""
    folder = Path(twin.demo.simulate.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                own = module.startswith(("twin.demo.simulate", "gis."))
                assert own or not module.startswith(("twin", "layers", "django", "psycopg")), (path, module)
