"""The database away, over HTTP: said as such, and over as soon as it is back. (Sockets: `test_outages.py`.)"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connection

from tests.layers.live.servers import Web
from tests.layers.live.talking import session_of
from twin.accounts.models import User
from twin.places.models import Community


def cut_connections() -> None:
    """As a restart does: whoever was connected is not any more. (A vacuum at work is not ours to cut.)"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )


@contextmanager
def database_away() -> Iterator[None]:
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
        cut_connections()
        try:
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {name} CONNECTION LIMIT -1")


@pytest.fixture(autouse=True)
def new_pool(transactional_db: None) -> Iterator[None]:
    """What was cut leaves our own pool waiting ever longer between its tries: the next test begins with another one."""
    yield
    connection.close()
    connection.close_pool()


@pytest.fixture
def ask(officer: User, community: Community) -> Iterator[Any]:
    cookies = {settings.SESSION_COOKIE_NAME: session_of(officer)}
    with (
        Web(None) as web,
        httpx.Client(base_url=f"http://127.0.0.1:{web.port}", cookies=cookies, timeout=60) as client,
    ):
        yield client.get


PATHS = ["/api/communities/", "/layers/{community}/manifest.json", "/admin/"]


def test_a_request_after_a_restart_of_the_database_is_answered(ask: Any, community: Community) -> None:
    for path in [path.format(community=community.pk) for path in PATHS]:
        before = ask(path).status_code
        cut_connections()
        assert ask(path).status_code == before < 400


def test_while_the_database_is_away_that_is_said_and_then_it_is_over(ask: Any, community: Community) -> None:
    with database_away():
        for path in PATHS:
            answer = ask(path.format(community=community.pk))
            assert answer.status_code == 503
            assert answer.json()["error"]["code"] == "unavailable"
            assert answer.headers["Retry-After"]
    assert ask("/api/communities/").status_code == 200
