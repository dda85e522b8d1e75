"""Room numbers as locals count: floor, then flat."""

from dataclasses import dataclass
from enum import StrEnum


class Basement(StrEnum):
    """How a floor below ground is written; a basement's first flat is B101 or -101."""

    LETTER = "B"
    MINUS = "-"


@dataclass(frozen=True, slots=True)
class RoomStyle:
    """across_units: whether the flats of a floor are counted through the building (502 in unit 1, 503 in
    unit 2) or anew in every unit. digits: of the flat's part; more when a floor has more flats than they
    can count.
    """

    across_units: bool = False
    basement: Basement = Basement.LETTER
    digits: int = 2

    def room(self, floor: int, flat: int, flats_counted: int) -> str:
        """Flat number `flat` (from 1) of `flats_counted` that are counted together on a floor, e.g. "502"."""
        width = max(self.digits, len(str(flats_counted)))
        storey = str(floor) if floor > 0 else f"{self.basement}{-floor}"
        return f"{storey}{flat:0{width}d}"
