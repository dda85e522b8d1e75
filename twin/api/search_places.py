"""Places by what people call them: an address in any of its forms, or a part of a name."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q, QuerySet

from twin.access.gate import visible
from twin.base.scope import Scope
from twin.places.addresses import Address, as_good_readings, normalise
from twin.places.addresses.doors import counted_doors, door_called
from twin.places.descriptions import address_of
from twin.places.models import Building, Community, Compound, Dwelling, Grid, Street, Unit

MOST_WITHOUT = 3
"""Homes, and buildings, that are offered instead of a room that is not there."""
FAR = 10**9
MOST = 8
"""Results of one kind; a longer list is not read, a longer question is typed."""


def places_called(text: str, community: Community, scope: Scope) -> list[dict[str, Any]]:
    """The best first: an understood address, then names that contain the text."""
    text = normalise(text)
    if not text:
        return []
    rows = _Rows(community, scope)
    readings = as_good_readings(text)
    found = [place for address in readings for place in rows.at_address(address)]
    if not any(place["kind"] == "dwelling" for place in found):
        found += [place for address in readings for place in rows.near_address(address)]
    found += rows.named(
        Building, Q(name__icontains=text) | Q(number__iexact=text) | Q(address__icontains=text)
    )
    for model in (Compound, Grid, Street):
        found += rows.named(model, Q(name__icontains=text))
    unique = {(result["kind"], result["title"]) if result["kind"] == "street" else (result["kind"], result["id"]): result
              for result in reversed(found)}  # fmt: skip
    return list(reversed(unique.values()))[: MOST * 3]


class _Rows:
    def __init__(self, community: Community, scope: Scope) -> None:
        self.community, self.scope = community, scope

    def _of(self, model: Any) -> QuerySet[Any]:
        return visible(model.objects.standing(), to=self.scope).filter(community=self.community)

    def at_address(self, address: Address) -> list[dict[str, Any]]:
        buildings = self._of(Building).filter(_where(address))
        if address.building:
            buildings = self._numbered(buildings, address.building)
        if not address.room:
            return [_building(b) for b in buildings.select_related("compound").order_by("id")[:MOST]]
        wanted = Q(building__in=buildings, room__iexact=address.room)
        if address.unit:
            wanted &= Q(unit__number=address.unit)
        dwellings = self._of(Dwelling).filter(wanted).select_related("unit", "building__compound")
        rows = [one for one in dwellings.order_by("building", "unit__number") if _behind_door(one, address)]
        return [_dwelling(d) for d in rows[:MOST]]

    def near_address(self, address: Address) -> list[dict[str, Any]]:
        """Instead of a room that its building does not have: its likeliest neighbours there, then the building."""
        if not address.room or not (address.building or address.number):
            return []
        buildings = self._of(Building).filter(_where(address))
        if address.building:
            buildings = self._numbered(buildings, address.building)
        rows = list(buildings.select_related("compound").order_by("id")[:MOST_WITHOUT])
        wanted = Q(building__in=rows) & (Q(unit__number=address.unit) if address.unit else Q())
        homes = self._of(Dwelling).filter(wanted).select_related("unit", "building__compound")
        near = sorted(homes.defer("walls"), key=lambda home: _apart(home, address))[:MOST_WITHOUT]
        found = [_dwelling(home) for home in near] + [_building(building) for building in rows]
        return [place | {"room_missing": address.room} for place in found]

    def _numbered(self, buildings: QuerySet[Building], number: str) -> QuerySet[Building]:
        """Those with this number, and rows of houses that have such a door."""
        rows = buildings.filter(number__regex=r"^\d+-\d+").values_list("id", "number")
        with_door = [row for row, doors in rows if number in counted_doors(doors).unit_of]
        wanted = rf"^{re.escape(number)}(号|号楼|栋|幢|座)?$"
        units = Unit.objects.standing().filter(building__in=buildings, name__iregex=wanted)
        return buildings.filter(
            Q(number__iregex=wanted) | Q(pk__in=with_door) | Q(pk__in=units.values("building"))
        )

    def named(self, model: Any, wanted: Q) -> list[dict[str, Any]]:
        rows = self._of(model).filter(wanted).order_by("id")
        if model is Building:
            return [_building(b) for b in rows.select_related("compound")[:MOST]]
        kind = model.__name__.lower()
        return [_result(kind, row, row.name, "", row.geometry) for row in rows[:MOST] if row.geometry]


def _where(address: Address) -> Q:
    wanted = Q()
    if address.road or address.number:
        wanted &= Q(address__icontains=f"{address.road}{address.number}")
    for name in address.names:
        called = name.text
        wanted &= (
            Q(address__icontains=called) | Q(compound__name__icontains=called) | Q(name__icontains=called)
        )
    return wanted


def _apart(dwelling: Dwelling, address: Address) -> tuple[int, int, int]:
    """How far a home is from the room that was asked for: by its door's number, homes without one last."""
    return (*apart_by_number(dwelling.room, address.room), dwelling.pk)


def apart_by_number(room: str, wanted: str) -> tuple[int, int]:
    """Floors, which are the hundreds, weigh more than doors; numbers that cannot be compared lie far apart."""
    if not (room.isascii() and room.isdigit() and wanted.isascii() and wanted.isdigit()):
        return (FAR, FAR)
    (floor, door), (wanted_floor, wanted_door) = divmod(int(room), 100), divmod(int(wanted), 100)
    return (abs(floor - wanted_floor), abs(door - wanted_door))


def _behind_door(dwelling: Dwelling, address: Address) -> bool:
    """Behind the door that was asked for, in a row of houses; in other buildings always."""
    if address.unit or not address.building:
        return True
    if door := door_called(dwelling.unit.name):
        return door == address.building
    doors = counted_doors(dwelling.building.number).unit_of
    return not doors or doors.get(address.building) == dwelling.unit.number


def _building(building: Building) -> dict[str, Any]:
    subtitle = building.address or (building.compound.name if building.compound else "")
    return _result("building", building, str(building), subtitle, building.footprint, building.height_m)


def _dwelling(dwelling: Dwelling) -> dict[str, Any]:
    title = address_of(dwelling.building, dwelling.unit, dwelling.room)
    shown = _result("dwelling", dwelling, title, str(dwelling.building), dwelling.footprint)
    return shown | {"dwelling": dwelling.pk, "height_m": middle_m(dwelling)}


def middle_m(dwelling: Dwelling) -> float:
    """Where its windows are, in metres above the ground."""
    return (dwelling.base_m + dwelling.top_m) / 2


def _result(
    kind: str, row: Any, title: str, subtitle: str, shape: GEOSGeometry, height_m: float = 0.0
) -> dict[str, Any]:
    middle = shape.point_on_surface
    return {"kind": kind, "id": row.pk, "title": title, "subtitle": subtitle, "dwelling": None,
            "center": [middle.x, middle.y], "height_m": height_m, "room_missing": ""}  # fmt: skip
