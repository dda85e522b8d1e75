"""The top of a JSON file: what kind of thing it is, and the ids of its features, exactly as they are written.

The geometry library reads the rest. It renumbers features whose ids repeat, and repeated ids are how tile-cut pieces are
told; so the ids are read here.
"""

from __future__ import annotations

import mmap
from pathlib import Path

import msgspec

from twin.places.importing.notes import FileRefused

GEOJSON_TYPES = frozenset({"FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString",
                           "Polygon", "MultiPolygon", "GeometryCollection"})  # fmt: skip
OTHER_TYPES = {
    "Topology": "TopoJSON",
    "CityJSONFeature": "CityJSON Text Sequence (CityJSONFeature)",
    "Tileset": "3D Tiles",
}


class FeatureHead(msgspec.Struct, gc=False):
    type: str | None = None
    id: int | float | str | None = None


class JsonHead(msgspec.Struct):
    """features: None unless the file has such a list. crs: the old GeoJSON member, or None."""

    type: str | None = None
    version: str | int | float | None = None
    features: list[FeatureHead] | None = None
    crs: msgspec.Raw = msgspec.Raw(b"null")
    geometry_type: str | None = msgspec.field(name="geometryType", default=None)

    @property
    def names_a_system(self) -> bool:
        return bytes(self.crs).strip() != b"null"

    def feature_ids(self) -> list[str | None]:
        return [None if f.id is None or f.id == "" else str(f.id) for f in self.features or []]


def head_of(path: Path) -> JsonHead:
    """The top of a UTF-8 file of JSON. Raises FileRefused for what is no JSON, and for JSON of another kind."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            head = msgspec.json.decode(memoryview(data), type=JsonHead)
        except msgspec.ValidationError as error:
            raise FileRefused("json_is_no_geojson", reason=str(error)) from error
        except msgspec.DecodeError as error:
            raise FileRefused("json_is_broken", reason=str(error)) from error
        head.crs = msgspec.Raw(bytes(head.crs))  # outlives the mapped file
    if head.geometry_type is not None and head.geometry_type.startswith("esri"):
        raise FileRefused("other_format", what="Esri JSON")
    if head.type in OTHER_TYPES:
        raise FileRefused("other_format", what=OTHER_TYPES[head.type])
    if head.type != "CityJSON" and head.type not in GEOJSON_TYPES:
        raise FileRefused("json_is_no_geojson", reason=f"type: {head.type!r}")
    if head.type == "FeatureCollection" and head.features is None:
        raise FileRefused("json_is_no_geojson", reason="features: missing")
    return head
