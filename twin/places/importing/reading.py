"""Rows of a file of any known format."""

from __future__ import annotations

from twin.places.importing.city_json import read_city_json
from twin.places.importing.notes import FileRefused
from twin.places.importing.opening import Format, Opened
from twin.places.importing.table import Table
from twin.places.importing.vector_files import read_vector


def read_table(file: Opened, *, kind: str, layer: str | None, encoding: str | None) -> Table:
    """All rows as they are written. Raises FileRefused."""
    if file.format != Format.CITYJSON:
        return read_vector(file, kind=kind, layer=layer, encoding=encoding)
    if kind not in ("buildings", "streets"):  # "streets": as a reference, where buildings will do
        raise FileRefused("cityjson_holds_buildings", kind=kind)
    return read_city_json(file)
