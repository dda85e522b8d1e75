from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.patrol.actions import record_visit, withdraw_visit
from twin.patrol.models import Visit
from twin.people.actions import move_household, set_privacy_rule
from twin.people.models import Household
from twin.places.models import Dwelling, Grid

pytestmark = pytest.mark.django_db
ADDRESS = "/api/visits/"


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def test_a_visit_is_entered_once_however_often_it_is_sent(
    as_user: Callable[..., Client], worker: User, household: Household
) -> None:
    body = {
        "dwelling": household.dwelling_id, "household": household.pk, "outcome": "met", "service": "meal",
        "note": "送餐", "client_id": str(uuid4()),
    }  # fmt: skip
    phone = as_user(worker)
    first, again = post(phone, ADDRESS, body), post(phone, ADDRESS, body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.json()["note"], first.json()["worker_name"], first.json()["may_withdraw"]) == (
        "送餐",
        str(worker),
        True,
    )
    assert Visit.objects.count() == 1


def test_a_window_tells_when_somebody_was_last_met(
    as_user: Callable[..., Client], worker: User, household: Household
) -> None:
    phone, now = as_user(worker), timezone.now()
    window = f"/api/panoramas/{household.dwelling_id}/"
    assert phone.get(window).json()["last_met_at"] is None
    for days, outcome in ((9, "met"), (5, "met"), (2, "refused")):
        at = now - timedelta(days=days)
        record_visit(dwelling=household.dwelling, by=worker, outcome=outcome, visited_at=at)
    met = Visit.objects.get(visited_at=now - timedelta(days=5))
    assert datetime.fromisoformat(phone.get(window).json()["last_met_at"]) == met.visited_at
    withdraw_visit(visit=met, by=worker, reason="另一户")
    assert datetime.fromisoformat(phone.get(window).json()["last_met_at"]) == now - timedelta(days=9)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"outcome": "danced"}, "outcome"),
        ({"service": "song"}, "service"),
        ({"outcome": "refused", "service": "meal"}, "service"),
        ({"visited_at": "yesterday"}, "visited_at"),
        ({"visited_at": "2001-01-01T00:00:00Z"}, "visited_at"),
        ({"note": "x" * 501}, "note"),
        ({"client_id": "7"}, "client_id"),
    ],
)
def test_nonsense_is_refused_by_name(
    as_user: Callable[..., Client], worker: User, household: Household, wrong: dict[str, Any], where: str
) -> None:
    answer = post(as_user(worker), ADDRESS, {"dwelling": household.dwelling_id, "outcome": "met", **wrong})
    assert answer.status_code == 400
    assert where in str(answer.json())
    assert not Visit.objects.exists()


def test_the_wall_hears_of_calls_and_not_of_notes_and_a_planner_of_neither(
    as_user: Callable[..., Client], in_role: Callable[..., User], worker: User, household: Household
) -> None:
    record_visit(dwelling=household.dwelling, household=household, by=worker, outcome="met", note="血压高")
    asked = f"{ADDRESS}?household={household.pk}"
    [told] = as_user(in_role(RoleKind.WALL)).get(asked).json()["results"]
    assert (told["outcome"], told["note"]) == ("met", None)
    assert as_user(in_role(RoleKind.PLANNER)).get(asked).json()["results"] == []
    [told] = as_user(worker).get(asked).json()["results"]
    assert told["note"] == "血压高"
    assert AuditEntry.objects.filter(action="visits.view", by=worker).count() == 1


@pytest.mark.parametrize(
    "asked", ["", "community={community}", "dwelling=", "household=", "dwelling=&household="]
)
def test_a_list_of_many_homes_tells_no_notes(
    as_user: Callable[..., Client], worker: User, household: Household, asked: str
) -> None:
    record_visit(dwelling=household.dwelling, by=worker, outcome="met", note="血压高")
    address = f"{ADDRESS}?{asked.format(community=household.community_id)}"
    [told] = as_user(worker).get(address).json()["results"]
    assert told["note"] is None
    assert not AuditEntry.objects.filter(action="visits.view").exists()


def test_notes_that_were_read_are_told_to_the_auditor_and_of_many_somebody_is_warned(
    as_user: Callable[..., Client],
    in_role: Callable[..., User],
    worker: User,
    flat: Dwelling,
    other_flat: Dwelling,
) -> None:
    set_privacy_rule(community=flat.community, views_before_notice=1)
    for home in (flat, other_flat):
        record_visit(dwelling=home, by=worker, outcome="met", note="血压高")
        as_user(worker).get(f"{ADDRESS}?dwelling={home.pk}")
    looks = as_user(in_role(RoleKind.AUDITOR)).get("/api/looks/?action=visits.view").json()["results"]
    assert [look["subject"] for look in looks] == [
        f"places.Dwelling:{other_flat.pk}",
        f"places.Dwelling:{flat.pk}",
    ]
    assert AuditEntry.objects.get(action="people.many_viewed").detail == {"views": 2}


def test_of_a_household_that_has_moved_every_home_whose_notes_were_read_is_named(
    as_user: Callable[..., Client], worker: User, household: Household, flat: Dwelling, other_flat: Dwelling
) -> None:
    record_visit(dwelling=flat, household=household, by=worker, outcome="met", note="血压高")
    moved = move_household(household=household, to=other_flat)
    record_visit(dwelling=other_flat, household=moved, by=worker, outcome="met", note="血压高")
    as_user(worker).get(f"{ADDRESS}?household={household.pk}")
    subjects = AuditEntry.objects.filter(action="visits.view").values_list("subject", flat=True)
    assert set(subjects) == {f"places.Dwelling:{home.pk}" for home in (flat, other_flat)}


def test_taking_back_asks_for_a_reason_and_the_visit_is_gone(
    as_user: Callable[..., Client], worker: User, household: Household
) -> None:
    visit = record_visit(dwelling=household.dwelling, by=worker, outcome="met")
    phone = as_user(worker)
    assert post(phone, f"{ADDRESS}{visit.pk}/withdraw/", {}).status_code == 400
    assert post(phone, f"{ADDRESS}{visit.pk}/withdraw/", {"reason": "走错门"}).status_code == 204
    assert phone.get(f"{ADDRESS}{visit.pk}/").status_code == 404


def test_a_worker_of_another_grid_neither_reads_nor_enters(
    as_user: Callable[..., Client],
    in_role: Callable[..., User],
    east: Grid,
    worker: User,
    household: Household,
) -> None:
    visit = record_visit(dwelling=household.dwelling, by=worker, outcome="met")
    other = as_user(in_role(RoleKind.GRID_WORKER, grid=east))
    assert other.get(f"{ADDRESS}{visit.pk}/").status_code == 404
    assert post(other, f"{ADDRESS}{visit.pk}/withdraw/", {"reason": "no"}).status_code == 404
    assert post(other, ADDRESS, {"dwelling": household.dwelling_id, "outcome": "met"}).status_code == 404


def test_as_many_queries_for_many_visits_as_for_one(
    as_user: Callable[..., Client], worker: User, household: Household,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for hours in range(30):
        at = timezone.now() - timedelta(hours=hours + 1)
        record_visit(dwelling=household.dwelling, by=worker, outcome="met", visited_at=at)
    phone = as_user(worker)
    with django_assert_max_num_queries(10):
        assert len(phone.get(f"{ADDRESS}?community={household.community_id}").json()["results"]) == 30
