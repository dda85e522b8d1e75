"""Clerks at once, each with a connection of their own and real commits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point
from django.db import connection, transaction

from tests.conftest import a_building, box
from tests.devices.homes import a_kind
from tests.waiting import until
from twin.devices.actions import install_device, move_device
from twin.devices.models import Device
from twin.places.actions import draw_grid, end_grid, found_community, reshape_grid
from twin.places.models import Building, Community, Grid

pytestmark = pytest.mark.django_db(transaction=True)

WEST = box(122.600, 31.050, 122.602, 31.052)
"""Where `a_building(community, 122.6008)` stands."""
WITHIN = Point(122.6010, 31.0505, srid=4326)


class Writer:
    """Does something in a transaction of its own, and commits when it is told to."""

    def __init__(self, threads: ThreadPoolExecutor, work: Callable[[], Any]) -> None:
        self._work, self._done, self._go = work, Event(), Event()
        self._pid = 0
        self._answer: Future[Any] = threads.submit(self._run)

    def _run(self) -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                [self._pid] = cursor.fetchone()
            with transaction.atomic():
                answer = self._work()
                self._done.set()
                assert self._go.wait(60)
            return answer
        finally:
            self._done.set()
            connection.close()

    def is_done_or_waits(self) -> bool:
        """Whether it has done its work, or cannot go on before somebody else commits."""
        if self._done.is_set():
            return True
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [self._pid]
            )
            row = cursor.fetchone()
        return bool(row and row[0])

    def commit(self) -> Any:
        self._go.set()
        return self._answer.result(60)


def one_after_the_other(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
    """The second begins when the first has written and not committed. Their answers, or the errors of their commits."""
    with ThreadPoolExecutor(2) as threads:
        writers = []
        for work in (first, second):
            writers.append(Writer(threads, work))
            until(writers[-1].is_done_or_waits, "it wrote or waits")
        return tuple(_outcome(writer) for writer in writers)  # type: ignore[return-value]


def _outcome(writer: Writer) -> Any:
    try:
        return writer.commit()
    except Exception as error:
        return error


@pytest.fixture
def community() -> Community:
    return found_community(name="同时社区", boundary=box(122.600, 31.050, 122.604, 31.052))


def draw(community: Community, name: str = "西", area: MultiPolygon = WEST) -> Callable[[], Grid]:
    return lambda: draw_grid(community=community, parent=community.root, name=name, geometry=area)


@pytest.mark.parametrize("drawn_first", [True, False])
def test_a_building_and_the_grid_around_it_find_each_other(community: Community, drawn_first: bool) -> None:
    works: list[Callable[[], Any]] = [draw(community), lambda: a_building(community, 122.6008)]
    one_after_the_other(*(works if drawn_first else reversed(works)))
    assert Building.objects.get().grid.name == "西"


@pytest.mark.parametrize("drawn_first", [True, False])
def test_a_device_in_the_open_and_the_grid_around_it_find_each_other(
    community: Community, drawn_first: bool
) -> None:
    kind = a_kind(community, "manhole")
    works: list[Callable[[], Any]] = [
        draw(community),
        lambda: install_device(community=community, kind=kind, external_id="m1", home=WITHIN),
    ]
    one_after_the_other(*(works if drawn_first else reversed(works)))
    assert Device.objects.get().grid.name == "西"


@pytest.mark.parametrize("drawn_first", [True, False])
def test_a_device_is_carried_while_a_border_moves(community: Community, drawn_first: bool) -> None:
    kind = a_kind(community, "manhole")
    grid = draw(community)()
    device = install_device(
        community=community, kind=kind, external_id="m1", home=Point(122.603, 31.051, srid=4326)
    )
    works: list[Callable[[], Any]] = [
        lambda: reshape_grid(
            grid=Grid.objects.get(pk=grid.pk), geometry=box(122.600, 31.051, 122.602, 31.052)
        ),
        lambda: move_device(device=device, home=WITHIN),
    ]
    outcomes = one_after_the_other(*(works if drawn_first else reversed(works)))
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    assert Device.objects.get().grid.kind == Grid.Kind.UNASSIGNED


def test_of_two_siblings_that_overlap_the_second_is_refused_by_name(community: Community) -> None:
    first, second = one_after_the_other(draw(community, "甲"), draw(community, "乙"))
    assert isinstance(first, Grid)
    assert "overlaps its sibling" in str(second)
    assert Grid.objects.filter(name__in=["甲", "乙"]).count() == 1


def test_a_building_that_comes_while_its_grid_ends_goes_where_it_lies_then(community: Community) -> None:
    grid = draw(community)()
    outcomes = one_after_the_other(
        lambda: end_grid(grid=Grid.objects.get(pk=grid.pk)), lambda: a_building(community, 122.6008)
    )
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    assert Building.objects.get().grid.kind == Grid.Kind.UNASSIGNED
