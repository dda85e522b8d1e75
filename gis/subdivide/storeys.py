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
            "%(above)s storeys above and %(below)s below ground: "
            "at least 1 is above and at most %(most)s are there in all",
            above=above,
            below=below,
            most=MOST_STOREYS,
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
        raise UnusableStoreys(
            "%(count)s floors in the table: there are 1 to %(most)s",
            count=len(table),
            most=MOST_STOREYS,
        )
    ordered = tuple(sorted(table, key=lambda storey: storey.floor))
    for storey in ordered:
        height = storey.top_m - storey.base_m
        if storey.floor == 0:
            raise UnusableStoreys("there is no floor 0: the ground floor is 1, the first basement -1")
        if not LEAST_STOREY_HEIGHT_M <= height <= MOST_STOREY_HEIGHT_M:
            raise UnusableStoreys(
                "floor %(floor)s is %(height)s m high: a storey has %(least)s to %(most)s m",
                floor=storey.floor,
                height=f"{height:g}",
                least=f"{LEAST_STOREY_HEIGHT_M:g}",
                most=f"{MOST_STOREY_HEIGHT_M:g}",
            )
        if storey.flats is not None and storey.flats < 0:
            raise UnusableStoreys(
                "floor %(floor)s has %(flats)s flats: 0 or more", floor=storey.floor, flats=storey.flats
            )
    for lower, upper in pairwise(ordered):
        if lower.floor == upper.floor:
            raise UnusableStoreys("floor %(floor)s is in the table twice", floor=lower.floor)
        if upper.base_m < lower.top_m - 0.001:
            raise UnusableStoreys(
                "floor %(floor)s begins at %(base_m)s m, below the top of floor %(lower)s at %(top_m)s m",
                floor=upper.floor,
                base_m=f"{upper.base_m:g}",
                lower=lower.floor,
                top_m=f"{lower.top_m:g}",
            )
    return ordered


def _numbers(above: int, skipped: Collection[int]) -> list[int]:
    left_out = set(skipped)
    return [number for number in range(1, above + len(left_out) + 1) if number not in left_out][:above]
