"""Redis saves work. While it is away the work is done again, and nobody is told that something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.core.cache import cache
from django.test import Client

from tests.api.test_session import sign_in
from tests.conftest import ROOT
from tests.layers.conftest import drawn
from tests.layers.live.servers import Redis
from tests.layers.test_tiles import address, get
from twin.accounts.models import User
from twin.base import cache as cache_of_ours
from twin.places.models import Community

__all__ = ["drawn"]


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    monkeypatch.setattr(cache_of_ours, "PAUSE_S", 0.0)
    with Redis() as server:
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": server.url}}
        cache.key_prefix = "own"
        yield server


def test_tiles_are_served_while_redis_is_away(
    server: Redis, drawn: Community, officer: User, client: Client
) -> None:
    client.force_login(officer)
    before = get(client, address("buildings", drawn)).content
    server.kill()
    assert get(client, address("buildings", drawn)).content == before
    server.start()
    assert get(client, address("buildings", drawn)).content == before


def test_tiles_are_served_while_redis_is_full(
    server: Redis, drawn: Community, officer: User, client: Client
) -> None:
    redis.Redis.from_url(server.url).config_set("maxmemory", 1)
    client.force_login(officer)
    assert get(client, address("buildings", drawn)).status_code == 200


def test_one_signs_in_while_redis_is_away_and_guessing_is_slowed_down_all_the_same(
    server: Redis, officer: User, client: Client
) -> None:
    server.kill()
    assert sign_in(client, officer.username, "long enough 1") == 200
    client.logout()
    assert [sign_in(client, officer.username, "wrong") for _ in range(10)][-1] == 429


def test_what_redis_holds_is_used_when_it_is_back(server: Redis) -> None:
    cache.set("tile", "kept")
    assert cache.get("tile") == "kept"
    server.kill()
    cache.set("tile", "own")
    assert cache.get("tile") == "own"
    server.start()
    assert cache.get("tile") is None, (
        "this Redis keeps nothing over a restart; what it does not hold is made anew"
    )


def test_two_installations_on_one_redis_do_not_get_each_others_tiles() -> None:
    """Communities are numbered from 1 everywhere, and so are the versions of their shapes."""
    say = "from django.conf import settings; print(settings.CACHES['default']['KEY_PREFIX'])"
    command = [sys.executable, "-c", say]
    known = {**os.environ, "DJANGO_SETTINGS_MODULE": "twin.config.settings"}
    other = {**known, "TWIN_DATABASE_URL": "postgresql://twin:secret@/other?host=/run"}
    own, its = (
        subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for env in (known, other)
    )
    assert own.strip() != its.strip()
