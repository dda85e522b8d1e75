"""A roster of 15 802 rows, a hundred of them faulty, into the demo community without its people; then the same again."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.harness.database import own_database
from bench.harness.processes import machine
from bench.harness.rosters import messy_roster
from bench.imports import timed


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=15_802)
    parser.add_argument("--faults", type=int, default=100)
    return parser.parse_args()


def homes() -> tuple[str, list[str]]:
    """The demo community with all of its homes and nobody in them: its name, and their addresses."""
    import django

    django.setup()
    from twin.base.verbs import unit_of_work
    from twin.demo.places import load_places
    from twin.places.actions import cut_building
    from twin.places.descriptions import address_of
    from twin.places.models import Building, Dwelling

    with unit_of_work():
        community = load_places()
        for building in Building.objects.filter(community=community, use=Building.Use.RESIDENTIAL):
            cut_building(building=building)
    rows = Dwelling.objects.counted().filter(community=community, floor__gt=0).order_by("id")
    known = rows.select_related("building__compound", "unit").defer(
        "footprint", "walls", "building__footprint"
    )
    return community.name, [address_of(home.building, home.unit, home.room) for home in known]


def main() -> None:
    options = arguments()
    with own_database("twin_bench_roster"), tempfile.TemporaryDirectory() as name:
        community, addresses = homes()
        roster = messy_roster(addresses, rows=options.rows, faults=options.faults)
        path = Path(name) / "花名册.xlsx"
        path.write_bytes(roster.data)
        print(
            f"{roster.rows:,} rows over {len(addresses):,} homes, {len(roster.planted)} faults, {machine()}"
        )
        for run, more in (("dry run", ["--dry-run"]), ("first", []), ("again", [])):
            told = timed("import_roster", str(path), "--community", community, *more)
            print(f"{run:8} {told}", flush=True)
        print(counted(), flush=True)


def counted() -> str:
    from twin.people.models import Person, RosterRun

    runs = RosterRun.objects.order_by("id").values_list("report__counts", flat=True)
    return f"{Person.objects.count():,} people; " + "; ".join(map(str, runs))


if __name__ == "__main__":
    main()
