"""How households are called in what is told of points: by the masked name of their head, and where they live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twin.access.gate import visible
from twin.base.scope import Scope
from twin.people.models import Household
from twin.places.descriptions import address_of
from twin.places.models import Dwelling
from twin.points.names import called

PLACE = ("dwelling__unit", "dwelling__building__compound")
NO_SHAPES = (
    "dwelling__footprint", "dwelling__walls", "dwelling__unit__entrance", "dwelling__building__footprint",
    "dwelling__building__anchor", "dwelling__building__compound__geometry",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Home:
    """Whose it is, masked, and where: for who may see the household."""

    called: str
    dwelling_id: int
    address: str


def homes_of(household_ids: Iterable[int], scope: Scope) -> dict[int, Home]:
    """Those of these households that the viewer may see, in two queries."""
    seen = visible(Household.objects.filter(pk__in=set(household_ids)), to=scope)
    households = list(seen.select_related(*PLACE).defer(*NO_SHAPES))
    heads = called([household.pk for household in households])
    return {
        household.pk: Home(heads.get(household.pk, ""), household.dwelling_id, _address(household.dwelling))
        for household in households
    }


def _address(dwelling: Dwelling) -> str:
    return address_of(dwelling.building, dwelling.unit, dwelling.room)
