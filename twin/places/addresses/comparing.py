"""One reading of an address against the places of a community."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from twin.places.addresses.address import Address
from twin.places.addresses.gazetteer import Gazetteer, Inside, KnownBuilding, KnownDwelling
from twin.places.addresses.lexicon import NameKind
from twin.places.addresses.reasons import NO_REASONS, Reasons
from twin.places.addresses.text import is_harmless

SAYS_NOTHING = frozenset(
    {
        "小区",
        "住宅",
        "住宅区",
        "住宅小区",
        "宿舍",
        "居民楼",
        "居民点",
        "内",
        "里面",
        "的",
        "大楼",
        "住宅楼",
        "处",
        "楼宇",
    }
)
"""Words between the others that name no place."""


@dataclass(frozen=True, slots=True)
class Context:
    """What an address is compared with. compound_id: told apart from it. source: the roster that it stands in."""

    gazetteer: Gazetteer
    compound_id: int | None = None
    source: str = ""

    def alias(self, name: str, number: str = "") -> tuple[str, int] | None:
        aliases = self.gazetteer.name_aliases
        return aliases.get((self.source, name, number)) or aliases.get(("", name, number))


@dataclass(frozen=True, slots=True)
class Found:
    """A place that an address may mean: a building, and as far as the address goes, its unit and dwelling."""

    building_id: int
    unit_id: int | None = None
    dwelling_id: int | None = None
    reasons: Reasons = NO_REASONS

    @property
    def key(self) -> tuple[int, int, int]:
        return self.building_id, self.unit_id or 0, self.dwelling_id or 0

    def because(self, reasons: Reasons) -> Found:
        return replace(self, reasons=reasons + self.reasons)


def doubts_of(reading: Address, context: Context) -> Reasons:
    """What is to be said of the address itself, wherever it leads."""
    reasons = Reasons()
    strange = _strange_division(reading.division, context.gazetteer.lexicon.divisions())
    if strange:
        reasons = reasons.add(
            "other_division" if context.gazetteer.says_division else "division_unknown", text=strange
        )
    for name in reading.names:
        if name.kind is None and name.text not in SAYS_NOTHING:
            reasons = reasons.add("name_unknown", text=name.text)
    if reading.rest.strip("-") and reading.rest not in SAYS_NOTHING:
        reasons = reasons.add("rest_not_understood", text=reading.rest)
    for remark in reading.remarks:
        reasons = reasons.add("remark_left_out" if is_harmless(remark) else "remark_is_vague", text=remark)
    if not _is_somewhere(reading):
        reasons = reasons.add(_code_of_nowhere(context))
    return reasons


def _is_somewhere(reading: Address) -> bool:
    named = any(name.kind not in (None, NameKind.GRID) for name in reading.names)
    return bool(reading.road or reading.number or named)


def _code_of_nowhere(context: Context) -> str:
    if context.compound_id is not None:
        return "place_from_context"
    return "one_place_only" if context.gazetteer.has_one_place else "no_place_named"


def _strange_division(division: str, words: list[str]) -> str:
    """What is left of a division without the words that are known to be right; "" when all are."""
    left = division
    for word in words:
        left = left.replace(word, "")
    return left


def buildings_that_agree(reading: Address, context: Context) -> Iterator[tuple[KnownBuilding, Reasons]]:
    """Those with which everything agrees that the reading says of road, names and number."""
    if not (_is_somewhere(reading) or reading.building):
        return
    gazetteer = context.gazetteer
    pool = set(gazetteer.buildings)
    if reading.building and not any(name.kind == NameKind.ALIAS for name in reading.names):
        pool = gazetteer.by_number.get(reading.building, set())
    for building_id in sorted(pool):
        building = gazetteer.buildings[building_id]
        reasons = _agrees(reading, building, context)
        if reasons is not None:
            yield building, reasons


def _agrees(reading: Address, building: KnownBuilding, context: Context) -> Reasons | None:
    if context.compound_id is not None and building.compound_id != context.compound_id:
        return None
    if reading.road and reading.road != building.road:
        return None
    if reading.number and reading.number != building.road_number:
        return None
    reasons, number_is_settled = Reasons(), False
    for name in reading.names:
        if name.kind == NameKind.ALIAS:
            settled = _alias_agrees(name.text, reading.building, building, context)
            if settled is None:
                return None
            number_is_settled = number_is_settled or settled
            reasons = reasons.add("name_decided", name=name.text)
        elif name.kind is not None and name.text not in building.names:
            return None
    if number_is_settled or not reading.building:
        return reasons
    return reasons if reading.building in building.numbers or is_door(reading.building, building) else None


def _alias_agrees(name: str, number: str, building: KnownBuilding, context: Context) -> bool | None:
    """None when the alias means another place, else whether it has settled the building's number too."""
    if number and (with_number := context.alias(name, number)) is not None:
        return True if with_number == ("building", building.id) else None
    place = context.alias(name)
    if place == ("building", building.id):
        return False
    return False if place is not None and place == ("compound", building.compound_id) else None


