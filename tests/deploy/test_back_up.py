"""A back-up is one only when it has been restored: the scripts run against real databases."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from deploy.local.binaries import need_postgresql
from deploy.local.place import ROOT

SCRIPTS = ROOT / "deploy" / "production"


def url_of(database: str) -> str:
    there = urlsplit(os.environ["TWIN_DATABASE_URL"])
    return there._replace(path=f"/{database}").geturl()


@pytest.fixture
def two_databases() -> Iterator[tuple[str, str]]:
    """One with a table and a row, standing for the twin's; one empty."""
    names = tuple(f"test_back_up_{which}_{os.getpid()}" for which in ("from", "to"))
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        for name in names:
            server.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(url_of(names[0])) as made:
                made.execute("CREATE TABLE django_migrations (id bigint)")
                made.execute("CREATE TABLE building (name text, footprint geometry(Polygon, 4326))")
                made.execute(
                    "INSERT INTO building VALUES ('西楼', ST_MakeEnvelope(122.6, 31.05, 122.601, 31.051, 4326))"
                )
            yield url_of(names[0]), url_of(names[1])
        finally:
            for name in names:
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(script: str, *words: str, database: str, data: Path) -> subprocess.CompletedProcess[str]:
    path = f"{need_postgresql()}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "TWIN_DATABASE_URL": database, "TWIN_DATA_DIR": str(data)}
    return subprocess.run(
        [SCRIPTS / script, *words], env=environment, capture_output=True, text=True, check=False
    )


def back_up(database: str, folder: Path) -> Path:
    data = folder / "data"
    (data / "media").mkdir(parents=True)
    (data / "media" / "photo.jpg").write_bytes(b"a photo")
    done = run("back-up.sh", str(folder / "kept"), database=database, data=data)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_what_was_backed_up_comes_back(two_databases: tuple[str, str], tmp_path: Path) -> None:
    full, empty = two_databases
    kept = back_up(full, tmp_path)
    done = run("restore.sh", str(kept), database=empty, data=tmp_path / "new")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(empty) as restored:
        row = restored.execute("SELECT name, ST_AsText(ST_Centroid(footprint), 4) FROM building").fetchone()
    assert row == ("西楼", "POINT(122.6005 31.0505)")
    assert (tmp_path / "new" / "media" / "photo.jpg").read_bytes() == b"a photo"


def test_a_back_up_is_closed_to_others(two_databases: tuple[str, str], tmp_path: Path) -> None:
    kept = back_up(two_databases[0], tmp_path)
    assert all(path.stat().st_mode & 0o077 == 0 for path in (kept, *kept.iterdir()))


def test_a_database_that_holds_a_twin_is_not_written_over(
    two_databases: tuple[str, str], tmp_path: Path
) -> None:
    full, _ = two_databases
    done = run("restore.sh", str(back_up(full, tmp_path)), database=full, data=tmp_path / "new")
    assert done.returncode == 1
    assert "already holds a twin" in done.stderr


def test_a_damaged_back_up_is_refused(two_databases: tuple[str, str], tmp_path: Path) -> None:
    full, empty = two_databases
    kept = back_up(full, tmp_path)
    with (kept / "database.dump").open("ab") as dump:
        dump.write(b"x")
    done = run("restore.sh", str(kept), database=empty, data=tmp_path / "new")
    assert done.returncode != 0
    assert "database.dump: FAILED" in done.stdout


def test_a_failed_back_up_leaves_nothing_that_looks_like_one(tmp_path: Path) -> None:
    done = run("back-up.sh", str(tmp_path / "kept"), database=url_of("no_such_database"), data=tmp_path)
    assert done.returncode != 0
    assert not list((tmp_path / "kept").iterdir())


def test_the_example_of_production_names_only_variables_that_are_read() -> None:
    example = (SCRIPTS / "twin.env.example").read_text(encoding="utf-8")
    names = {line.partition("=")[0] for line in example.splitlines() if line.startswith("TWIN_")}
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "twin" / "config").glob("*.py"))
    unread = {name for name in names if f'"{name}"' not in code}
    assert not unread
    assert settings.configured
