"""Real processes for tests: web servers on the test database, a Redis of their own, and ways to kill both."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from django.db import connection

from tests.conftest import ROOT

PATIENCE_S = 60.0
APPLICATION = "twin.config.asgi:application"


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for it; fails after a minute."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, f"{what}: waited {PATIENCE_S:.0f} s"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def database_url() -> str:
    """Leads another process to the database of this test run."""
    to = connection.settings_dict
    user, password = quote(to["USER"], safe=""), quote(to["PASSWORD"], safe="")
    return f"postgresql://{user}:{password}@/{to['NAME']}?host={quote(to['HOST'], safe='')}&port={to['PORT']}"


class Process:
    """Started by `start`, gone at the end of the `with`."""

    def __init__(self, command: list[str], **environment: str) -> None:
        self.command, self.environment = command, environment
        self.output = tempfile.TemporaryFile(mode="w+")  # noqa: SIM115 (closed by __exit__)
        self.running: subprocess.Popen[str] | None = None

    def answers(self) -> bool:
        return True

    def start(self) -> Self:
        self.running = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *self.command],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )
        until(self._stands, self.command[-1])
        return self

    def _stands(self) -> bool:
        assert self.running is not None
        assert self.running.poll() is None, self.said()
        return self.answers()

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.running is not None:
            self.running.send_signal(how)
            self.running.wait(PATIENCE_S)
            self.running = None

    def said(self) -> str:
        self.output.seek(0)
        return self.output.read()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self.output.close()


class Redis(Process):
    """Keeps nothing, like the one of `make run`."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="twin")
        self.path = Path(self.folder.name) / "redis.sock"
        super().__init__(
            [
                "redis-server",
                "--port",
                "0",
                "--save",
                "",
                "--appendonly",
                "no",
                "--unixsocket",
                str(self.path),
            ]
        )

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.path))}?db=0"

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.path)) == 0

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        super().kill(how)
        self.path.unlink(missing_ok=True)


class Web(Process):
    """A web process on a port that it keeps over restarts. `redis` None: it knows no other process."""

    def __init__(self, redis: str | None, server: str = "daphne") -> None:
        self.port = free_port()
        arguments = {
            "daphne": ["-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port), APPLICATION],
            "uvicorn": ["-m", "uvicorn", "--port", str(self.port), APPLICATION],
        }
        super().__init__(
            [sys.executable, *arguments[server]],
            TWIN_DATABASE_URL=database_url(),
            TWIN_REDIS_URL=redis or "",
            PGAPPNAME=f"web-{self.port}",
        )

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/live/"

    def answers(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def cut_off_from_database(self) -> None:
        """As a restart of the database would: all connections of this process die."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                [self.environment["PGAPPNAME"]],
            )
