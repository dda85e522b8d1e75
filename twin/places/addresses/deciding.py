"""What can be learned when a clerk has decided where an address is: more than this one address, if it says a name."""

from __future__ import annotations

from dataclasses import dataclass

from twin.places.addresses.address import Address
from twin.places.addresses.comparing import is_door
from twin.places.addresses.gazetteer import Gazetteer, KnownBuilding
from twin.places.addresses.reading import readings
from twin.places.addresses.text import without_remarks


@dataclass(frozen=True, slots=True)
class Lesson:
    """An alias that may be learned. covers: "address" or "name". needs_source: it may mean other places in other rosters."""

    covers: str
    text: str
    number: str = ""
    compound_id: int | None = None
    building_id: int | None = None
    dwelling_id: int | None = None
    needs_source: bool = False


def lessons_of(text: str, dwelling_id: int, gazetteer: Gazetteer) -> list[Lesson]:
    """The widest first: a name for a compound, a name for a building, this address only.

    A name is only offered when it is the one thing in the address that was not known, and everything else agrees.
    """
    building_id, _ = gazetteer.where_is[dwelling_id]
    building = gazetteer.buildings[building_id]
    plain, _ = without_remarks(text)
    found = readings(text, gazetteer.lexicon)
    lessons = [lesson for reading in found[:1] for lesson in _of_names(reading, building, gazetteer)]
    somewhere = bool(found) and found[0].is_somewhere
    return [*lessons, Lesson("address", plain, dwelling_id=dwelling_id, needs_source=not somewhere)]


def _of_names(reading: Address, building: KnownBuilding, gazetteer: Gazetteer) -> list[Lesson]:
    name, number = _unknown_name(reading, gazetteer)
    if not name:
        return []
    lessons = []
    agrees = number in building.numbers or is_door(number, building)
    if number and agrees and building.compound_id is not None:
        lessons.append(Lesson("name", name, compound_id=building.compound_id))
    if not is_door(number, building):
        lessons.append(Lesson("name", name, number, building_id=building.id))
    return lessons


def _unknown_name(reading: Address, gazetteer: Gazetteer) -> tuple[str, str]:
    """The one unknown name of an address in which all else is understood, and the building's number; else ("", "")."""
    unknown = [name.text for name in reading.names if name.kind is None]
    known = [name for name in reading.names if name.kind is not None]
    strange_road = reading.road if reading.road and not gazetteer.lexicon.kinds_of(reading.road) else ""
    if reading.rest or known or len(unknown) + bool(strange_road) != 1 or (reading.road and not strange_road):
        return "", ""
    if unknown and reading.number:
        return "", ""
    number = reading.building or reading.number.removesuffix("号")
    name = unknown[0] if unknown else strange_road
    return (name, number) if len(name) > 1 and "弄" not in number else ("", "")
