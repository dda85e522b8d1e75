"""GeoJSON, GeoPackage and Shapefile, through GDAL."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import chain
from typing import Any, Literal

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from twin.places.importing.encodings import UTF8, decoded, encoding_of, known_encoding
from twin.places.importing.notes import FileRefused, Note, note
from twin.places.importing.opening import Format, Opened
from twin.places.importing.table import MOST_ROWS, Table

LATIN = "ISO-8859-1"
NAME_BYTES = 10
DRIVERS = {Format.GEOJSON: "GeoJSON", Format.GEOPACKAGE: "GPKG", Format.SHAPEFILE: "ESRI Shapefile"}
RFC_7946 = "EPSG:4326"


def read_vector(file: Opened, *, kind: str, layer: str | None, encoding: str | None) -> Table:
    """All rows of one layer. Raises FileRefused."""
    try:
        return _read(file, kind, layer, encoding)
    except (DataSourceError, DataLayerError, RuntimeError, ValueError) as error:
        raise FileRefused(
            "file_cannot_be_read", format=file.format.value, reason=_without_path(error, file)
        ) from error


def _read(file: Opened, kind: str, layer: str | None, encoding: str | None) -> Table:
    chosen, by_name = _layer(file, kind, layer)
    is_shapefile = file.format == Format.SHAPEFILE
    prj_notes = _without_unreadable_prj(file) if is_shapefile else []
    info = pyogrio.read_info(file.path, layer=chosen, encoding=LATIN if is_shapefile else None)
    if info["driver"] != DRIVERS[file.format]:
        raise FileRefused("other_format", what=info["driver"])
    if info["features"] > MOST_ROWS:
        raise FileRefused("too_many_rows", count=info["features"], most=MOST_ROWS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # repeated ids and rings to mend are told row by row
        meta, _, wkb, values = pyogrio.raw.read(
            file.path, layer=chosen, encoding=LATIN if is_shapefile else None
        )
    names = [str(name) for name in meta["fields"]]
    count = len(wkb) if wkb is not None else len(values[0]) if values else 0
    table = Table(file.format.value, chosen or "", np.full(count, None, dtype=object), {},
                  system=str(meta["crs"] or ""), notes=[*file.notes, *prj_notes])  # fmt: skip
    if wkb is not None:
        _read_shapes(table, wkb)
    if by_name:
        table.notes.append(note("layer_chosen_by_name", layer=chosen))
    if is_shapefile:
        names, values = _in_words(file, table, names, values, encoding)
    if file.format == Format.GEOJSON and file.head is not None:
        table.feature_ids = _ids_of(file, len(table))
        table.system_by_format = not file.head.names_a_system
        table.system = RFC_7946 if table.system_by_format else table.system
    table.columns = {name: _listed(column) for name, column in zip(names, values, strict=True)}
    return table


def _without_unreadable_prj(file: Opened) -> list[Note]:
    """A damaged .prj is put aside, as if there were none; the reader would trip over it."""
    prj = file.path.with_suffix(".prj")
    if not prj.exists():
        return []
    try:
        CRS.from_wkt(prj.read_text("utf-8", errors="replace"))
    except CRSError as error:
        prj.unlink()
        return [note("unknown_system", text=".prj", reason=str(error)[:200])]
    return []


def _layer(file: Opened, kind: str, layer: str | None) -> tuple[str | None, bool]:
    """The layer to read, and whether it was taken among several because it has the name of what is imported."""
    if file.format != Format.GEOPACKAGE:
        return None, False
    names = [str(name) for name, shape in pyogrio.list_layers(file.path) if shape is not None]
    if layer is not None:
        if layer not in names:
            raise FileRefused("no_such_layer", layer=layer, names=", ".join(names))
        return layer, False
    if not names:
        raise FileRefused("no_layer_with_shapes")
    if len(names) == 1:
        return names[0], False
    same = [name for name in names if name.casefold() == kind]
    if len(same) != 1:
        raise FileRefused("several_layers", names=", ".join(names[:20]))
    return same[0], True


def _read_shapes(table: Table, wkb: NDArray[np.object_]) -> None:
    """Shapes of any kind; surfaces made of faces (multipatch, TIN) as polygons; open rings closed."""
    table.geometries = shapely.from_wkb(wkb, on_invalid="ignore")
    for row in np.flatnonzero(shapely.is_missing(table.geometries)):
        if wkb[row] is None:
            continue
        raw = _faces_as_polygons(bytes(wkb[row]))
        table.geometries[row] = shapely.from_wkb(raw, on_invalid="fix")
        if table.geometries[row] is None:
            table.broken[int(row)] = "geometry_cannot_be_read"
        elif raw == bytes(wkb[row]):
            table.row_notes.setdefault(int(row), []).append(note("ring_closed"))


SURFACES = {15: 6, 16: 6, 17: 3}
"""PolyhedralSurface and TIN -> MultiPolygon, Triangle -> Polygon: the same bytes under another type."""


def _faces_as_polygons(wkb: bytes) -> bytes:
    raw = bytearray(wkb)
    order: Literal["little", "big"] = "little" if raw[0] == 1 else "big"

    def retype(at: int) -> None:
        code = int.from_bytes(raw[at : at + 4], order)
        base = code % 1000 if code < 4000 else code & 0xFF
        if base in SURFACES:
            raw[at : at + 4] = (code - base + SURFACES[base]).to_bytes(4, order)

    is_tin = int.from_bytes(raw[1:5], order) % 1000 == 16
    retype(1)
    if is_tin:  # each triangle has one ring of four points, so all take the same room
        count = int.from_bytes(raw[5:9], order)
        each = (len(raw) - 9) // max(count, 1)
        for triangle in range(count):
            retype(9 + triangle * each + 1)
    return bytes(raw)


def _in_words(
    file: Opened, table: Table, names: list[str], values: list[Any], stated: str | None
) -> tuple[list[str], list[Any]]:
    """Texts of a shapefile in the encoding that they are in; the table says which."""
    cpg = file.path.with_suffix(".cpg")
    named = cpg.read_text("ascii", errors="replace").strip() if cpg.exists() else None
    texts = [column for column in values if column.dtype == object]
    if stated is not None:
        encoding = known_encoding(stated)
        if encoding is None:
            raise FileRefused("unknown_encoding", encoding=stated)
    else:
        encoding, as_named = encoding_of(names, _texts(texts), named=named or None)
        if not as_named:
            table.notes.append(note("encoding_is_not_as_named", named=named, encoding=_shown(encoding)))
    table.encoding = _shown(encoding)
    words = [
        np.array([decoded(text, encoding) if isinstance(text, str) else text for text in column], dtype=object)
        if column.dtype == object else column
        for column in values
    ]  # fmt: skip
    table.cut_names = frozenset(decoded(name, encoding) for name in names if len(name) == NAME_BYTES)
    return [decoded(name, encoding) for name in names], words


def _shown(encoding: str) -> str:
    return "GBK" if encoding == "gb18030" else "UTF-8" if encoding == UTF8 else encoding.upper()


def _texts(columns: list[NDArray[np.object_]]) -> Iterator[str]:
    return (text for text in chain.from_iterable(columns) if isinstance(text, str))


def _ids_of(file: Opened, count: int) -> list[str | None]:
    ids = file.head.feature_ids() if file.head is not None else []
    return ids if len(ids) == count and any(ids) else []


def _listed(column: NDArray[Any]) -> list[Any]:
    """Plain Python values, None for what is missing."""
    if column.dtype.kind == "f":
        return [None if value != value else value for value in column.tolist()]
    if column.dtype.kind == "M":
        return [None if np.isnat(value) else str(value) for value in column]
    return [value.tolist() if isinstance(value, np.ndarray) else value for value in column.tolist()]


def _without_path(error: Exception, file: Opened) -> str:
    return str(error).replace(str(file.path), file.path.name).replace(str(file.path.parent), "")