def is_door(number: str, building: KnownBuilding) -> bool:
    return number in building.doors.unit_of


def inside(building: KnownBuilding, reading: Address, context: Context, reasons: Reasons) -> Iterator[Found]:
    """The dwellings, or the unit, or the building itself, that the rest of the reading means; with what disagrees."""
    here = context.gazetteer.inside.get(building.id)
    says_room = bool(reading.room or reading.flat)
    if here is None:
        goes_on = says_room or reading.unit or reading.floor is not None
        yield Found(building.id, reasons=reasons.add("not_cut") if goes_on else reasons)
        return
    unit, reasons = _unit(building, here, reading, reasons)
    if unit is not None and unit not in here.units:
        yield Found(building.id, reasons=reasons.add("no_such_unit", unit=unit))
        return
    if not says_room:
        if reading.floor is not None:
            reasons = reasons.add("only_a_floor", floor=reading.floor)
        yield Found(building.id, here.units[unit] if unit is not None else None, reasons=reasons)
        return
    yield from _rooms(building, here, reading, unit, reasons)


def _unit(
    building: KnownBuilding, here: Inside, reading: Address, reasons: Reasons
) -> tuple[str | None, Reasons]:
    """The unit that is meant, None for any."""
    unit = building.doors.unit_behind(reading.building, here.units)
    if unit is not None:
        if not reading.unit or reading.unit == unit:
            return unit, reasons.add(
                "door_of_a_row", door=reading.building, unit=unit, row=str(building.doors)
            )
        return reading.unit, reasons.add(
            "differs", what=f"{reading.building}号 = {unit}单元, {reading.unit}单元"
        )
    if not reading.unit:
        return None, reasons
    if len(here.units) == 1 and "" in here.units and reading.unit == "1":
        return "", reasons.add("unit_of_one")
    return reading.unit, reasons


def _rooms(
    building: KnownBuilding, here: Inside, reading: Address, unit: str | None, reasons: Reasons
) -> Iterator[Found]:
    everywhere = rooms_called(here, reading)
    there = [room for room in everywhere if unit is None or room.unit == unit]
    said = reading.room or f"{reading.floor}-{reading.flat}"
    if not there:
        unit_id = here.units[unit] if unit is not None else None
        reasons = reasons.add("no_such_room", room=said)
        yield Found(building.id, unit_id, reasons=reasons)
        return
    may_be_below = reading.dashed and building.floors_below >= int(
        reading.room[:1] if reading.room[:1].isdigit() else 9
    )
    for room in there:
        why = reasons.add("may_be_below_ground", room=said) if may_be_below else reasons
        if unit is None and len(here.units) > 1:
            why = why.add(
                "one_such_room" if len(there) == 1 else "several_rooms", room=said, count=len(there)
            )
        if reading.flat:
            why = why.add("floor_and_flat", flat=reading.flat, floor=reading.floor, room=room.room)
        elif reading.floor is not None and reading.floor != room.floor:
            why = why.add("floor_disagrees", room=room.room, floor=reading.floor)
        if reading.part and room.room != f"{reading.room}-{reading.part}":
            why = why.add("part_of_a_room", room=room.room, part=reading.part)
        yield Found(building.id, room.unit_id, room.id, why)


def rooms_called(here: Inside, reading: Address) -> list[KnownDwelling]:
    """The dwellings of a building that have this room's name. A basement's B101 is also -101."""
    if reading.part:
        divided = here.rooms.get(f"{reading.room}-{reading.part}")
        if divided:
            return divided
    if reading.flat:
        floor = f"{reading.floor}" if (reading.floor or 0) > 0 else f"B{-(reading.floor or 0)}"
        names = [f"{floor}{reading.flat.zfill(digits)}" for digits in (2, 3)]
    elif reading.floor is not None and reading.floor < 0 and reading.room.isdigit():
        names = [f"B{reading.room}", f"-{reading.room}", f"B{-reading.floor}{reading.room}"]
    else:
        names = [reading.room, f"B{reading.room[1:]}" if reading.room.startswith("-") else f"-{reading.room[1:]}"
                 if reading.room.startswith("B") else reading.room]  # fmt: skip
    for name in dict.fromkeys(names):
        if name in here.rooms:
            return here.rooms[name]
    return []
