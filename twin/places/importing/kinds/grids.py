from __future__ import annotations

import re

from twin.places.importing.identity import Rule
from twin.places.importing.kinds.kind import Context, PlaceKind
from twin.places.importing.kinds.words import Words, listed, ours, text_of
from twin.places.importing.notes import RowRefused
from twin.places.importing.rows import Cells, Row
from twin.places.models import Grid

GRID_KINDS: Words = listed(
    {
        Grid.Kind.COMMUNITY: "社区",
        Grid.Kind.COMPOSITE: "综合网格 片区 大网格",
        Grid.Kind.MICRO: "micro_grid 微网格 楼组",
        Grid.Kind.SPECIAL: "专属网格 专属 特殊",
        Grid.Kind.GRID: "网格 基础网格",
    }
)


def read_grid(cells: Cells, row: Row, context: Context) -> None:
    """Raises RowRefused."""
    name = text_of(row, "name", cells.get("name"), 80)
    if not name:
        raise RowRefused("name_is_missing")
    row.values["name"] = name
    for field, longest in (("name_en", 80), ("code", 20)):
        text = text_of(row, field, cells.get(field), longest)
        if text:
            row.values[field] = text
    kind, _ = ours(cells.all("kind"), GRID_KINDS, context)
    if kind:
        row.values["kind"] = kind
    colour = text_of(row, "colour", cells.get("colour"), 20)
    if re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        row.values["colour"] = colour.lower()
    elif colour:
        row.note("colour_not_understood", text=colour)
    row.values["parent"] = text_of(row, "parent", cells.get("parent"), 120)


GRIDS = PlaceKind(
    "grids",
    Grid,
    "geometry",
    Rule(names=("parent", "name")),
    ("name", "name_en", "code", "colour"),
    read_grid,
)
