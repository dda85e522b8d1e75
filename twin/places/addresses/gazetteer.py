"""What a community's places are called: everything that an address is compared with, read once from the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from twin.places.addresses.doors import Doors, counted_doors, named_doors
from twin.places.addresses.lexicon import Lexicon, NameKind
from twin.places.addresses.reading import readings
from twin.places.addresses.text import normalise
from twin.places.models import AddressAlias, Building, Community, Compound, Dwelling, Grid, Street

DIVISION_ENDS = re.compile(r"(?:省|市|区|县|街道|镇|乡|社区|自治区|居民委员会|居委会)$")


@dataclass(frozen=True, slots=True)
class KnownDwelling:
    id: int
    unit_id: int
    unit: str
    floor: int
    room: str


@dataclass(frozen=True, slots=True)
class KnownBuilding:
    """names: of itself, its compound, grid and committee. numbers: what it is called by number ("12", "A"). doors: of a row
    of houses, one for each unit."""

    id: int
    title: str
    compound_id: int | None
    road: str
    road_number: str
    names: frozenset[str]
    numbers: frozenset[str]
    doors: Doors
    floors_below: int

    @property
    def place(self) -> tuple[Any, ...]:
        """What it shares with the buildings among which its number is unique."""
        return (self.compound_id,) if self.compound_id else (self.road, self.road_number, self.title)


@dataclass(frozen=True, slots=True)
class Inside:
    """The dwellings of one building. units: number -> id; unit_names: number -> what it is called, where it is."""

    units: dict[str, int] = field(default_factory=dict)
    unit_names: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, list[KnownDwelling]] = field(default_factory=dict)

    @property
    def dwellings(self) -> Iterator[KnownDwelling]:
        for found in self.rooms.values():
            yield from found


@dataclass(slots=True)
class Gazetteer:
    """address_aliases: (source, text) -> dwelling; name_aliases: (source, name, number) -> ("building" or "compound", id)."""

    lexicon: Lexicon
    buildings: dict[int, KnownBuilding]
    inside: dict[int, Inside]
    says_division: bool
    address_aliases: dict[tuple[str, str], int] = field(default_factory=dict)
    name_aliases: dict[tuple[str, str, str], tuple[str, int]] = field(default_factory=dict)
    by_number: dict[str, set[int]] = field(default_factory=dict)
    where_is: dict[int, tuple[int, KnownDwelling]] = field(default_factory=dict)

    @property
    def has_one_place(self) -> bool:
        """Whether all buildings with dwellings stand in one compound, so that a number says which."""
        return len({self.buildings[one].place for one in self.inside if one in self.buildings}) == 1

    def names(self) -> list[str]:
        """Of compounds and buildings, for a name that is nearly one of them."""
        return sorted({name for building in self.buildings.values() for name in building.names})


def gazetteer_of(community: Community) -> Gazetteer:
    """Five queries. 6 000 dwellings take about 0.1 s; a large import asks once."""
    lexicon = _lexicon_of(community)
    inside = _inside_of(community)
    buildings = {building.id: building for building in _buildings_of(community, lexicon, inside)}
    gazetteer = Gazetteer(lexicon, buildings, inside, bool(community.division.strip()))
    for building in buildings.values():
        for number in [*building.numbers, *building.doors.unit_of]:
            gazetteer.by_number.setdefault(number, set()).add(building.id)
    for building_id, within in inside.items():
        gazetteer.where_is.update({one.id: (building_id, one) for one in within.dwellings})
    _add_aliases(gazetteer, community)
    return gazetteer


def _lexicon_of(community: Community) -> Lexicon:
    lexicon = Lexicon()
    for word in _division_words(community):
        lexicon.add(word, NameKind.DIVISION)
    for name in (
        Street.objects.standing().filter(community=community).values_list("name", flat=True).distinct()
    ):
        lexicon.add(name, NameKind.ROAD)
    compounds = Compound.objects.standing().filter(community=community)
    for name, committee in compounds.values_list("name", "committee"):
        lexicon.add(name, NameKind.COMPOUND)
        for word in _committee_words(committee):
            lexicon.add(word, NameKind.GRID)
    for name in (
        Grid.objects.standing()
        .filter(community=community)
        .exclude(parent=None)
        .values_list("name", flat=True)
    ):
        lexicon.add(name, NameKind.GRID)
    return lexicon


def _division_words(community: Community) -> Iterator[str]:
    yield "中国"
    for word in [*community.division.split(), community.name]:
        plain = normalise(word)
        yield plain
        short = DIVISION_ENDS.sub("", plain)
        if len(short) > 1:
            yield short


def _committee_words(committee: str) -> Iterator[str]:
    if committee:
        yield committee
        stem = normalise(committee).removesuffix("居民委员会").removesuffix("居委会")
        yield from (f"{stem}居委会", f"{stem}居民委员会", f"{stem}居委")


def _buildings_of(
    community: Community, lexicon: Lexicon, inside: dict[int, Inside]
) -> Iterator[KnownBuilding]:
    rows = Building.objects.standing().filter(community=community).order_by("id").values_list(
        "id", "name", "number", "address", "compound_id", "compound__name", "compound__committee", "grid__name",
        "floors_below", "unit_names",
    )  # fmt: skip
    known = [_building(lexicon, inside.get(row[0]), *row) for row in rows]
    for building, own in known:
        if own:
            lexicon.add(own, NameKind.BUILDING)
        yield building


def _building(
    lexicon: Lexicon, inside: Inside | None, building_id: int, name: str, number: str, address: str,
    compound_id: int | None, compound: str | None, committee: str | None, grid: str, below: int, unit_names: list[str],
) -> tuple[KnownBuilding, str]:  # fmt: skip
    """The building, and its name where that is more than compound and number."""
    found = readings(address, lexicon)
    on_road = (
        [one for one in found if one.road] if compound_id is None else []
    )  # 鱼行弄 is a road and a compound
    read = next(iter([*on_road, *found]), None)
    numbers = {read.building} if read and read.building else set()
    numbers |= _numbers_of(number)
    doors = _doors(numbers, unit_names, inside)
    own = "" if _is_number_only(name, compound or "", lexicon) else normalise(name)
    names = {
        own,
        normalise(compound or ""),
        normalise(grid),
        *map(normalise, _committee_words(committee or "")),
    }
    if not own:
        numbers |= _numbers_of(normalise(name).removeprefix(normalise(compound or "")))
    building = KnownBuilding(
        building_id, name or address or number, compound_id, read.road if read else "", read.number if read else "",
        frozenset(names - {""}), frozenset(numbers - {""}), doors, below,
    )  # fmt: skip
    return building, own


def _doors(numbers: set[str], unit_names: list[str], inside: Inside | None) -> Doors:
    """As its units are called, or will be when it is cut; where they have no names of doors, as the row's number counts."""
    names = inside.unit_names.items() if inside else ((str(n), name) for n, name in enumerate(unit_names, 1))
    named = named_doors(names)
    counted = (doors for one in sorted(numbers) if (doors := counted_doors(one)).unit_of)
    return named if named.unit_of else next(counted, Doors())


