"""A home to be lived in, and the family that lives there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Stay(StrEnum):
    """How somebody belongs to a home: registered and living there, one of the two, or neither any more."""

    BOTH = "both"
    LIVES = "lives"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Home:
    """A dwelling that may be settled. `crowded`: an old lane house, where kitchens are shared."""

    id: int
    floor: int
    crowded: bool = False
    built: int = 2000


@dataclass(frozen=True, slots=True)
class Member:
    """One of a family. `role` is that of `Residence.Role`, seen from the head."""

    name: str
    sex: str
    born: date
    role: str
    stay: Stay
    identity: str
    phone: str = ""

    def age(self, on: date) -> int:
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


@dataclass(frozen=True, slots=True)
class Family:
    """A household. `tenure` is that of `Residence.Tenure`; the first member is the head."""

    home: int
    kind: str
    tenure: str
    since: date
    members: tuple[Member, ...]
