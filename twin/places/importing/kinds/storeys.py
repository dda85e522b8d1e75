"""Floors from floors, levels or height; height from height or floors. What is worked out is noted, and marked as derived."""

from __future__ import annotations

import math
from typing import Any

from twin.places.importing.notes import RowRefused
from twin.places.importing.numbers import NotANumber, floors, metres, whole
from twin.places.importing.rows import Cells, Row

MOST_HEIGHT_M, MOST_FLOORS, MOST_FLOORS_BELOW = 900.0, 200, 20
"""The highest building has 828 m and 163 floors."""
LOW_STOREY_M, HIGH_STOREY_M = 2.0, 8.0
LEAST_HEIGHT_M = 0.5


def read_storeys(cells: Cells, row: Row, storey_height_m: float, default_floors: int) -> None:
    """Sets floors_above, floors_below, height_m and base_m. Raises RowRefused for what no building has."""
    above, below = _floors(cells, row)
    height = _height(cells, row)
    if height is not None and height > MOST_HEIGHT_M:
        if above is None or above > MOST_FLOORS:
            raise RowRefused("height_is_implausible", height_m=height, most_m=MOST_HEIGHT_M)
        row.note("height_implausible_floors_used", height_m=height, floors=above)
        height = None
    if above is not None and above > MOST_FLOORS:
        if height is None:
            raise RowRefused("floors_are_implausible", floors=above, most=MOST_FLOORS)
        row.note("floors_implausible_height_used", floors=above, height_m=height)
        above = None
    _complete(row, above, height, storey_height_m, default_floors)
    if below is not None:
        if below > MOST_FLOORS_BELOW:
            row.note("floors_below_implausible", floors=below)
        else:
            row.values["floors_below"] = below


def _complete(
    row: Row, above: int | None, height: float | None, storey_height_m: float, default_floors: int
) -> None:
    if above is None and height is None:
        above, height = default_floors, round(default_floors * storey_height_m, 2)
        row.derived |= {"floors_above": "", "height_m": ""}
        row.note("height_unknown", floors=above, height_m=height)
    elif above is None and height is not None:
        above = min(MOST_FLOORS, max(1, round(height / storey_height_m)))
        row.derived["floors_above"] = "height_m"
        row.note(
            "floors_from_height", floors=above, height_m=round(height, 2), storey_height_m=storey_height_m
        )
    elif height is None and above is not None:
        height = round(above * storey_height_m, 2)
        row.derived["height_m"] = "floors_above"
        row.note("height_from_floors", floors=above, height_m=height, storey_height_m=storey_height_m)
    elif above is not None and height is not None:
        storey = height / above
        if storey < LOW_STOREY_M or (storey > HIGH_STOREY_M and above > 1):
            row.note(
                "storey_height_unusual", floors=above, height_m=round(height, 2), storey_m=round(storey, 2)
            )
    row.values |= {"floors_above": above, "height_m": height}


def _floors(cells: Cells, row: Row) -> tuple[int | None, int | None]:
    try:
        number, below = floors(cells.get("floors"))
    except NotANumber as error:
        row.note("number_not_understood", field="floors", text=str(error)[:80])
        number, below = None, None
    stated_below = _number(cells, row, "floors_below", whole)
    if stated_below is not None:
        below = abs(int(stated_below))
    if number is None:
        return None, below
    if number <= 0:
        row.note("number_means_unknown", field="floors", value=number)
        return None, below
    if number != int(number):
        row.note("floors_were_a_fraction", value=number, floors=max(1, math.floor(number)))
    return max(1, math.floor(number)), below


def _height(cells: Cells, row: Row) -> float | None:
    """The building's own height: what OpenStreetMap calls height is counted from the ground, also above a passage."""
    height = _number(cells, row, "height", metres)
    base = _number(cells, row, "base", metres)
    if height is not None and height <= 0:
        row.note("number_means_unknown", field="height", value=height)
        height = None
    if height is not None and height < LEAST_HEIGHT_M:
        raise RowRefused("height_is_implausible", height_m=height, most_m=MOST_HEIGHT_M)
    if base is not None and base > 0:
        if base >= MOST_HEIGHT_M or (height is not None and base >= height):
            row.note("base_implausible", base_m=base, height_m=height if height is not None else "-")
        else:
            row.values["base_m"] = base
            height = round(height - base, 3) if height is not None else None
    if height is not None and cells.column("height") == "geometry_height":
        row.note("height_from_geometry", height_m=round(height, 2))
    return height


def _number(cells: Cells, row: Row, name: str, read: Any) -> Any:
    try:
        return read(cells.get(name))
    except NotANumber as error:
        row.note("number_not_understood", field=name, text=str(error)[:80])
        return None
