"""Tags over HTTP: who gives, verifies and ends which, and that a repeated order gives once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.people.conftest import AddPerson, Settle
from twin.access.actions import grant_role
from twin.access.models import AuditEntry
from twin.access.roles import OPENS, RoleKind
from twin.accounts.models import User
from twin.base.events import Event
from twin.people.actions import give_tag
from twin.people.events import TagsEnded, TagsGiven
from twin.people.models import DwellingTag, Household, HouseholdTag, Person, PersonTag, Tag
from twin.places.models import Dwelling, Grid

InRole = Callable[..., User]
Tags = dict[str, Tag]
GIVERS = {RoleKind.COMMUNITY_ADMIN: 5, RoleKind.GRID_HEAD: 4, RoleKind.GRID_WORKER: 3}


@pytest.fixture
def elder(person: AddPerson, settle: Settle, flat: Dwelling, household: Household) -> Person:
    someone = person("欧阳小梅")
    settle(someone, flat, household_id=household.pk, role="head")
    return someone


@pytest.fixture
def worker(in_role: InRole, west: Grid) -> User:
    return in_role(RoleKind.GRID_WORKER, grid=west)


@pytest.fixture
def as_worker(client: Client, worker: User) -> Client:
    client.force_login(worker)
    return client


def send(client: Client, what: str = "", **said: Any) -> Any:
    return client.post(f"/api/taggings/{what}", said, content_type="application/json")


def give(client: Client, tag: Tag, subject: Any, **said: Any) -> Any:
    return send(client, tag=tag.pk, subject=subject.pk, **{"reason": "上门走访", **said})


def test_a_worker_gives_a_tag_and_the_person_has_it(
    as_worker: Client, worker: User, elder: Person, flat: Dwelling, tags: Tags, told: list[Event]
) -> None:
    until = timezone.now().replace(microsecond=0) + timedelta(days=30)
    answer = give(as_worker, tags["elder_alone"], elder, until=until, said_by="楼组长", verified=True)
    assert answer.status_code == 201, answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    row = PersonTag.objects.current().get()
    assert (row.person, row.tag, row.given_by, row.verified_by) == (
        elder,
        tags["elder_alone"],
        worker,
        worker,
    )
    assert (row.reason, row.source, row.valid_until) == ("上门走访", "楼组长", until)
    [event] = [event for event in told if isinstance(event, TagsGiven)]
    assert event.dwelling_ids == (flat.pk,)
    [entry] = AuditEntry.objects.filter(action="tag.give")
    assert (entry.by, entry.subject, entry.reason) == (worker, f"people.Person:{elder.pk}", "上门走访")


def test_households_and_dwellings_are_tagged_too(
    as_worker: Client, household: Household, flat: Dwelling, elder: Person, tags: Tags
) -> None:
    assert give(as_worker, tags["e_bike"], household).status_code == 201
    assert give(as_worker, tags["let_home"], flat).status_code == 201
    assert HouseholdTag.objects.get().household == household
    assert DwellingTag.objects.get().dwelling == flat


def test_an_order_that_comes_twice_gives_once(as_worker: Client, elder: Person, tags: Tags) -> None:
    name = str(uuid4())
    first = give(as_worker, tags["veteran"], elder, client_id=name)
    again = give(as_worker, tags["veteran"], elder, client_id=name)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert PersonTag.objects.count() == 1
    other = give(as_worker, tags["aged_80"], elder, client_id=name)
    assert other.status_code == 409


def test_who_has_it_already_is_not_given_it_again(as_worker: Client, elder: Person, tags: Tags) -> None:
    give(as_worker, tags["veteran"], elder)
    answer = give(as_worker, tags["veteran"], elder)
    assert answer.status_code == 409
    assert answer.json()["error"]["where"] == "tag"


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"reason": ""}, "reason"),
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"since": "2999-01-01T00:00:00Z"}, "since"),
        ({"since": "0001-01-01T00:00:00Z"}, "since"),
        ({"until": "soon"}, "until"),
    ],
)
def test_what_cannot_be_right_is_named(
    said: dict[str, str], where: str, as_worker: Client, elder: Person, tags: Tags
) -> None:
    answer = give(as_worker, tags["veteran"], elder, **said)
    assert answer.status_code == 400
    assert answer.json()["error"]["where"] == where
    assert not PersonTag.objects.exists()


@pytest.mark.parametrize("kind", RoleKind)
@pytest.mark.parametrize("code", ["veteran", "elder_alone", "child_in_need", "X1"])
def test_each_role_gives_up_to_its_level(
    kind: str, code: str, client: Client, in_role: InRole, elder: Person, flat: Dwelling, tags: Tags
) -> None:
    place = {"unit": flat.unit} if kind == RoleKind.STAIRWELL_HEAD else {}
    client.force_login(in_role(kind, **place))
    answer = give(client, tags[code], elder)
    level = tags[code].level
    if kind not in GIVERS:
        assert answer.status_code == 404
    elif level <= GIVERS[RoleKind(kind)]:
        assert answer.status_code == 201
    elif level == Tag.Level.L5:  # the code itself is only for those who give it
        assert answer.status_code == 404
    else:
        assert answer.json()["error"]["code"] == "tag_above_level"
        assert answer.json()["error"]["where"] == "tag"
    assert PersonTag.objects.exists() is (answer.status_code == 201)


def test_the_table_of_roles_says_the_same() -> None:
    assert {kind: opens.gives for kind, opens in OPENS.items() if opens.gives} == GIVERS


def test_a_worker_gives_no_tag_in_another_grid(
    as_worker: Client, person: AddPerson, settle: Settle, east_flat: Dwelling, tags: Tags
) -> None:
    someone = person()
    settle(someone, east_flat)
    assert give(as_worker, tags["veteran"], someone).status_code == 404
    assert give(as_worker, tags["let_home"], east_flat).status_code == 404


def test_a_right_at_one_place_gives_nothing_at_another(
    client: Client,
    worker: User,
    elder: Person,
    person: AddPerson,
    settle: Settle,
    east: Grid,
    east_flat: Dwelling,
    tags: Tags,
) -> None:
    """Head of the east grid, worker of the west one: L4 in the east only."""
    grant_role(user=worker, kind=RoleKind.GRID_HEAD, community=east.community, grid=east)
    client.force_login(worker)
    there = person("东某")
    settle(there, east_flat)
    assert give(client, tags["child_in_need"], there).status_code == 201
    assert give(client, tags["child_in_need"], elder).json()["error"]["code"] == "tag_above_level"


def test_a_tag_is_verified_and_ended(
    as_worker: Client, worker: User, elder: Person, flat: Dwelling, tags: Tags, told: list[Event]
) -> None:
    give_tag(tag=tags["elder_alone"], subject=elder)
    about = {"tag": tags["elder_alone"].pk, "subject": elder.pk}
    assert send(as_worker, "verify/", **about).json()["verified_at"] is not None
    assert PersonTag.objects.get().verified_by == worker
    answer = send(as_worker, "end/", **about, why="女儿搬来同住")
    assert answer.status_code == 200
    row = PersonTag.objects.get()
    assert (row.ended_by, row.ended_why) == (worker, "女儿搬来同住")
    assert not PersonTag.objects.current().exists()
    assert [e.dwelling_ids for e in told if isinstance(e, TagsEnded)] == [(flat.pk,)]
    reasons = AuditEntry.objects.filter(action__in=("tag.verify", "tag.end")).values_list("action", "reason")
    assert set(reasons) == {("tag.verify", ""), ("tag.end", "女儿搬来同住")}
    again = send(as_worker, "end/", **about, why="女儿搬来同住")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "has_not_this_tag")


def test_a_tag_is_not_ended_without_a_reason(as_worker: Client, elder: Person, tags: Tags) -> None:
    give_tag(tag=tags["veteran"], subject=elder)
    answer = send(as_worker, "end/", tag=tags["veteran"].pk, subject=elder.pk)
    assert (answer.status_code, answer.json()["error"]["where"]) == (400, "why")


def test_a_worker_neither_ends_nor_learns_of_a_tag_above_the_own_level(
    as_worker: Client, elder: Person, tags: Tags
) -> None:
    about = {"tag": tags["child_in_need"].pk, "subject": elder.pk, "why": "不再需要"}
    without = send(as_worker, "end/", **about)
    give_tag(tag=tags["child_in_need"], subject=elder)
    having = send(as_worker, "end/", **about)
    assert without.json()["error"]["code"] == having.json()["error"]["code"] == "tag_above_level"
    assert PersonTag.objects.current().exists()


def test_l5_is_given_and_ended_by_the_admin_and_told_to_nobody(
    client: Client, in_role: InRole, elder: Person, tags: Tags
) -> None:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    assert give(client, tags["X1"], elder).status_code == 201
    shown = client.get(f"/api/people/{elder.pk}/")
    assert shown.json()["extra_care"] is True
    assert "X1" not in shown.content.decode()
    answer = send(client, "end/", tag=tags["X1"].pk, subject=elder.pk, why="期满")
    assert answer.status_code == 200
    assert client.get(f"/api/people/{elder.pk}/").json()["extra_care"] is False


def test_the_answers_about_people_say_what_may_be_given(
    client: Client, worker: User, in_role: InRole, elder: Person, flat: Dwelling
) -> None:
    for user, gives in ((worker, 3), (in_role(RoleKind.WALL), 0), (in_role(RoleKind.COMMUNITY_ADMIN), 5)):
        client.force_login(user)
        window = client.get(f"/api/panoramas/{flat.pk}/").json()
        [household] = window["households"]
        assert {window["gives"], household["gives"], household["members"][0]["gives"]} == {gives}
