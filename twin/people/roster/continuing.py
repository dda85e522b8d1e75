"""Cells that are left empty because they are those of the row above: the household, and where it lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from twin.people.roster import cells
from twin.people.roster.rows import Row
from twin.places.importing.numbers import is_nothing

LEVELS = ("compound", "address", "building", "unit", "room")
"""From the large to the small. Who says a small one and not the large one above it means that of the row above."""
HOME = LEVELS[1:]
WORDS = {"building": "号楼", "unit": "单元", "room": "室"}


@dataclass(slots=True)
class Above:
    """What the rows above said. row: where the address was said; last: the number of the last row."""

    household: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    row: int = 0
    last: int = 0

    def skip(self, number: int) -> None:
        """A row that is no row of the list: what follows is not apart from what came before."""
        if number == self.last + 1:
            self.last = number


def continue_row(row: Row, said: Mapping[str, Any], above: Above) -> None:
    """Household and address of a row, from its cells or from those above.

    A row that says no home belongs to the household above it, unless it begins another one: with a number of its own, as
    its head, or below an empty row.
    """
    household = cells.text_of_cell(said.get("household"))
    parts = {name: cells.text_of_cell(said.get(name)) for name in LEVELS if not is_nothing(said.get(name))}
    goes_on = bool(household) and household == above.household
    apart = row.number != above.last + 1 and not goes_on
    begins = not goes_on and (bool(household) or row.said.relation == "head")
    above.last = row.number
    home = {name for name in parts if name in HOME}
    is_above = bool(above.parts) and all(above.parts.get(name) == text for name, text in parts.items())
    if not apart and not begins and is_above and parts != above.parts:
        parts = above.parts
        row.note("address_continued", row=above.row)
    elif home:
        parts = parts if apart else _below(parts, above.parts)
        above.parts, above.row = parts, row.number
        begins = begins or not is_above
    else:
        parts = {}
    row.said.household = household or ("" if begins or apart else above.household)
    above.household = row.said.household
    row.said.compound = parts.get("compound", "")
    row.said.address = written(parts)
    if not row.said.address:
        row.note("address_missing", "address" if "address" in row.columns else "room")


def _below(parts: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """The parts with the larger ones that were left empty above them; none between two that are said."""
    largest = min(LEVELS.index(name) for name in parts)
    return {**{name: above[name] for name in LEVELS[:largest] if name in above}, **parts}


def written(parts: Mapping[str, str]) -> str:
    """The address as one text; parts from columns of their own get the words that belong to them."""
    text = parts.get("address", "")
    room = parts.get("room", "").replace(" ", "")
    if text and text.replace(" ", "").removesuffix("室").endswith(room.removesuffix("室")):
        return text  # it says the room already, or there is none to say
    for name, word in WORDS.items():
        said = parts.get(name, "").replace(" ", "")
        if said:
            text += f"{said}{word}" if said[-1].isascii() and said[-1].isalnum() else said
    return text
