"""The import of 100 000 footprints, a hundred of them broken, into a community of a hundred grids; then the same again."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.harness.database import ROOT, manage, own_database
from bench.harness.footprints import SOUTH, STEP_DEGREES, WEST, write_footprints
from bench.harness.processes import machine

NAME = "大城"
GRIDS_A_SIDE = 10


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--footprints", type=int, default=100_000)
    return parser.parse_args()


def write_grids(footprints: int, path: Path) -> None:
    """Squares over all footprints."""
    width = (int(footprints**0.5) + 2) * STEP_DEGREES / GRIDS_A_SIDE
    features = []
    for n in range(GRIDS_A_SIDE**2):
        west = WEST - STEP_DEGREES + n % GRIDS_A_SIDE * width
        south = SOUTH - STEP_DEGREES + n // GRIDS_A_SIDE * width
        corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
        ring = [[round(west + x * width, 7), round(south + y * width, 7)] for x, y in corners]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"name": f"第{n + 1}网格", "code": f"{n + 1:03d}"},
                         "geometry": geometry})  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def timed(*words: str) -> str:
    """A management command, as a whole process: seconds, processor seconds of the command, its peak memory."""
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "manage.py", *words], cwd=ROOT, stdout=subprocess.DEVNULL
    ) as child:
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"manage.py {' '.join(words)} failed")
    return f"{time.monotonic() - began:6.1f} s, processor {used.ru_utime:5.1f} s, memory {used.ru_maxrss / 1024:5.0f} MiB"


def main() -> None:
    options = arguments()
    with own_database("twin_bench_imports"), tempfile.TemporaryDirectory() as name:
        grids, city = Path(name) / "grids.geojson", Path(name) / "city.geojson"
        write_grids(options.footprints, grids)
        write_footprints(options.footprints, city)
        manage("found_community", NAME)
        manage("import_places", str(grids), "--community", NAME, "--kind", "grids")
        print(f"{options.footprints:,} footprints, {machine()}")
        for run in ("first", "again"):
            told = timed("import_places", str(city), "--community", NAME, "--kind", "buildings")
            print(f"{run:6} {told}", flush=True)


if __name__ == "__main__":
    main()
