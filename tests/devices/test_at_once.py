"""Several processes at once, each with a connection of its own and real commits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.conftest import box
from tests.devices.homes import a_device, a_dwelling, rule_of
from tests.devices.test_readings import NOON, said
from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Conflict
from twin.devices.actions import acknowledge, close, raise_alarm, record_readings
from twin.devices.models import Alarm, Device, Reading
from twin.places.actions import add_building, draw_grid, found_community, place_in_grid
from twin.places.models import Building, Grid

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 20


@pytest.fixture
def detector() -> Device:
    """In a community of its own, committed."""
    community = found_community(name="同时社区")
    west, east = box(122.600, 31.050, 122.602, 31.052), box(122.602, 31.050, 122.604, 31.052)
    draw_grid(community=community, parent=community.root, name="西", geometry=west)
    draw_grid(community=community, parent=community.root, name="东", geometry=east)
    building = add_building(
        community=community, footprint=box(122.6008, 31.051, 122.6012, 31.0511), height_m=17.4
    )
    return a_device(a_dwelling(building))


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Call functions at the same moment, each in a thread with its own connection; their answers or errors, in order."""

    def run(*calls: Callable[[], Any]) -> list[Any]:
        start = Barrier(len(calls))

        def one(call: Callable[[], Any]) -> Any:
            try:
                connection.ensure_connection()
                start.wait(timeout=20)
                return call()
            except Exception as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(one, calls))

    return run


def test_messages_at_the_same_moment_make_one_alarm(
    detector: Device, at_once: Callable[..., list[Any]]
) -> None:
    rule = rule_of(detector)

    def once() -> Alarm:
        return raise_alarm(device=detector, rule=rule, at=NOON)

    answers = [at_once(once, once, once, once) for _ in range(ROUNDS)]
    assert {type(answer) for answers_of_round in answers for answer in answers_of_round} == {Alarm}
    assert Alarm.objects.get().count == 4 * ROUNDS


def test_the_database_itself_makes_one_alarm_of_two(
    detector: Device, at_once: Callable[..., list[Any]]
) -> None:
    """Without the lock on the device, which only spares the second one a wait: the index alone decides."""
    from twin.base.verbs import unit_of_work
    from twin.devices.actions.alarms import Hit, raise_alarms

    hit = Hit(detector.pk, rule_of(detector).pk, 1, NOON, NOON)

    def once() -> list[int]:
        with unit_of_work():
            return raise_alarms([hit])

    answers = [at_once(once, once, once, once) for _ in range(ROUNDS)]
    alarm = Alarm.objects.get()
    assert {str(answer) for answers_of_round in answers for answer in answers_of_round} == {str([alarm.pk])}
    assert alarm.count == 4 * ROUNDS


def test_the_same_upload_twice_at_the_same_moment_is_kept_once(
    detector: Device, at_once: Callable[..., list[Any]]
) -> None:
    other = a_device(detector.dwelling, "smoke-2")
    readings = [
        said(minute, "alarm", device=d.external_id) for minute in range(50) for d in (detector, other)
    ]

    def upload(batch: list[Any]) -> Callable[[], Any]:
        return lambda: record_readings(community=detector.community, readings=batch)

    answers = at_once(upload(readings), upload(readings[::-1]), upload(readings[50:]))
    assert sum(answer.accepted for answer in answers) == 100
    assert Reading.objects.count() == 100
    assert list(Alarm.objects.values_list("count", flat=True)) == [50, 50]


def test_of_two_who_acknowledge_at_once_one_is_told_that_it_is_done(
    detector: Device, at_once: Callable[..., list[Any]]
) -> None:
    alarm = raise_alarm(device=detector, rule=rule_of(detector), at=NOON)
    officers = [User.objects.create_user(username=f"officer{n}", password="long enough 1") for n in range(2)]
    for officer in officers:
        grant_role(user=officer, kind=RoleKind.DUTY_OFFICER, community=detector.community)
    answers = at_once(*(lambda by=by: acknowledge(alarm=alarm, by=by) for by in officers))
    assert {type(answer) for answer in answers} == {Alarm, Conflict}


def test_an_alarm_raised_while_another_is_closed_is_never_lost(
    detector: Device, at_once: Callable[..., list[Any]]
) -> None:
    officer = User.objects.create_user(username="officer", password="long enough 1")
    grant_role(user=officer, kind=RoleKind.DUTY_OFFICER, community=detector.community)
    rule = rule_of(detector)
    for number in range(ROUNDS):
        alarm = raise_alarm(device=detector, rule=rule, at=NOON + timedelta(minutes=number))
        if alarm.handling == "NEW":
            acknowledge(alarm=alarm, by=officer)
        answers = at_once(
            lambda alarm=alarm: close(alarm=alarm, by=officer, truth="test", note="演练"),
            lambda: raise_alarm(device=detector, rule=rule, at=NOON),
        )
        assert [type(answer) for answer in answers] == [Alarm, Alarm]
    assert sum(Alarm.objects.values_list("count", flat=True)) == 2 * ROUNDS
    assert Alarm.objects.open().count() <= 1


def test_an_alarm_raised_while_its_building_moves_ends_in_the_new_grid(
    detector: Device, at_once: Callable[..., list[Any]]
) -> None:
    rule, building = rule_of(detector), Building.objects.get()
    grids = list(Grid.objects.leaves().exclude(kind=Grid.Kind.UNASSIGNED).order_by("-name"))
    for number in range(ROUNDS):
        target = grids[number % 2]
        Alarm.objects.all().delete()
        building.refresh_from_db()
        answers = at_once(
            lambda target=target: place_in_grid(building=building, grid=target),
            lambda: raise_alarm(device=detector, rule=rule, at=NOON),
        )
        assert [type(answer) for answer in answers] == [Building, Alarm]
        assert Alarm.objects.get().grid == Device.objects.get().grid == target
