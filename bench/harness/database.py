"""Databases for what is measured, beside the one that TWIN_DATABASE_URL names: made for a run, or kept from run to run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[2]


def use(name: str) -> None:
    """Have Django, in this process and in those that it starts, use the database `name`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twin.config.settings")
    os.environ["TWIN_DATABASE_URL"] = url_of(name)


def url_of(name: str) -> str:
    """The address of another database of the same server."""
    if "TWIN_DATABASE_URL" not in os.environ:
        raise SystemExit(
            "No servers: start them with `make test-env` and `. .local/test/env`, or use `make bench`."
        )
    url = os.environ["TWIN_DATABASE_URL"]
    if "@/" in url:
        return re.sub(r"@/[^/?]*", f"@/{name}", url, count=1)
    return re.sub(r"^(\w+://[^/]+)/[^?]*", rf"\1/{name}", url)


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """A new database with all tables, dropped at the end."""
    use(name)
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        try:
            manage("migrate", "--verbosity", "0")
            yield
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def kept_database(name: str) -> None:
    """A database that stays; made, and brought to the tables of this checkout, where that is needed."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {name}")
    use(name)
    manage("migrate", "--verbosity", "0")


def manage(*words: str) -> None:
    """Run a management command. Raises SystemExit with what it said when it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        raise SystemExit(
            f"manage.py {' '.join(words)} failed:\n{done.stdout.decode(errors='replace')[-3000:]}"
        )
