"""A whole real district: every footprint imported as it came, and every building cut into dwellings.

`--file` is GeoJSON with heights or floors, by default the district of Shenzhen in ../shared/data. Each building is cut by the
command, one transaction each; what cannot be cut is counted by its reason.
"""

from __future__ import annotations

import argparse
import csv
import re
import tempfile
from collections import Counter
from pathlib import Path

from bench.harness.database import ROOT, manage, own_database
from bench.harness.processes import machine
from bench.imports import timed

NAME = "样区"
SAMPLE = ROOT.parent / "shared" / "data" / "buildings" / "shenzhen_nanshan_height_wgs84.geojson"
COUNTED = """
    SELECT (SELECT count(*) FROM places_building), (SELECT count(*) FROM places_building WHERE cut <> 'none'),
        (SELECT count(*) FROM places_unit), (SELECT count(*) FROM places_dwelling),
        (SELECT count(*) FROM places_dwelling WHERE walls IS NOT NULL)
"""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--file", type=Path, default=SAMPLE)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if not options.file.exists():
        raise SystemExit(f"{options.file} is not there: name a file with --file")
    with own_database("twin_bench_district"), tempfile.TemporaryDirectory() as folder:
        failures = Path(folder) / "failures.csv"
        manage("found_community", NAME)
        print(f"{options.file.name}, {machine()}")
        told = timed("import_places", str(options.file), "--community", NAME, "--kind", "buildings")
        print(f"import {told}", flush=True)
        told = timed("cut_buildings", "--community", NAME, "--use", "all", "--failures", str(failures))
        print(f"cut    {told}")
        report(failures)


def report(failures: Path) -> None:
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        buildings, cut, units, dwellings, with_walls = cursor.fetchone()
    connection.close()
    print(
        f"{buildings} buildings, {cut} cut into {units} units and {dwellings} dwellings, {with_walls} with windows"
    )
    if failures.exists():
        with failures.open(encoding="utf-8-sig", newline="") as file:
            reasons = Counter(re.sub(r"[\d.,]+", "…", row["why_not"]) for row in csv.DictReader(file))
        for reason, count in reasons.most_common():
            print(f"{count:6} not cut: {reason}")


if __name__ == "__main__":
    main()
