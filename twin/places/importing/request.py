"""What somebody asks an import to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from twin.base.runs import Progress, silent
from twin.places.models import Community
from twin.places.models.importing import ImportRun

__all__ = ["ImportRequest", "Kind", "Options", "Progress", "silent"]

Kind = ImportRun.Kind


@dataclass(frozen=True, slots=True)
class Options:
    """How to read the file.

    crs: the system of its coordinates as people write it, or None to read it from the file. fields: our field -> column
    of the file ("" to leave a column that would be recognised). constants: our field -> the value of every row.
    default_floors: storeys of a building whose height and floors are unknown.
    end_missing: places of this source that are not in the file end. move_grids: a grid that names another parent moves.
    accept_shift, accept_far, accept_duplicates: the findings that the sender has seen and insists on.
    """

    crs: str | None = None
    reference_crs: str | None = None
    layer: str | None = None
    encoding: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    default_floors: int = 1
    end_missing: bool = False
    move_grids: bool = False
    accept_shift: bool = False
    accept_far: bool = False
    accept_duplicates: bool = False

    def stored(self) -> dict[str, Any]:
        return {
            key: dict(value) if isinstance(value, Mapping) else value for key, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """One file for one community. source: under which name its rows are known, so that a later file updates them.
    references: files with streets or buildings that are known to lie right."""

    community: Community
    kind: Kind
    path: Path
    file_name: str
    source: str
    options: Options = field(default_factory=Options)
    references: tuple[Path, ...] = ()