def _numbers_of(number: str) -> set[str]:
    """`12号楼` is "12". A number that cannot be read alone is compared as it is."""
    found = readings(number)
    if not found or found[0].rest or found[0].names:
        return {normalise(number)} - {""}
    read = found[0]
    return {read.building or read.number.removesuffix("号") or read.room} - {""}


def _is_number_only(name: str, compound: str, lexicon: Lexicon) -> bool:
    """Whether a building's name says no more than its compound and its number: 银杏小区3幢, 3号楼."""
    rest = normalise(name).removeprefix(normalise(compound))
    if not rest:
        return True
    found = readings(rest, lexicon)
    return bool(found) and not (found[0].rest or found[0].names or found[0].road or found[0].division)


def _inside_of(community: Community) -> dict[int, Inside]:
    rows = Dwelling.objects.standing().filter(community=community).order_by("id").values_list(
        "building_id", "id", "unit_id", "unit__number", "unit__name", "floor", "room"
    )  # fmt: skip
    inside: dict[int, Inside] = defaultdict(Inside)
    for building_id, dwelling_id, unit_id, unit, unit_name, floor, room in rows:
        dwelling = KnownDwelling(dwelling_id, unit_id, normalise(unit), floor, normalise(room))
        inside[building_id].units[dwelling.unit] = unit_id
        inside[building_id].unit_names[dwelling.unit] = unit_name
        inside[building_id].rooms.setdefault(dwelling.room, []).append(dwelling)
    return dict(inside)


def _add_aliases(gazetteer: Gazetteer, community: Community) -> None:
    for alias in AddressAlias.objects.in_force().filter(community=community).order_by("id"):
        take_alias(gazetteer, alias)


def take_alias(gazetteer: Gazetteer, alias: AddressAlias) -> None:
    """Know it from now on. One that leads to a place that has ended is not known any more."""
    if alias.covers == AddressAlias.Covers.ADDRESS:
        if alias.dwelling_id in gazetteer.where_is:
            gazetteer.address_aliases[alias.source, alias.text] = alias.dwelling_id
        return
    kind, place_id = ("building", alias.building_id) if alias.building_id else ("compound", alias.compound_id)
    if place_id is not None and (kind == "compound" or place_id in gazetteer.buildings):
        gazetteer.name_aliases[alias.source, alias.text, alias.number] = (kind, place_id)
        gazetteer.lexicon.add(alias.text, NameKind.ALIAS)


def names_nearly(name: str, names: Iterable[str], least: float) -> dict[str, float]:
    """The names that are like this one, with their likeness from `least` to 1."""
    letters = set(name)
    likeness = {other: 2 * len(letters & set(other)) / (len(letters) + len(set(other))) for other in names}
    return {other: score for other, score in likeness.items() if score >= least}
