"""Questions that the database is slow to answer: they hold up nobody else, and are given up. The table of buildings is locked
for as long as a test likes, so whoever asks about buildings waits."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.layers.live.servers import Web, database_url, until
from tests.layers.live.talking import session_of
from twin.accounts.models import User
from twin.places.models import Building, Community

SERVERS = ["daphne", "uvicorn"]
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def buildings_locked() -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url()) as other:
        other.execute("LOCK TABLE places_building IN ACCESS EXCLUSIVE MODE")
        yield other
        other.rollback()


@contextmanager
def client_of(web: Web, user: User) -> Iterator[httpx.Client]:
    cookies = {settings.SESSION_COOKIE_NAME: session_of(user)}
    with httpx.Client(base_url=f"http://127.0.0.1:{web.port}", cookies=cookies, timeout=60) as client:
        yield client


def waiting(web: Web) -> int:
    """How many statements of this process wait for a lock now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND wait_event_type = 'Lock'",
            [web.environment["PGAPPNAME"]],
        )
        count: int = cursor.fetchone()[0]
    return count


@pytest.mark.parametrize("server", SERVERS)
def test_who_asks_for_much_keeps_nobody_else_waiting(
    server: str, officer: User, community: Community, west_building: Building
) -> None:
    with Web(None, server) as web, client_of(web, officer) as client, ThreadPoolExecutor(8) as threads:
        slow = f"/layers/{community.pk}/features/buildings/"
        other = [f"/layers/{community.pk}/tiles/grids/0/14/13767/6658.mvt", "/api/grids/", "/api/session/"]
        for path in (slow, *other):
            assert client.get(path, follow_redirects=True).status_code == 200, path
        with buildings_locked():
            asked: list[Future[httpx.Response]] = [threads.submit(client.get, slow) for _ in range(6)]
            asked += [threads.submit(client.get, "/api/buildings/") for _ in range(2)]
            until(lambda: waiting(web) >= 6, "slow questions")
            for path in other:
                assert client.get(path, follow_redirects=True).status_code == 200, path
            assert not any(one.done() for one in asked)
        assert {one.result().status_code for one in asked} == {200}


@pytest.mark.parametrize("server", SERVERS)
def test_what_takes_too_long_is_given_up_and_said_so(
    server: str, officer: User, community: Community, west_building: Building
) -> None:
    web = Web(None, server)
    web.environment["TWIN_STATEMENT_TIMEOUT_S"] = "1"
    with web, client_of(web, officer) as client, buildings_locked():
        for path in (f"/layers/{community.pk}/features/buildings/", "/api/buildings/"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "too_slow"), path
        assert client.get("/api/grids/").status_code == 200
