"""Shapes take a road of their own through an ASGI server; what comes out is what Django would have answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client

from gis.tile_address import tile_at
from twin.accounts.models import User
from twin.config.application import application
from twin.places.models import Community

CONNECTING = ("dbname", "user", "password", "host", "port")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def path(drawn: Community) -> str:
    at = tile_at(122.602, 31.051, 12)
    return f"/layers/{drawn.pk}/tiles/buildings/{drawn.shape_version}/{at}.mvt"


@pytest.fixture
def cookies(officer: User) -> dict[str, str]:
    browser = Client()
    browser.force_login(officer)
    return {"sessionid": browser.cookies["sessionid"].value}


@pytest.fixture(autouse=True)
def end_connections(transactional_db: None) -> Iterator[Callable[[], None]]:
    """End those that the threads of shapes keep; also afterwards, or the test database could not be dropped."""
    known = {k: v for k, v in connection.get_connection_params().items() if k in CONNECTING}

    def end() -> None:
        with psycopg.connect(**known) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query ~ 'ST_AsMVT|rights.number' AND pid <> pg_backend_pid()"
            )

    yield end
    end()


async def answer(
    method: str, path: str, cookies: dict[str, str] | None = None, **headers: str
) -> httpx.Response:
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies) as client:
        return await client.request(method, path, headers=headers)


async def test_a_tile_is_the_one_that_django_gives(path: str, cookies: dict[str, str], officer: User) -> None:
    got = await answer("GET", path, cookies, **{"Accept-Encoding": "identity"})
    browser = Client()
    browser.cookies["sessionid"] = cookies["sessionid"]
    wanted = await sync_to_async(browser.get)(path)
    assert got.status_code == wanted.status_code == 200
    assert got.content == wanted.content
    assert {k.lower(): v for k, v in wanted.headers.items()}.items() <= dict(got.headers).items()


async def test_a_stranger_gets_401_here_too(path: str) -> None:
    assert (await answer("GET", path)).status_code == 401


async def test_only_get_is_answered(path: str, cookies: dict[str, str]) -> None:
    assert (await answer("POST", path, cookies)).status_code in {403, 405}


async def test_other_pages_go_their_old_way() -> None:
    assert (await answer("GET", "/api/session/")).status_code in {200, 401}


async def test_a_database_that_was_restarted_in_between_is_noticed_by_nobody(
    path: str, cookies: dict[str, str], end_connections: Callable[[], None]
) -> None:
    assert (await answer("GET", path, cookies)).status_code == 200
    end_connections()
    for _ in range(8):
        assert (await answer("GET", path, cookies)).status_code == 200
