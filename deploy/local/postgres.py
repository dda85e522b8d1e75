"""The private PostgreSQL cluster: its own data folder, a socket in a closed folder, no TCP port at all."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from deploy.local.binaries import need_postgresql
from deploy.local.place import Place
from deploy.local.program import Program, SetUpError

PORT = 5432
"""Only names the socket's file: nothing listens on TCP, so no other server can be in the way."""

OWNER = "owner"
ROLE = "twin"
DATABASE = "twin"

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_locks_per_transaction": "256",  # partitions by month: one lock each
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",  # compiling a tile query takes longer than running it
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "dynamic_shared_memory_type": "posix",
}
FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def postgres(place: Place, secrets: Mapping[str, str]) -> Program:
    """The server as a supervised program; makes the cluster at the first start."""
    binaries = need_postgresql()
    data = place.data("pg")
    if not (data / "PG_VERSION").exists():
        make_cluster(place, data, secrets["DATABASE_OWNER_PASSWORD"])
    refuse_another_version(data, binaries)
    sockets = place.sockets()
    settings = (
        SETTINGS
        | (FAST_AND_FORGETFUL if place.mode == "test" else {})
        | {"unix_socket_directories": str(sockets)}
    )
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Program(
        "postgres",
        (*place.account.prefix("INT"), str(binaries / "postgres"), "-D", str(data), *options),
        environment={"LC_ALL": "C.UTF-8"},
        folder=Path("/"),
        ready=lambda: accepts(sockets / f".s.PGSQL.{PORT}"),
        clear=lambda: stop_leftover(data),
        stop_signal=signal.SIGINT,  # "fast": ends the sessions, then writes everything out
        stop_within_s=30,
        shown=False,
        marked=False,  # `clear` finds it, and never by force
    )


def make_cluster(place: Place, data: Path, password: str) -> None:
    """Runs initdb in an empty `data`; every connection, also the owner's, needs a password."""
    for left in data.iterdir():  # an initdb that was cut off
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    pass_file = place.sockets() / "initdb-password"
    pass_file.write_text(password + "\n", encoding="utf-8")
    place.account.own(pass_file)
    command = [
        *(*place.account.prefix(), str(need_postgresql() / "initdb"), "-D", str(data), f"--username={OWNER}"),
        *(
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth=scram-sha-256",
            f"--pwfile={pass_file}",
            "--no-instructions",
        ),
        *(("--no-sync",) if place.mode == "test" else ()),
    ]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd="/", env=plain_environment()
        )
    finally:
        pass_file.unlink()
    if done.returncode != 0:
        raise SetUpError(f"The database cluster in {data} could not be made:\n{done.stdout}{done.stderr}")


def prepare_database(place: Place, secrets: Mapping[str, str]) -> None:
    """Makes the role and its database, with PostGIS in every database to come; needs the running server.

    The role is no superuser, so the twin runs with the same rights as in production; it may create databases for tests.
    """
    sockets = place.sockets()

    def psql(database: str, *commands: str) -> str:
        words = [
            str(need_postgresql() / "psql"),
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(sockets),
        ]
        words += [
            "-p",
            str(PORT),
            "-U",
            OWNER,
            "-d",
            database,
            *(part for text in commands for part in ("-c", text)),
        ]
        environment = plain_environment() | {
            "PGPASSWORD": secrets["DATABASE_OWNER_PASSWORD"],
            "PGOPTIONS": "-c client_min_messages=warning",
        }
        done = subprocess.run(words, check=False, capture_output=True, text=True, env=environment, cwd="/")
        if done.returncode != 0:
            raise SetUpError(f"The database could not be prepared: {done.stderr}")
        return done.stdout.strip()

    if not psql("postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
        password = secrets["DATABASE_PASSWORD"].replace("'", "''")
        psql("postgres", f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'")
    if not psql("template1", "SELECT 1 FROM pg_extension WHERE extname = 'postgis'"):
        psql(
            "template1", "CREATE EXTENSION IF NOT EXISTS postgis", "CREATE EXTENSION IF NOT EXISTS btree_gist"
        )
    if not psql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
        psql("postgres", f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def database_url(place: Place, secrets: Mapping[str, str], database: str = DATABASE) -> str:
    """A libpq URL; the host is the folder of the socket."""
    folder = quote(str(place.sockets()), safe="")
    return f"postgresql://{ROLE}:{quote(secrets['DATABASE_PASSWORD'], safe='')}@/{database}?host={folder}&port={PORT}"


def refuse_another_version(data: Path, binaries: Path) -> None:
    made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if made_by != binaries.parent.name:
        raise SetUpError(
            f"The demo database in {data} was made by PostgreSQL {made_by}, but {binaries.parent.name} is installed. "
            f"Install postgresql-{made_by} again, or run `make reset`, which deletes the demo."
        )


def accepts(path: Path) -> bool:
    """Whether a server answers on the Unix socket `path`, past its start-up and recovery."""
    done = subprocess.run(
        [
            str(need_postgresql() / "pg_isready"),
            "-q",
            "-h",
            str(path.parent),
            "-p",
            str(PORT),
            "-d",
            "postgres",
        ],
        check=False,
        env=plain_environment(),
        cwd="/",
    )
    return done.returncode == 0


def stop_leftover(data: Path, patience_s: float = 30) -> None:
    """Ends a server that a killed supervisor left in `data`, and removes a pid file that names a stranger."""
    pid_file = data / "postmaster.pid"
    pid = leftover_pid(pid_file)
    if pid is None:
        return
    if not serves(pid, data):
        pid_file.unlink(missing_ok=True)
        return
    os.kill(pid, signal.SIGINT)
    ends = time.monotonic() + patience_s
    while serves(pid, data):
        if time.monotonic() > ends:
            os.kill(pid, signal.SIGQUIT)  # "immediate": the next start recovers from the log
            ends += patience_s
        time.sleep(0.05)


def leftover_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def serves(pid: int, data: Path) -> bool:
    """Whether process `pid` is a PostgreSQL server of `data`: one stands in its data folder."""
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        return False


def plain_environment() -> dict[str, str]:
    """The environment without the PG* variables of the person who calls, which would lead elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8"}


def answers(path: Path) -> bool:
    """Whether something listens on the Unix socket `path`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
