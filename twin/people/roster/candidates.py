"""What the places are called that a doubtful address may be."""

from __future__ import annotations

from collections.abc import Iterable

from twin.people.models import RosterAddress
from twin.places.descriptions import address_of
from twin.places.models import Building, Dwelling


def titles_of(addresses: Iterable[RosterAddress]) -> dict[tuple[int, int | None], str]:
    """What the candidates of these addresses are called, as far as they still stand."""
    wanted = [(one["building"], one["dwelling"]) for address in addresses for one in address.candidates]
    dwellings = Dwelling.objects.standing().filter(pk__in=[dwelling for _, dwelling in wanted if dwelling])
    rows = dwellings.select_related("unit", "building__compound").defer(
        "footprint", "walls", "building__footprint"
    )
    titles: dict[tuple[int, int | None], str] = {
        (row.building_id, row.pk): address_of(row.building, row.unit, row.room) for row in rows
    }
    buildings = Building.objects.standing().filter(pk__in=[building for building, _ in wanted])
    titles |= {(row.pk, None): str(row) for row in buildings.only("name", "number")}
    return titles
