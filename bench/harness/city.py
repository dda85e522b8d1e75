"""A database with the made-up city, brought in by the commands that any town would use; kept from run to run.

The ground of two million dwellings takes some minutes. To cut its buildings into the dwellings takes an hour of one processor
more, which is done only where it is asked for: tiles hold buildings. What was broken off goes on where it was.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.harness.database import kept_database, manage

NAME = "海棠市"
Feature = dict[str, Any]


def city(dwellings: int, *, cut: bool = False) -> int:
    """Make, or find, the database of a city of about so many dwellings and use it. Returns the community's id."""
    kept_database(f"twin_bench_city_{dwellings}")
    import django

    django.setup()
    from twin.places.models import Building, Community

    if not Building.objects.filter(community__name=NAME).exists():
        bring_in(dwellings)
    if cut:
        manage("cut_buildings", "--community", NAME)
    return Community.objects.get(name=NAME).pk


def bring_in(dwellings: int) -> None:
    from fixtures.community.city import write_city
    from twin.places.models import Community

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_city(2, dwellings, folder)
        if not Community.objects.filter(name=NAME).exists():
            manage("found_community", NAME)
        for kind, change in KINDS.items():
            path = as_collection(folder / f"{kind}.geojsonl", change)
            manage("import_places", str(path), "--community", NAME, "--kind", kind, "--source", "city")


def as_collection(lines: Path, change: Callable[[Feature], Feature | None]) -> Path:
    """The same features as one GeoJSON document, which is what the import reads."""
    path = lines.with_suffix(".geojson")
    with lines.open(encoding="utf-8") as source, path.open("w", encoding="utf-8") as target:
        target.write('{"type":"FeatureCollection","features":[')
        comma = ""
        for line in source:
            feature = json.loads(line)
            properties = change(feature["properties"])
            if properties is not None:
                target.write(comma + json.dumps({**feature, "properties": properties}, ensure_ascii=False))
                comma = ",\n"
        target.write("]}")
    return path


def as_it_is(known: Feature) -> Feature:
    return known


def grid(known: Feature) -> Feature | None:
    """The city itself is the community; street offices and communities are composite grids below it."""
    if known["level"] == "city":
        return None
    kind = "grid" if known["level"] == "grid" else "composite"
    return {**known, "kind": kind, "parent": None if known["parent"] == "C" else known["parent"]}


def compound(known: Feature) -> Feature:
    """Names repeat in a city of five thousand compounds; with its grid each is unique."""
    return {**known, "id": known["grid"], "name": f"{known['name']} {known['grid']}"}


def building(known: Feature) -> Feature:
    return {
        **known,
        "compound": f"{known['compound']} {known['grid']}",
        "flats_per_floor": known["flats_per_floor"][0],
    }


KINDS: dict[str, Callable[[Feature], Feature | None]] = {
    "streets": as_it_is,
    "landcover": as_it_is,
    "grids": grid,
    "compounds": compound,
    "buildings": building,
}
