"""Places that a doubtful address may mean although not everything agrees: for a clerk to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from twin.places.addresses.address import Address
from twin.places.addresses.comparing import Context, Found, inside, is_door
from twin.places.addresses.gazetteer import KnownBuilding, names_nearly
from twin.places.addresses.reasons import Reasons

if TYPE_CHECKING:
    from collections.abc import Iterable

LIKE = 0.5
MOST_BUILDINGS = 12
LEAST_AGREES = 0.5
DIGITS = str.maketrans("", "", "号弄院")


def candidates_for(reading: Address, context: Context) -> Iterator[Found]:
    """Buildings with which most agrees, and in them the room where there is one."""
    for score, building, differs in _near_buildings(reading, context):
        reasons = Reasons()
        for what in differs:
            reasons = reasons.add("differs", what=what)
        if not differs and score < 1:
            continue
        yield from inside(building, reading, context, reasons)


def _near_buildings(reading: Address, context: Context) -> list[tuple[float, KnownBuilding, list[str]]]:
    gazetteer = context.gazetteer
    near: dict[str, float] = {}
    for name in reading.names:
        for other, likeness in names_nearly(name.text, gazetteer.names(), LIKE).items():
            near[other] = max(near.get(other, 0.0), likeness)
    scored = []
    for building in _pool(reading, context, near):
        agrees, asked, differs = _compare(reading, building, near, context)
        if asked and agrees / asked >= LEAST_AGREES and differs:
            scored.append((agrees / asked, building, differs))
    return sorted(scored, key=lambda one: (-one[0], one[1].id))[:MOST_BUILDINGS]


def _pool(reading: Address, context: Context, near: dict[str, float]) -> Iterable[KnownBuilding]:
    buildings = context.gazetteer.buildings
    if reading.building:
        return [buildings[one] for one in sorted(context.gazetteer.by_number.get(reading.building, ()))]
    return [
        b for b in buildings.values() if b.names & near.keys() or (reading.road and b.road == reading.road)
    ]


def _compare(
    reading: Address, building: KnownBuilding, near: dict[str, float], context: Context
) -> tuple[float, float, list[str]]:
    """How much agrees, of how much, and what does not."""
    agrees, asked, differs = 0.0, 0.0, []
    if reading.road:
        asked += 0.5
        agrees += 0.5 * (building.road == reading.road)
        differs += [] if building.road == reading.road else [f"{reading.road} / {building.road or '-'}"]
    if reading.number:
        asked += 0.5
        alike = building.road_number.translate(DIGITS) == reading.number.translate(DIGITS)
        agrees += 0.5 if building.road_number == reading.number else 0.35 if alike else 0
        if building.road_number != reading.number:
            differs.append(f"{reading.number} / {building.road_number or '-'}")
    for name in reading.names:
        asked += 1
        likeness, other = max(((near.get(known, 0.0), known) for known in building.names), default=(0.0, ""))
        agrees += 1 if name.text in building.names else likeness
        if name.text not in building.names:
            differs.append(f"{name.text} / {other or '-'}")
    if context.compound_id is not None:
        asked += 1
        agrees += building.compound_id == context.compound_id
        differs += [] if building.compound_id == context.compound_id else [building.title]
    if reading.building:
        asked += 0.5
        agrees += 0.5 * (reading.building in building.numbers or is_door(reading.building, building))
    return agrees, asked, differs
