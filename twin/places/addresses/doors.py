"""Rows of houses: one building with a door for each unit, each door with a number of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from twin.places.addresses.text import normalise

RANGE = re.compile(r"^(\d{1,4})-(\d{1,4})(?:号楼|号|栋|幢)?$")
DOOR = re.compile(r"^(\d{1,4}[A-Z甲乙丙丁]?)(?:号楼|号|栋|幢)?$")
LONGEST_ROW = 200
"""More doors than a row of houses has: a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Doors:
    """unit_of: number of a door -> number of the unit behind it. counted: nobody has said which door is whose, so they are
    counted as the units are, and hold only where there are as many."""

    unit_of: Mapping[str, str] = field(default_factory=dict)
    counted: bool = False

    def unit_behind(self, door: str, units: Collection[str]) -> str | None:
        """units: the numbers of those that there are. None where it cannot be told."""
        if self.counted and len(units) != len(self.unit_of):
            return None
        return self.unit_of.get(door)

    def __str__(self) -> str:
        """`9-18`, as the row is called."""
        doors = list(self.unit_of)
        return f"{doors[0]}-{doors[-1]}" if doors else ""


def door_called(name: str) -> str:
    """`19` of a unit with the name `19号`; "" of one that is called otherwise, or not at all."""
    found = DOOR.match(normalise(name))
    return found[1] if found else ""


def named_doors(units: Iterable[tuple[str, str]]) -> Doors:
    """The doors of units, each by its number and name, that are called by the number of a door."""
    return Doors({door: number for number, name in units if (door := door_called(name))})


def counted_doors(number: str) -> Doors:
    """The doors of `9-18号`; none for the number of any other building."""
    found = RANGE.match(number)
    if found is None or not int(found[1]) < int(found[2]) <= int(found[1]) + LONGEST_ROW:
        return Doors()
    doors = range(int(found[1]), int(found[2]) + 1)
    return Doors({str(door): str(unit) for unit, door in enumerate(doors, start=1)}, counted=True)
