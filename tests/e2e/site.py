"""A real site for a real browser: its own database with the demo community, and daphne in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.ports import accepts_tcp, next_free
from tests.e2e.database import Database
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
HERE = "127.0.0.1"
PASSWORD = "haitang-2026"


@dataclass(frozen=True)
class Site:
    url: str
    database: Database
    data: Path
    environment: dict[str, str]
    community: int
    """The demo's."""

    def tokens(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.data / "demo" / "tokens.json").read_text("utf-8"))
        return document

    def manage(self, *command: str) -> str:
        return manage(self.environment, *command)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


def manage(environment: dict[str, str], *command: str) -> str:
    """What a management command prints. Raises AssertionError with everything it said when it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def demo_site(data: Path) -> Iterator[Site]:
    """The demo community, served until the end. Uploads go into `data`; the database is dropped."""
    database = Database.beside(os.environ["TWIN_DATABASE_URL"], f"e2e_{os.getpid()}")
    environment = {
        **os.environ, "TWIN_DATABASE_URL": database.url, "TWIN_DATA_DIR": str(data), "TWIN_DEMO": "1",
        "TWIN_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    database.create()
    try:
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "load_demo")
        community = database.rows("SELECT id FROM places_community ORDER BY id LIMIT 1")[0][0]
        with served(environment, data / "server.log") as url:
            yield Site(url, database, data, environment, community)
    finally:
        database.drop()


@contextmanager
def served(environment: dict[str, str], log: Path) -> Iterator[str]:
    """The address at which daphne answers, until the end."""
    port = next_free(18000 + os.getpid() % 1000, HERE)
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "daphne", "-b", HERE, "-p", str(port), "twin.config.asgi:application"],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            until(lambda: accepts_tcp(port, HERE), "the site answers")
            yield f"http://{HERE}:{port}"
        finally:
            server.terminate()
            server.wait(20)
