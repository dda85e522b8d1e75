"""Features one after another, each JSON of its own: a GeoJSON text sequence (RFC 8142), or one feature a line.

The geometry library reads both, but tells neither in which line something is wrong nor the ids as they are written. So they
are made into the list that GeoJSON has, and read like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from twin.places.importing.json_heads import GEOJSON_TYPES, FeatureHead
from twin.places.importing.notes import FileRefused

SEPARATOR = b"\x1e"
LONGEST_FIRST = 16 * 1024 * 1024
"""A longer first line is no single feature."""


def is_sequence(path: Path) -> bool:
    """Whether a UTF-8 file holds more than one JSON, the first of them a feature; decided by its beginning. Raises
    FileRefused for CityJSON of that form."""
    with path.open("rb") as file:
        first = file.readline(LONGEST_FIRST)
        if first.startswith(SEPARATOR):
            return True
        kind = _kind_of(first)
        if kind is None or not any(line.strip() for line in file):
            return False
    if kind == "CityJSON":
        raise FileRefused("other_format", what="CityJSON Text Sequence")
    return kind == "Feature"


def write_collection(path: Path, target: Path) -> None:
    """The features of a sequence as one GeoJSON. Raises FileRefused with the line of what is none."""
    with path.open("rb") as source, target.open("wb") as to:
        to.write(b'{"type":"FeatureCollection","features":[')
        for count, (line, record) in enumerate(_records(source)):
            to.write((b"," if count else b"") + _feature(line, record))
        to.write(b"]}")


def _records(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """(its first line, text) of each. With separators one may go over several lines."""
    begun, lines, separated = 1, [b""], False
    for number, line in enumerate(file, start=1):
        separated = separated or line.startswith(SEPARATOR)
        if line.startswith(SEPARATOR) or not separated:
            yield from _unless_blank(begun, lines)
            begun, lines = number, []
        lines.append(line.lstrip(SEPARATOR))
    yield from _unless_blank(begun, lines)


def _unless_blank(begun: int, lines: list[bytes]) -> Iterator[tuple[int, bytes]]:
    text = b"".join(lines).strip()
    if text:
        yield begun, text


def _feature(line: int, record: bytes) -> bytes:
    try:
        kind = msgspec.json.decode(record, type=FeatureHead).type
    except msgspec.DecodeError as error:
        raise FileRefused("json_line_is_broken", line=line, reason=str(error)) from error
    if kind == "Feature":
        return record
    if kind not in GEOJSON_TYPES or kind == "FeatureCollection":
        raise FileRefused("json_line_is_broken", line=line, reason=f"type: {kind!r}")
    return b'{"type":"Feature","properties":{},"geometry":' + record + b"}"


def _kind_of(line: bytes) -> str | None:
    try:
        return msgspec.json.decode(line, type=FeatureHead).type
    except msgspec.DecodeError:
        return None
