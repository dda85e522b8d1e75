"""Scopes are remembered between requests for shapes; nothing that ends a right may be overlooked because of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.test import Client

from gis.tile_address import tile_at
from layers import viewers
from twin.access.actions import end_role, grant_role, issue_token, revoke_token, set_active
from twin.access.models import Role, Token
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.models import Community


@pytest.fixture
def status(drawn: Community) -> Callable[..., int]:
    """What a request for a tile is answered with, the way to the current version followed."""
    at = tile_at(122.602, 31.051, 14)

    def ask(client: Client, **headers: str) -> int:
        path = f"/layers/{drawn.pk}/tiles/buildings/0/{at}.mvt"
        return int(client.get(path, follow=True, headers=headers).status_code)

    return ask


@pytest.fixture
def signed_in(officer: User, client: Client, status: Callable[..., int]) -> Client:
    """Somebody who has seen a tile, so that this process remembers them."""
    client.force_login(officer)
    assert status(client) == 200
    return client


def test_a_known_viewer_costs_one_query(
    signed_in: Client, drawn: Community, django_assert_num_queries: Callable[..., object]
) -> None:
    at = tile_at(122.602, 31.051, 12)
    drawn.refresh_from_db()
    path = f"/layers/{drawn.pk}/tiles/buildings/{drawn.shape_version}/{at}.mvt"
    etag = signed_in.get(path).headers["ETag"]
    with django_assert_num_queries(1):
        assert signed_in.get(path).status_code == 200
    with django_assert_num_queries(1):
        assert signed_in.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_a_role_that_was_ended_counts_from_the_next_request_on(
    signed_in: Client, officer: User, status: Callable[..., int]
) -> None:
    end_role(role=Role.objects.get(user=officer))
    assert status(signed_in) == 404


def test_a_role_that_ends_by_itself_is_noticed(
    someone: Callable[..., User],
    drawn: Community,
    client: Client,
    status: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.utils import timezone

    guest = someone("临时")
    now = timezone.now()
    ends_at = now + timedelta(minutes=5)
    grant_role(user=guest, kind=RoleKind.DUTY_OFFICER, community=drawn, ends_at=ends_at)
    client.force_login(guest)
    assert status(client) == 200
    monkeypatch.setattr(timezone, "now", lambda: ends_at)
    assert status(client) == 404


def test_who_signed_out_gets_nothing(signed_in: Client, status: Callable[..., int]) -> None:
    key = signed_in.cookies["sessionid"].value
    signed_in.logout()
    signed_in.cookies["sessionid"] = key
    assert status(signed_in) == 401


def test_a_session_that_has_expired_gets_nothing(signed_in: Client, status: Callable[..., int]) -> None:
    Session.objects.update(expire_date=Now() - timedelta(seconds=1))
    assert status(signed_in) == 401


def test_a_disabled_user_gets_nothing(signed_in: Client, officer: User, status: Callable[..., int]) -> None:
    set_active(user=officer, active=False)
    assert status(signed_in) == 401


def test_a_changed_password_ends_the_session(
    signed_in: Client, officer: User, status: Callable[..., int]
) -> None:
    officer.set_password("another long one 2")
    officer.save()
    assert status(signed_in) == 401


def test_a_token_counts_until_it_is_revoked(
    officer: User, community: Community, client: Client, status: Callable[..., int]
) -> None:
    token, secret = issue_token(community=community, kind=Token.Kind.GIS, name="QGIS", user=officer)
    assert status(client, Authorization=f"Bearer {secret}") == 200
    revoke_token(token=token)
    assert status(client, Authorization=f"Bearer {secret}") == 401


def test_two_viewers_are_told_apart(signed_in: Client, stranger: User, status: Callable[..., int]) -> None:
    other = Client()
    other.force_login(stranger)
    assert status(other) == 404
    assert status(signed_in) == 200


def test_who_has_not_asked_for_long_is_forgotten(
    signed_in: Client,
    in_role: Callable[..., User],
    status: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(viewers, "MOST_REMEMBERED", 1)
    other = Client()
    other.force_login(in_role(RoleKind.DUTY_OFFICER))
    assert status(other) == 200
    assert len(viewers._known) == 1
    assert status(signed_in) == 200
