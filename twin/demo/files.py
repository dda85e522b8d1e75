"""Reading the demo's GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiLineString, MultiPolygon

FOLDER = settings.ROOT / "fixtures" / "geojson"


class Feature(NamedTuple):
    properties: dict[str, Any]
    geometry: Any

    @property
    def multi(self) -> Any:
        """The geometry as the multi-part kind that the tables hold."""
        kinds = {"Polygon": MultiPolygon, "LineString": MultiLineString}
        kind = kinds.get(self.geometry.geom_type)
        return kind(self.geometry, srid=4326) if kind else self.geometry


def features(name: str, folder: Path = FOLDER) -> Iterator[Feature]:
    """The features of one file, EPSG:4326."""
    collection = json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))
    for feature in collection["features"]:
        yield Feature(feature["properties"], GEOSGeometry(json.dumps(feature["geometry"]), srid=4326))


def summary(folder: Path = FOLDER) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "SUMMARY.json").read_text(encoding="utf-8"))
    return document
