"""Addresses as people type them: `XX路100弄12号502室`, `12号楼3单元502`, `6-3-502`, full-width digits, 幢 栋 座."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

BUILDING = r"(?P<building>[0-9]+[A-Za-z]?)\s*(?:号楼|号|栋|幢|座|楼|-)"
UNIT = r"(?:(?P<unit>[0-9]+)\s*(?:单元|门|-)\s*)?"
ROOM = r"(?P<room>-?[0-9]{3,4}[A-Za-z]?)\s*室?"
DWELLING = re.compile(rf"^(?P<where>.*?){BUILDING}\s*{UNIT}{ROOM}$")
ONLY_BUILDING = re.compile(rf"^(?P<where>.*?){BUILDING}$")


@dataclass(frozen=True, slots=True)
class Address:
    """What was understood. `where` is the rest before the building: a street, lane or compound, or nothing."""

    where: str
    building: str
    unit: str = ""
    room: str = ""


def normalise(text: str) -> str:
    """Full-width to half-width, no blanks, at most 100 characters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))[:100]


def parse_address(text: str) -> Address | None:
    """A building or a dwelling in a building, or None when the text is neither."""
    plain = normalise(text)
    match = DWELLING.match(plain) or ONLY_BUILDING.match(plain)
    if match is None:
        return None
    return Address(**{name: value or "" for name, value in match.groupdict().items()})
