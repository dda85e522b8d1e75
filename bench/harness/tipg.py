"""tipg, a tile server in Python that many use, in an environment of its own outside the project's lock files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from bench.harness.database import ROOT
from bench.harness.processes import free_port, running

VERSION = "1.6.1"
HOME = ROOT / ".local" / "bench" / "tipg"
COLUMNS = "id,name,number,height_m,base_m,floors_above,use,grid_id,compound_id,cut"


def installed() -> Path:
    """Its Python; installed with pip at the first call."""
    python = HOME / "bin" / "python"
    if not (HOME / f".{VERSION}").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)
        words = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            f"tipg=={VERSION}",
            "uvicorn",
        ]
        subprocess.run([str(python), *words], check=True, stderr=subprocess.DEVNULL)
        (HOME / f".{VERSION}").touch()
    return python


@contextmanager
def serving(database_url: str) -> Iterator[tuple[int, int]]:
    """(port, process id) of tipg on this database, with one process."""
    port = free_port()
    words = [
        str(installed()),
        "-m",
        "uvicorn",
        "--log-level",
        "warning",
        "--no-access-log",
        "--port",
        str(port),
    ]
    environment = {
        "DATABASE_URL": with_a_host(database_url),
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_DB_TABLES": '["public.places_building"]',
        "TIPG_MAX_FEATURES_PER_TILE": "1000000",
        "TIPG_TILE_RESOLUTION": "4096",
        "TIPG_TILE_BUFFER": "64",
        "TIPG_SET_MVT_LAYERNAME": "TRUE",
        "PYTHONPATH": "",
    }
    with running([*words, "tipg.main:app"], port, environment) as child:
        yield port, child.pid


def with_a_host(url: str) -> str:
    """The folder of a socket where the host stands: tipg takes no address without one."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host")
    if folder is None:
        return url
    user, _, _ = parts.netloc.rpartition("@")
    port = parse_qs(parts.query).get("port", ["5432"])[0]
    return f"postgresql://{user}@{quote(folder[0], safe='')}:{port}{parts.path}"


def path_of(z: int, x: int, y: int) -> str:
    return (
        f"/collections/public.places_building/tiles/WebMercatorQuad/{z}/{x}/{y}"
        f"?geom-column=footprint&properties={COLUMNS}"
    )
