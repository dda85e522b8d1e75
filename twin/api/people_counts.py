"""Counting people in an area, of those that the viewer may see."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import Count, Q

from twin.access.gate import fetch, visible
from twin.base.errors import Invalid
from twin.base.scope import Scope
from twin.people.counts import population
from twin.people.models import DwellingTag, HouseholdTag, PersonTag, Residence
from twin.places.models import Building, Community, Grid

Area = Community | Grid | Building


def place_of(asked: dict[str, int], scope: Scope) -> Area:
    """The smallest place that was asked for. Raises Invalid without a community, NotVisible for what is hidden from the
    scope or lies in another community."""
    if "community" not in asked:
        raise Invalid("Say which community.", where="community")
    area: Area = fetch(Community.objects.all(), to=scope, pk=asked["community"])
    if "grid" in asked:
        area = fetch(Grid.objects.standing(), to=scope, pk=asked["grid"], community=asked["community"])
    if "building" in asked:
        area = fetch(
            Building.objects.standing(), to=scope, pk=asked["building"], community=asked["community"]
        )
    return area


def counts_of(area: Area, scope: Scope) -> dict[str, Any]:
    here = visible(Residence.objects.current(), to=scope).filter(_in(area, "dwelling__"))
    return {**asdict(population(here)), "tags": _tags(area, scope)}  # type: ignore[arg-type]


def _tags(area: Area, scope: Scope) -> list[dict[str, Any]]:
    """Tags that hold now, with how many have them; those of nobody are not named."""
    people = Residence.objects.current().filter(_in(area, "dwelling__")).values("person")
    rows = {
        "person": visible(PersonTag.objects.current(), to=scope).filter(person__in=people),
        "household": visible(HouseholdTag.objects.current(), to=scope).filter(
            _in(area, "household__dwelling__")
        ),
        "dwelling": visible(DwellingTag.objects.current(), to=scope).filter(_in(area, "dwelling__")),
    }
    return [
        {"tag_id": row["tag"], "code": row["tag__code"], "applies_to": applies_to, "count": row["count"]}
        for applies_to, tagged in rows.items()
        for row in tagged.order_by("tag").values("tag", "tag__code").annotate(count=Count("pk"))
    ]


def _in(area: Area, dwelling: str) -> Q:
    if isinstance(area, Community):
        return Q(community=area)
    if isinstance(area, Grid):
        return Q(**{f"{dwelling}building__grid__path__startswith": area.path})
    return Q(**{f"{dwelling}building": area})
