"""Counting people in an area, of those that the viewer may see."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import Q

from twin.access.gate import fetch, visible
from twin.base.errors import Invalid
from twin.base.scope import Scope
from twin.people.counts import population, tag_counts
from twin.people.models import Residence
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
    tags = tag_counts(lambda dwelling: _in(area, dwelling), scope)
    return {**asdict(population(here)), "tags": [asdict(tag) for tag in tags]}  # type: ignore[arg-type]


def _in(area: Area, dwelling: str) -> Q:
    if isinstance(area, Community):
        return Q(community=area)
    if isinstance(area, Grid):
        return Q(**{f"{dwelling}building__grid__path__startswith": area.path})
    return Q(**{f"{dwelling}building": area})
