from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from twin.access.models import AuditEntry, RightsChange
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.models import Community

PASSWORD = "long enough 1"


def sign_in(client: Client, username: str, password: str) -> int:
    body = {"username": username, "password": password}
    return client.post("/api/session/", body, content_type="application/json").status_code


def test_signing_in_tells_who_and_which_communities(
    officer: User, community: Community, client: Client
) -> None:
    assert sign_in(client, officer.username, PASSWORD) == 200
    document = client.get("/api/session/").json()
    assert document["user"]["username"] == officer.username
    assert [(c["id"], c["roles"]) for c in document["communities"]] == [(community.pk, ["duty_officer"])]
    assert AuditEntry.objects.filter(by=officer, action="session.begin").exists()


@pytest.mark.parametrize("kind", sorted(set(RoleKind) - {RoleKind.STAIRWELL_HEAD}))
def test_the_back_office_is_offered_to_whom_it_opens(
    in_role: Callable[..., User], client: Client, kind: str
) -> None:
    client.force_login(in_role(kind))
    offered = client.get("/api/session/").json()["back_office"]
    assert offered == (client.get("/admin/").status_code == 200)
    assert offered == (kind in {RoleKind.COMMUNITY_ADMIN, RoleKind.AUDITOR})


def test_nobody_signed_in_is_401(db: None, client: Client) -> None:
    answer = client.get("/api/session/")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthenticated"


@pytest.mark.parametrize(("username", "password"), [("user1", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_alike(
    officer: User, client: Client, username: str, password: str
) -> None:
    answer = client.post(
        "/api/session/", {"username": username, "password": password}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "wrong_password")


def test_a_disabled_user_cannot_sign_in(officer: User, client: Client) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert sign_in(client, officer.username, PASSWORD) == 401


def test_guessing_is_slowed_down(officer: User, client: Client) -> None:
    answers = [sign_in(client, officer.username, "wrong") for _ in range(11)]
    assert answers[-1] == 429


def test_signing_out_ends_the_session_and_tells_open_connections(officer: User, client: Client) -> None:
    sign_in(client, officer.username, PASSWORD)
    assert client.delete("/api/session/").status_code == 204
    assert client.get("/api/session/").status_code == 401
    assert RightsChange.objects.filter(user=officer).exists()


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"username": 3}', '{"username": "a\\u0000", "password": "b"}']
)
def test_a_broken_body_is_told_so(db: None, client: Client, body: str) -> None:
    answer = client.post("/api/session/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_a_sign_in_from_another_page_is_refused_without_the_csrf_token(officer: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    assert strict.delete("/api/session/").status_code == 403


def test_a_made_up_address_does_not_buy_more_guesses(officer: User, client: Client) -> None:
    body = {"username": officer.username, "password": "wrong"}
    answers = [
        client.post(
            "/api/session/", body, content_type="application/json", headers={"X-Forwarded-For": f"10.0.0.{n}"}
        ).status_code
        for n in range(11)
    ]
    assert answers[-1] == 429
