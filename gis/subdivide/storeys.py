"""Floors of a building: their numbers as people count them and their heights."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gis.subdivide.errors import UnusableStoreys

DEFAULT_STOREY_HEIGHT_M: Final = 2.9
LEAST_STOREY_HEIGHT_M: Final = 2.0
MOST_STOREY_HEIGHT_M: Final = 20.0
MOST_STOREYS: Final = 200
"""More than the tallest building there is (163)."""


@dataclass(frozen=True, slots=True)
class Storey:
    """One floor.

    floor: its number as people say it; the ground floor is 1, the first basement -1, 0 is not there.
    base_m, top_m: metres above ground of its floor and of its ceiling's upper side; below ground they are
    negative. flats: how many flats each stairwell has on this floor, when it differs from the rest of the
    building.
    """

    floor: int
    base_m: float
    top_m: float
    flats: int | None = None


def storeys(
    above: int,
    below: int = 0,
    height_m: float = DEFAULT_STOREY_HEIGHT_M,
    skipped: Collection[int] = (),
    ground_height_m: float | None = None,
) -> tuple[Storey, ...]:
    """The floors of a building of equal storeys, lowest first.

    above, below: storeys above and below ground. height_m: of one storey; ground_height_m: of the ground
    floor, when it differs. skipped: numbers that the building leaves out (4, 13, 14): with 4 skipped, the
    fourth storey is called 5. Raises UnusableStoreys.
    """
    if above < 1 or below < 0 or above + below > MOST_STOREYS:
        raise UnusableStoreys(
            f"{above} storeys above and {below} below ground: "
            f"at least 1 is above and at most {MOST_STOREYS} are there in all"
        )
    ground = height_m if ground_height_m is None else ground_height_m
    bases = [0.0, *(ground + height_m * i for i in range(above))]
    numbers = _numbers(above, skipped)
    upper = [Storey(numbers[i], round(bases[i], 3), round(bases[i + 1], 3)) for i in range(above)]
    lower = [Storey(-i, round(-height_m * i, 3), round(-height_m * (i - 1), 3)) for i in range(below, 0, -1)]
    return checked((*lower, *upper))


def checked(table: Sequence[Storey]) -> tuple[Storey, ...]:
    """A stated floor table, lowest first. Raises UnusableStoreys for one that no building has."""
    if not 1 <= len(table) <= MOST_STOREYS:
        raise UnusableStoreys(f"{len(table)} floors in the table: there are 1 to {MOST_STOREYS}")
    ordered = tuple(sorted(table, key=lambda storey: storey.floor))
    for storey in ordered:
        height = storey.top_m - storey.base_m
        if storey.floor == 0:
            raise UnusableStoreys("there is no floor 0: the ground floor is 1, the first basement -1")
        if not LEAST_STOREY_HEIGHT_M <= height <= MOST_STOREY_HEIGHT_M:
            raise UnusableStoreys(
                f"floor {storey.floor} is {height:g} m high: "
                f"a storey has {LEAST_STOREY_HEIGHT_M:g} to {MOST_STOREY_HEIGHT_M:g} m"
            )
        if storey.flats is not None and storey.flats < 0:
            raise UnusableStoreys(f"floor {storey.floor} has {storey.flats} flats: 0 or more")
    for lower, upper in pairwise(ordered):
        if lower.floor == upper.floor:
            raise UnusableStoreys(f"floor {lower.floor} is in the table twice")
        if upper.base_m < lower.top_m - 0.001:
            raise UnusableStoreys(
                f"floor {upper.floor} begins at {upper.base_m:g} m, below the top of floor {lower.floor} "
                f"at {lower.top_m:g} m"
            )
    return ordered


def _numbers(above: int, skipped: Collection[int]) -> list[int]:
    left_out = set(skipped)
    return [number for number in range(1, above + len(left_out) + 1) if number not in left_out][:above]
