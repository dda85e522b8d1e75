"""Rows as a file has them, before anybody says what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.places.importing.notes import Note

MOST_ROWS = 500_000

Geometries = NDArray[np.object_]


@dataclass(slots=True)
class Table:
    """geometries: shapely in the file's own system (as CoordinateSystem takes it: x to the east first), None where a row
    has none; columns: name -> values, None where a row has none; feature_ids: the ids beside the columns, if the format
    has such. broken: rows with a geometry that could not be read, and why. system: what the file says of its coordinates,
    "" if nothing. cut_names: columns whose names
    fill the width that the format has for them, so that they may be longer."""

    format: str
    layer: str
    geometries: Geometries
    columns: dict[str, list[Any]]
    feature_ids: list[str | None] = field(default_factory=list)
    system: str = ""
    system_by_format: bool = False
    broken: dict[int, str] = field(default_factory=dict)
    row_notes: dict[int, list[Note]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    encoding: str = ""
    cut_names: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.geometries)

    def column(self, name: str) -> list[Any]:
        return self.columns[name]


Read = Callable[[], Table]
