"""Rows of houses: one building with a door for each unit, each door with a number of its own."""

from __future__ import annotations

import re

RANGE = re.compile(r"^(\d{1,4})-(\d{1,4})(?:号楼|号|栋|幢)?$")
LONGEST_ROW = 200
"""More doors than a row of houses has: a slip of the pen."""


def doors_of(number: str) -> range:
    """The doors of `9-18号`; none for the number of any other building."""
    found = RANGE.match(number)
    if found is None or not int(found[1]) < int(found[2]) <= int(found[1]) + LONGEST_ROW:
        return range(0)
    return range(int(found[1]), int(found[2]) + 1)


def unit_of_door(door: int, doors: range) -> str:
    """Units are counted as the doors are."""
    return str(door - doors.start + 1)
