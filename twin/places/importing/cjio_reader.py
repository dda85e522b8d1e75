"""cjio, kept to itself.

Importing cjio replaces the float format of Python's own json module, for the whole process; here it is put back.
Upgrading an old file with cjio is not done: it rounds vertices to three digits, which in degrees is a hundred metres.
"""

from __future__ import annotations

import json.encoder
from pathlib import Path
from typing import Any

from twin.places.importing.notes import FileRefused

VERSIONS = ("1.0", "1.1", "2.0")

_KEPT = {
    name: getattr(json.encoder, name) for name in ("c_make_encoder", "float") if hasattr(json.encoder, name)
}
from cjio import cityjson  # noqa: E402

for _name in ("c_make_encoder", "float"):
    if _name in _KEPT:
        setattr(json.encoder, _name, _KEPT[_name])
    elif hasattr(json.encoder, _name):
        delattr(json.encoder, _name)


def read_model(path: Path) -> dict[str, Any]:
    """The document of a CityJSON file, vertices in the numbers of its coordinate system. Raises FileRefused."""
    try:
        with path.open(encoding="utf-8") as file:
            model = cityjson.reader(file)
        version = model.get_version()
        if version not in VERSIONS:
            raise FileRefused("cityjson_version", version=version, known=", ".join(VERSIONS))
        if not isinstance(model.j["CityObjects"], dict) or not isinstance(model.j["vertices"], list):
            raise FileRefused(
                "file_cannot_be_read", format="CityJSON", reason="CityObjects or vertices: wrong kind"
            )
        model.decompress()
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise FileRefused(
            "file_cannot_be_read", format="CityJSON", reason=f"{type(error).__name__}: {error}"
        ) from error
    document: dict[str, Any] = model.j
    return document
