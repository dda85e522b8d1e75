"""A private cluster, Redis and broker of our own, really started, killed and started again."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from deploy.local.place import Place, place
from deploy.local.postgres import leftover_pid, serves, stop_leftover
from deploy.local.servers import start_servers
from deploy.local.supervisor import Supervisor
from deploy.local.terminal import Terminal


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Place]:
    made = place("run", root=tmp_path)
    yield made
    stop_leftover(made.data("pg"))
    made.remove()


def supervisor_of(own: Place) -> Supervisor:
    return Supervisor(
        mark=f"{own.state}:servers", logs=own.logs, terminal=Terminal(StringIO()), environment=os.environ
    )


async def test_the_servers_answer_and_stop(own: Place) -> None:
    supervisor = supervisor_of(own)
    try:
        there = await start_servers(own, supervisor)
        with psycopg.connect(there["TWIN_DATABASE_URL"]) as connection:
            asked = connection.execute(
                "SELECT postgis_lib_version(), rolsuper FROM pg_roles WHERE rolname = current_user"
            )
            version, is_superuser = asked.fetchone() or ("", True)
        assert version >= "3.3"
        assert not is_superuser
        assert redis.Redis.from_url(there["TWIN_REDIS_URL"]).ping()
        broker = urlsplit(there["TWIN_MQTT_URL"])
        with socket.create_connection((broker.hostname, broker.port), timeout=5):
            pass
    finally:
        await supervisor.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(there["TWIN_DATABASE_URL"])


async def test_nobody_gets_in_without_the_password(own: Place) -> None:
    supervisor = supervisor_of(own)
    try:
        url = urlsplit((await start_servers(own, supervisor))["TWIN_DATABASE_URL"])
        bare = url._replace(netloc="twin@").geturl()
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(bare)
    finally:
        await supervisor.stop()


async def test_a_killed_server_is_started_again_with_its_data(own: Place) -> None:
    supervisor = supervisor_of(own)
    try:
        there = await start_servers(own, supervisor)
        with psycopg.connect(there["TWIN_DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        pid = leftover_pid(own.data("pg") / "postmaster.pid")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert await answers_again(there["TWIN_DATABASE_URL"])
    finally:
        await supervisor.stop()


async def answers_again(url: str) -> bool:
    """Whether the table of before is there once the server is up again."""
    for _ in range(300):
        try:
            with psycopg.connect(url) as connection:
                return connection.execute("SELECT one FROM kept").fetchone() == (1,)
        except psycopg.OperationalError:
            await asyncio.sleep(0.1)
    return False


async def test_a_pid_file_that_names_a_stranger_is_in_nobodys_way(own: Place) -> None:
    supervisor = supervisor_of(own)
    await start_servers(own, supervisor)
    await supervisor.stop()
    stranger = await asyncio.create_subprocess_exec("sleep", "600")
    try:
        (own.data("pg") / "postmaster.pid").write_text(f"{stranger.pid}\n")
        assert not serves(stranger.pid, own.data("pg"))
        again = supervisor_of(own)
        await start_servers(own, again)
        await again.stop()
        assert stranger.returncode is None
    finally:
        stranger.kill()
        await stranger.wait()
