"""Files made for one test each, and short ways to plan and apply them.

The community has no boundary, so files may lie anywhere; its grids lie on open sea, as everywhere in the tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from twin.places.actions import found_community
from twin.places.importing.applying import Applied, apply_import
from twin.places.importing.plan import Plan, make_plan
from twin.places.importing.request import ImportRequest, Kind, Options
from twin.places.models import Community

Feature = tuple[Any, dict[str, Any]]
EAST, NORTH = 121.4, 31.2


@pytest.fixture
def town(db: None) -> Community:
    return found_community(name="新城社区")


def house(n: int = 0, *, size: float = 0.0003, east: float = EAST, north: float = NORTH) -> shapely.Polygon:
    """The nth of a row of houses, about 29 m by 33 m, 48 m from door to door."""
    west = east + n * 0.0005
    return shapely.box(west, north, west + size, north + size)


def houses(count: int, **properties: Any) -> list[Feature]:
    return [(house(n), {"id": f"h{n}", "height": 18, **properties}) for n in range(count)]


@pytest.fixture
def geojson(tmp_path: Path) -> Callable[..., Path]:
    """Write features, shapely or plain geometry objects with properties, as a GeoJSON file."""

    def write(features: list[Feature], *, name: str = "houses.geojson", **members: Any) -> Path:
        listed = []
        for shape, properties in features:
            geometry = shapely.geometry.mapping(shape) if isinstance(shape, shapely.Geometry) else shape
            own = {"id": properties.pop("@id")} if "@id" in properties else {}
            listed.append({"type": "Feature", **own, "properties": properties, "geometry": geometry})
        path = tmp_path / name
        document = {"type": "FeatureCollection", **members, "features": listed}
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture
def shapefile(tmp_path: Path) -> Callable[..., Path]:
    def write(
        shapes: list[Any], columns: dict[str, list[Any]], *, crs: str | None = "EPSG:4490", encoding: str = "GBK",
        name: str = "houses", kind: str = "Polygon",
    ) -> Path:  # fmt: skip
        path = tmp_path / f"{name}.shp"
        values = [np.array(v, dtype=object if isinstance(v[0], str) else None) for v in columns.values()]
        pyogrio.raw.write(
            path, shapely.to_wkb(np.array(shapes, dtype=object)), values, list(columns), geometry_type=kind, crs=crs,
            encoding=encoding,
        )  # fmt: skip
        return path

    return write


def request(
    town: Community, path: Path, kind: str = "buildings", *, source: str = "测绘", **options: Any
) -> ImportRequest:
    references = tuple(options.pop("references", ()))
    return ImportRequest(town, Kind(kind), path, path.name, source, Options(**options), references)


def plan(town: Community, path: Path, kind: str = "buildings", **options: Any) -> Plan:
    return make_plan(request(town, path, kind, **options))


def apply(town: Community, path: Path, kind: str = "buildings", **options: Any) -> Applied:
    return apply_import(request=request(town, path, kind, **options))


def codes(noted: Any) -> list[str]:
    """The codes of the notes of a row or a plan."""
    return [one.code for one in noted.notes]


def verdicts(made: Plan) -> list[str]:
    return [str(row.verdict) for row in made.rows]
