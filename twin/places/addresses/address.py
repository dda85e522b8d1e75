"""What was understood of an address."""

from __future__ import annotations

from dataclasses import dataclass, field

from twin.places.addresses.lexicon import NameKind


@dataclass(frozen=True, slots=True)
class Name:
    """A name in an address. kind: what bears it, None for a name that nobody has told us about."""

    text: str
    kind: NameKind | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """One way to read an address.

    division: province to village. number: along the road, with its word ("100弄", "10甲号院"). building: without its word
    ("12", "A", "12甲"), a range for a row of doors ("9-18"). room: as on the door, without leading zeros ("502", "B101").
    flat: which flat of `floor`, where a room is told that way. part: of a room that was divided. rest: what was not
    understood; remarks: what was said in brackets or besides. cost: how far-fetched the reading is, 0 for a usual form.
    """

    division: str = ""
    road: str = ""
    number: str = ""
    names: tuple[Name, ...] = ()
    building: str = ""
    unit: str = ""
    floor: int | None = None
    flat: str = ""
    room: str = ""
    dashed: bool = False
    part: str = ""
    rest: str = ""
    remarks: tuple[str, ...] = ()
    cost: float = field(default=0.0, compare=False)

    @property
    def where(self) -> str:
        """What comes before the building: a road and its number, or names."""
        return f"{self.road}{self.number}" or "".join(name.text for name in self.names)

    @property
    def is_somewhere(self) -> bool:
        """Whether it says where the building stands, and not only its number."""
        return bool(self.road or self.number or self.names)
