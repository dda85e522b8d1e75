"""The resident's side over HTTP: a code in, the own household, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.points.homes import a_resident, person_of
from twin.access.actions import grant_role
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Conflict
from twin.people.actions import NewPerson, NewResidence, add_person, start_residence
from twin.people.models import Household, Invitation, Person
from twin.places.models import Grid
from twin.points.models import Reward, Rule

InRole = Callable[..., User]


@pytest.fixture
def grandmother(household: Household) -> Person:
    one = add_person(community=household.community, person=NewPerson("欧阳娜娜", phone="13800001234"))
    start_residence(
        community=household.community,
        residence=NewResidence(one.pk, household.dwelling_id, household_id=household.pk, role="head"),
    )
    return one


@pytest.fixture
def worker(in_role: InRole, west: Grid) -> User:
    return in_role(RoleKind.GRID_WORKER, grid=west)


def invite(client: Client, household: Household, person: Person) -> Any:
    body = {"household": household.pk, "person": person.pk}
    return client.post("/api/invitations/", body, content_type="application/json")


def enter(client: Client, code: str) -> Any:
    return client.post("/api/resident/session/", {"code": code}, content_type="application/json")


@pytest.fixture
def code(client: Client, worker: User, household: Household, grandmother: Person) -> str:
    client.force_login(worker)
    code: str = invite(client, household, grandmother).json()["code"]
    client.logout()
    return code


def test_a_worker_is_told_the_code_once(
    client: Client, worker: User, household: Household, grandmother: Person
) -> None:
    client.force_login(worker)
    answer = invite(client, household, grandmother)
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    assert len(answer.json()["code"]) == 12
    [listed] = client.get(f"/api/invitations/?household={household.pk}").json()["results"]
    assert listed["called"] == "欧阳**"
    assert "code" not in listed


def test_a_code_brings_the_own_household_and_no_other(client: Client, code: str, across: Household) -> None:
    a_resident(across, "李远")
    assert enter(client, code).status_code == 204
    home = client.get("/api/resident/").json()
    [own] = home["households"]
    assert [(m["name"], m["phone"], m["me"]) for m in own["members"]] == [("欧阳**", "138****1234", True)]
    assert own["address"]
    assert set(own["members"][0]) == {"id", "name", "role", "age", "phone", "me"}
    assert client.get(f"/api/households/{across.pk}/").status_code == 404
    assert client.get(f"/api/points/households/{across.pk}/").status_code == 404


def test_the_resident_stays_signed_in_on_an_own_phone_for_two_months(client: Client, code: str) -> None:
    enter(client, code)
    assert client.session.get_expiry_age() == pytest.approx(60 * 86400, abs=60)


def test_signing_out_ends_it(client: Client, code: str) -> None:
    enter(client, code)
    client.delete("/api/session/")
    assert client.get("/api/resident/").status_code == 401


def test_a_wrong_code_is_refused_and_signs_nobody_in(client: Client, code: str) -> None:
    answer = enter(client, code[::-1] if code[::-1] != code else "000000000000")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "wrong_code")
    assert client.get("/api/resident/").status_code == 401


def test_codes_are_not_guessed_here(client: Client, code: str) -> None:
    answers = [enter(client, f"{n:012d}").status_code for n in range(11)]
    assert answers == [401] * 10 + [429]
    assert enter(client, code).status_code == 429


def test_another_site_signs_nobody_in(code: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert enter(strict, code).status_code == 403
    assert Invitation.objects.get().used_at is None


def test_who_works_here_and_lives_elsewhere_has_no_household(client: Client, worker: User) -> None:
    client.force_login(worker)
    assert client.get("/api/resident/").status_code == 404


def test_a_revoked_invitation_opens_nothing(client: Client, code: str, worker: User) -> None:
    client.force_login(worker)
    address = f"/api/invitations/{Invitation.objects.get().pk}/revoke/"
    assert client.post(address).status_code == 200
    assert client.post(address).json()["error"]["code"] == "already_done"
    client.logout()
    assert enter(client, code).status_code == 401


@pytest.mark.parametrize(
    "role", [RoleKind.DUTY_OFFICER, RoleKind.WALL, RoleKind.PLANNER, RoleKind.AUDITOR, RoleKind.RESIDENT]
)
def test_others_invite_nobody(
    client: Client, in_role: InRole, household: Household, grandmother: Person, role: str
) -> None:
    client.force_login(in_role(role))
    assert invite(client, household, grandmother).status_code == 404
    assert not Invitation.objects.exists()
    assert client.get("/api/invitations/").json()["results"] == []


def test_who_signs_in_with_a_password_needs_no_code(
    client: Client, worker: User, household: Household
) -> None:
    resident = a_resident(household, "王小明")
    client.force_login(worker)
    answer = invite(client, household, person_of(resident))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "has_own_log_in")


def test_looking_at_the_own_household_is_not_noted(client: Client, code: str) -> None:
    enter(client, code)
    before = AuditEntry.objects.count()
    client.get("/api/resident/")
    assert AuditEntry.objects.count() == before
    assert Invitation.objects.filter(used_at__lte=timezone.now()).exists()


def test_a_resident_does_nothing_in_the_name_of_others(
    client: Client, code: str, household: Household, across: Household, clean_up: Rule, rice: Reward
) -> None:
    other = a_resident(across, "李远")
    enter(client, code)
    spent = {"household": across.pk, "price": rice.price, "client_id": str(uuid4())}
    for address, body in (
        ("points/claims/", {"household": across.pk, "rule": clean_up.pk}),
        (f"points/rewards/{rice.pk}/redeem/", spent),
        ("points/entries/award/", {"household": household.pk, "rule": clean_up.pk}),
        ("invitations/", {"household": household.pk, "person": Person.objects.get(user=other).pk}),
        ("reveals/", {"subject": "person", "id": Person.objects.earliest("pk").pk, "field": "name", "reason": "想看"}),
    ):  # fmt: skip
        assert client.post(f"/api/{address}", body, content_type="application/json").status_code == 404


def enter_by_link(client: Client, link: str) -> Any:
    return client.post("/api/resident/session/", {"link": link}, content_type="application/json")


@pytest.fixture
def link(client: Client, worker: User, household: Household, grandmother: Person) -> str:
    """What stands behind `#` in the address that is drawn as a QR code."""
    client.force_login(worker)
    page, _, link = invite(client, household, grandmother).json()["link"].partition("#")
    client.logout()
    assert page == "/r/"
    return str(link)


def test_a_link_brings_the_own_household_once(client: Client, link: str, household: Household) -> None:
    assert enter_by_link(client, link).status_code == 204
    assert [own["id"] for own in client.get("/api/resident/").json()["households"]] == [household.pk]
    client.logout()
    answer = enter_by_link(client, link)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "wrong_code")


def test_code_and_link_are_one_invitation(client: Client, code: str, link: str) -> None:
    assert enter(client, code).status_code == 401  # the later invitation, with the link, has revoked it
    assert enter_by_link(client, link).status_code == 204


def test_a_link_opens_while_others_flood_the_door_with_wrong_codes(client: Client, link: str) -> None:
    for n in range(101):
        flood = client.post("/api/resident/session/", {"code": "000000000000"}, content_type="application/json",
                            REMOTE_ADDR=f"198.51.100.{n}")  # fmt: skip
    assert flood.status_code == 429
    assert enter(client, "000000000000").status_code == 429
    assert enter_by_link(client, link).status_code == 204


@pytest.mark.parametrize("body", [{}, {"code": "000000000000", "link": "x" * 32}])
def test_one_of_code_and_link_is_wanted(client: Client, body: dict[str, str]) -> None:
    answer = client.post("/api/resident/session/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["where"] == "code"


def test_an_account_that_opens_by_invitation_is_given_no_work(client: Client, link: str, west: Grid) -> None:
    enter_by_link(client, link)
    resident = Person.objects.exclude(user=None).get().user
    assert resident is not None
    with pytest.raises(Conflict):
        grant_role(user=resident, kind=RoleKind.GRID_WORKER, community=west.community, grid=west)
    resident.set_password("a password of their own")
    grant_role(user=resident, kind=RoleKind.GRID_WORKER, community=west.community, grid=west)
