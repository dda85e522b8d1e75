"""Visits: entered by who called, once; taken back with a reason; told where the people are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.devices.homes import a_dwelling
from twin.access.gate import visible
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.scope import NOBODY
from twin.patrol.actions import record_visit, withdraw_visit
from twin.patrol.events import VisitsRecorded, VisitWithdrawn
from twin.patrol.models import Visit
from twin.people.actions import NewHousehold, add_household
from twin.people.models import Household
from twin.places.actions import cut_building
from twin.places.models import Building, Dwelling, Grid

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(west_building: Building) -> Dwelling:
    return a_dwelling(west_building, "501")


@pytest.fixture
def household(home: Dwelling) -> Household:
    return add_household(community=home.community, household=NewHousehold(dwelling_id=home.pk))


def test_a_worker_enters_a_visit_in_the_own_grid_and_it_is_told(
    worker: User, home: Dwelling, household: Household, told: Callable[..., list[VisitsRecorded]]
) -> None:
    heard = told(VisitsRecorded)
    visit = record_visit(
        dwelling=home, household=household, by=worker, outcome="met", service="meal", note="送餐"
    )
    assert (visit.worker, visit.household, visit.service) == (worker, household, "meal")
    assert abs(visit.visited_at - timezone.now()) < timedelta(minutes=1)
    assert [event.dwelling_ids for event in heard] == [(home.pk,)]


@pytest.mark.parametrize("kind", [RoleKind.WALL, RoleKind.DUTY_OFFICER, RoleKind.PLANNER, RoleKind.AUDITOR])
def test_who_does_not_visit_enters_nothing(
    kind: RoleKind, in_role: Callable[..., User], home: Dwelling
) -> None:
    with pytest.raises(NotVisible):
        record_visit(dwelling=home, by=in_role(kind), outcome="met")
    assert not Visit.objects.exists()


def test_a_worker_of_another_grid_enters_nothing(
    in_role: Callable[..., User], east: Grid, home: Dwelling
) -> None:
    with pytest.raises(NotVisible):
        record_visit(dwelling=home, by=in_role(RoleKind.GRID_WORKER, grid=east), outcome="met")


@pytest.mark.parametrize(
    ("days", "outcome", "service", "where"),
    [(1, "met", "", "visited_at"), (-31, "met", "", "visited_at"), (0, "no_answer", "meal", "service")],
)
def test_what_cannot_be_is_refused_by_name(
    worker: User, home: Dwelling, days: int, outcome: str, service: str, where: str
) -> None:
    at = timezone.now() + timedelta(days=days)
    with pytest.raises(Invalid) as refused:
        record_visit(dwelling=home, by=worker, outcome=outcome, service=service, visited_at=at)
    assert refused.value.where == where
    assert not Visit.objects.exists()


def test_a_household_is_visited_where_it_lives(
    worker: User, home: Dwelling, household: Household, west_building: Building
) -> None:
    with pytest.raises(Invalid) as refused:
        record_visit(dwelling=a_dwelling(west_building, "502"), household=household, by=worker, outcome="met")
    assert refused.value.where == "household"


def test_the_same_visit_is_entered_once(worker: User, home: Dwelling) -> None:
    at = timezone.now() - timedelta(hours=1)
    record_visit(dwelling=home, by=worker, outcome="met", visited_at=at)
    with pytest.raises(Conflict):
        record_visit(dwelling=home, by=worker, outcome="no_answer", visited_at=at)
    assert Visit.objects.get().outcome == "met"


def test_what_was_wrong_is_taken_back_with_a_reason_and_entered_anew(
    worker: User, home: Dwelling, told: Callable[..., list[VisitWithdrawn]]
) -> None:
    heard = told(VisitWithdrawn)
    at = timezone.now() - timedelta(hours=1)
    visit = record_visit(dwelling=home, by=worker, outcome="met", visited_at=at)
    with pytest.raises(Invalid):
        withdraw_visit(visit=visit, by=worker, reason="  ")
    withdraw_visit(visit=visit, by=worker, reason="走错门")
    with pytest.raises(Conflict):
        withdraw_visit(visit=visit, by=worker, reason="again")
    record_visit(dwelling=home, by=worker, outcome="no_answer", visited_at=at)
    assert Visit.objects.count() == 2
    assert Visit.objects.standing().get().outcome == "no_answer"
    assert [event.visit_id for event in heard] == [visit.pk]


def test_a_supervisor_takes_back_and_a_fellow_worker_does_not(
    worker: User, in_role: Callable[..., User], west: Grid, home: Dwelling
) -> None:
    visit = record_visit(dwelling=home, by=worker, outcome="met")
    with pytest.raises(NotVisible):
        withdraw_visit(visit=visit, by=in_role(RoleKind.GRID_WORKER, grid=west), reason="no")
    withdraw_visit(visit=visit, by=in_role(RoleKind.GRID_HEAD, grid=west), reason="重复")
    assert not Visit.objects.standing().exists()


def test_visits_are_told_where_people_are(
    worker: User, in_role: Callable[..., User], west: Grid, east: Grid, home: Dwelling
) -> None:
    record_visit(dwelling=home, by=worker, outcome="met")

    def seen(viewer: User) -> int:
        return visible(Visit.objects.all(), to=scope_of(viewer)).count()

    assert (
        seen(worker)
        == seen(in_role(RoleKind.DUTY_OFFICER))
        == seen(in_role(RoleKind.GRID_HEAD, grid=west))
        == 1
    )
    assert seen(in_role(RoleKind.GRID_WORKER, grid=east)) == seen(in_role(RoleKind.PLANNER)) == 0
    assert not visible(Visit.objects.all(), to=NOBODY).exists()


def test_visits_stay_with_the_home_when_its_building_is_cut_anew(
    worker: User, west_building: Building
) -> None:
    cut_building(building=west_building)
    old = Dwelling.objects.standing().filter(building=west_building).earliest("pk")
    visit = record_visit(dwelling=old, by=worker, outcome="met")
    cut_building(building=west_building, again=True)
    visit.refresh_from_db()
    new = Dwelling.objects.get(pk=visit.dwelling_id)
    assert new.pk != old.pk
    assert new.ended_at is None
    assert new.room == old.room
