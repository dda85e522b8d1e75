from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.conftest import box
from tests.layers.live.talking import PATIENCE_S, Talk, in_database, session_of
from twin.access.actions import end_role, grant_role, issue_token, leave, revoke_token, set_active
from twin.access.models import Token
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.actions import found_community
from twin.places.models import Community, Grid


def log_out(user: User) -> None:
    Session.objects.all().delete()
    leave(user=user)


def disable(user: User) -> None:
    set_active(user=user, active=False)


def change_password(user: User) -> None:
    user.set_password("another long one 2")
    user.save()


def forget_session(user: User) -> None:
    """Without telling anyone, as `manage.py clearsessions` or a clerk in the database would."""
    Session.objects.all().delete()


@pytest.mark.parametrize("end", [log_out, disable, change_password, forget_session])
async def test_a_socket_closes_when_its_log_in_ends(
    end: Callable[[User], None], officer: User, west: Grid
) -> None:
    async with Talk(user=officer) as talk:
        await talk.snapshot(f"alarms:{west.pk}")
        await in_database(end, officer)
        assert await talk.hear() == {"kind": "closed", "code": 4401}


async def test_an_ended_role_takes_its_topics_along_and_leaves_the_others(
    community: Community, in_role: Callable[..., User], west: Grid, east: Grid
) -> None:
    worker = await in_database(in_role, RoleKind.GRID_WORKER, grid=west)
    role = await in_database(
        grant_role, user=worker, kind=RoleKind.GRID_WORKER, community=community, grid=east
    )
    async with Talk(user=worker) as talk:
        await talk.join(f"alarms:{west.pk}", f"alarms:{east.pk}")
        await talk.expect("snapshot"), await talk.expect("snapshot")
        await in_database(end_role, role=role)
        assert await talk.expect("refused") == {
            "kind": "refused",
            "topic": f"alarms:{east.pk}",
            "reason": "ended",
        }
        await talk.join(f"alarms:{west.pk}", f"alarms:{east.pk}")
        assert {(await talk.hear())["kind"] for _ in range(2)} == {"snapshot", "refused"}


async def test_a_role_that_runs_out_ends_by_itself(
    community: Community, someone: Callable[..., User], west: Grid
) -> None:
    user = await in_database(someone)
    soon = timezone.now() + timedelta(seconds=1)
    await in_database(
        grant_role, user=user, kind=RoleKind.GRID_WORKER, community=community, grid=west, ends_at=soon
    )
    topic = f"alarms:{west.pk}"
    async with Talk(user=user) as talk:
        await talk.snapshot(topic)
        assert (await talk.expect("refused", topic))["reason"] == "ended"
        assert timezone.now() >= soon


async def test_a_new_role_opens_its_topics_to_the_open_socket_and_says_so(
    community: Community, stranger: User, west: Grid
) -> None:
    inbox, topic = f"inbox:{stranger.pk}", f"alarms:{west.pk}"
    async with Talk(user=stranger) as talk:
        assert (await talk.snapshot(inbox))["items"] == [{"kind": "rights", "changed_at": None}]
        await in_database(grant_role, user=stranger, kind=RoleKind.GRID_HEAD, community=community, grid=west)
        assert (await talk.expect("change", inbox))["fact"]["changed_at"] is not None
        async with asyncio.timeout(PATIENCE_S):
            await talk.join(topic)
            while (await talk.hear())["kind"] != "snapshot":  # the new scope is there within a second or two
                await asyncio.sleep(0.1)
                await talk.join(topic)


@pytest.fixture
def wall(community: Community, in_role: Callable[..., User]) -> tuple[Token, str]:
    user = in_role(RoleKind.WALL)
    return issue_token(community=community, kind=Token.Kind.WALL, name="大屏", user=user)


async def test_a_token_opens_a_socket_until_it_is_revoked(wall: tuple[Token, str], west: Grid) -> None:
    token, secret = wall
    async with Talk(token=secret, origin=None) as talk:
        await talk.snapshot(f"alarms:{west.pk}")
        await in_database(revoke_token, token=token)
        assert await talk.hear() == {"kind": "closed", "code": 4401}


async def test_a_token_that_expires_closes_its_socket(wall: tuple[Token, str]) -> None:
    token, secret = wall
    async with Talk(token=secret, origin=None) as talk:
        await in_database(
            Token.objects.filter(pk=token.pk).update, expires_at=timezone.now() + timedelta(milliseconds=200)
        )
        assert await talk.hear() == {"kind": "closed", "code": 4401}


async def test_a_device_token_opens_no_socket(community: Community) -> None:
    _, secret = await in_database(issue_token, community=community, kind="device", name="网关")
    talk = Talk(token=secret, origin=None)
    assert await talk.open()
    assert await talk.hear() == {"kind": "closed", "code": 4401}


@pytest.mark.parametrize("session", [None, "nonsense", "a" * 32])
async def test_who_is_not_signed_in_is_told_4401(session: str | None, community: Community) -> None:
    talk = Talk(session=session)
    assert await talk.open()
    assert await talk.hear() == {"kind": "closed", "code": 4401}


async def test_another_users_log_out_on_the_same_account_leaves_this_session_open(
    officer: User, west: Grid
) -> None:
    other = await in_database(session_of, officer)
    async with Talk(user=officer) as talk, Talk(session=other) as elsewhere:
        await in_database(Session.objects.filter(pk=other).delete)
        await in_database(leave, user=officer)
        assert (await elsewhere.hear())["code"] == 4401
        await talk.snapshot(f"alarms:{west.pk}")


async def test_logging_out_over_http_closes_the_socket(officer: User) -> None:
    browser = Client()
    await in_database(browser.force_login, officer)
    async with Talk(session=browser.cookies["sessionid"].value) as talk:
        assert (await in_database(browser.delete, "/api/session/")).status_code == 204
        assert (await talk.hear())["code"] == 4401


async def test_a_token_opens_no_topic_of_another_community(
    wall: tuple[Token, str], west: Grid, someone: Callable[..., User]
) -> None:
    """Its user may have rights elsewhere; whoever issued the token had none there."""
    token, _ = wall
    elsewhere = await in_database(
        found_community, name="对岸社区", boundary=box(122.7, 31.05, 122.704, 31.052)
    )
    await in_database(grant_role, user=token.user, kind=RoleKind.WALL, community=elsewhere)
    _, secret = await in_database(issue_token, community=elsewhere, kind="wall", name="墙", user=token.user)
    async with Talk(token=secret, origin=None) as talk:
        await talk.join(f"alarms:{west.pk}")
        assert (await talk.hear())["reason"] == "not_found"
