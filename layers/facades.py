"""Which facades there are, and what they say of the homes of one viewer: always granted facts, never shared, never kept.

A home is a dwelling that is counted: what was cut from a guess has no facts to show. Colours, counts and single homes come
from one and the same query, so they cannot contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.gis.geos import Polygon
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from gis.tile_address import Tile, bounds
from layers.facade import Facade, Pattern, Subject
from twin.access.gate import visible
from twin.base.errors import NotVisible
from twin.base.scope import Scope
from twin.places.models import Community, Dwelling

Family = Callable[[Community, Scope], Iterable[Facade]]
"""Facades that are data themselves, like one for each tag: those that this scope may have in this community."""

RANKED = """
    SELECT DISTINCT ON (dwelling) dwelling, category FROM ({rows}) AS ranked (dwelling, category, rank)
    ORDER BY dwelling, rank, category
"""
COUNTS = "SELECT category::text, count(*) FROM ({rows}) AS fact (dwelling, category) GROUP BY category"
HOMES = """
    SELECT category::text, array_agg(dwelling ORDER BY dwelling) FROM ({rows}) AS fact (dwelling, category) GROUP BY category
"""

_families: list[Family] = []
_subjects: dict[str, Subject] = {}


def register(*facades: Facade) -> None:
    """Facades that every community has. Raises ValueError where colour alone tells categories apart."""
    for facade in facades:
        patterns = [category.pattern for category in facade.categories]
        if len(set(patterns)) < min(len(patterns), len(Pattern)):
            raise ValueError(f"facade {facade.name}: tell its categories apart by pattern too")
    subjects = {facade.about.name: facade.about for facade in facades}
    register_family(lambda community, scope: facades, *subjects.values())


def register_family(family: Family, *subjects: Subject) -> None:
    """Raises ValueError for a second subject of the same name."""
    for subject in subjects:
        if _subjects.setdefault(subject.name, subject) is not subject:
            raise ValueError(f"a subject named {subject.name} is registered already")
    _families.append(family)


def all_subjects() -> tuple[Subject, ...]:
    return tuple(_subjects.values())


def facades_of(community: Community, scope: Scope) -> list[Facade]:
    """The facades that this viewer may choose: those that some grant opens somewhere in the community."""
    if not any(grant.facts and grant.community_id == community.pk for grant in scope.grants):
        return []
    offered = (facade for family in _families for facade in family(community, scope))
    return [facade for facade in offered if facade.opened(scope, community.pk).grants]


def facade_named(name: str, community: Community, scope: Scope) -> Facade:
    """Raises NotVisible whether it is not for this viewer or does not exist."""
    for facade in facades_of(community, scope):
        if facade.name == name:
            return facade
    raise NotVisible("There is nothing here for you.", where="facade")


def homes_of(facade: Facade, community: Community, scope: Scope) -> QuerySet[Any]:
    """The homes at which this facade is opened to the viewer."""
    opened = facade.opened(scope, community.pk)
    return visible(Dwelling.objects.counted().granted_to(opened), to=scope).filter(community=community)


def in_tiles(homes: QuerySet[Any], tiles: Collection[Tile]) -> QuerySet[Any]:
    """Those whose building has its anchor there, like the wall panels of the same tiles. On an edge it is in both."""
    return homes.filter(
        reduce(or_, (Q(building__anchor__bboverlaps=_box(tile)) for tile in tiles), Q(pk__in=[]))
    )


def counts(facade: Facade, homes: QuerySet[Any], opened: Scope) -> dict[str, int]:
    """How many of these homes each category has; every category is there. `opened`: see `Facade.opened`."""
    return {category.key: 0 for category in facade.categories} | dict(_grouped(COUNTS, facade, homes, opened))


def coloured(facade: Facade, homes: QuerySet[Any], opened: Scope) -> dict[str, list[int]]:
    """Those of these homes that have a category, by category and ascending id. `opened`: see `Facade.opened`."""
    return dict(_grouped(HOMES, facade, homes, opened))


def changes_at(facade: Facade, homes: QuerySet[Any], opened: Scope) -> datetime | None:
    """The next moment (UTC) at which a home loses its colour by itself: what runs out then is told by no event."""
    return facade.ends(homes.order_by(), opened) if facade.ends is not None else None


def _grouped(statement: str, facade: Facade, homes: QuerySet[Any], opened: Scope) -> list[tuple[str, Any]]:
    facts = facade.facts(homes.order_by(), opened)
    rows, params = _united([facts] if isinstance(facts, QuerySet) else facts)
    if not rows:
        return []
    if not isinstance(facts, QuerySet):
        rows = RANKED.format(rows=rows)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(rows=rows), params)
        return [(category, value) for category, value in cursor.fetchall() if category is not None]


def _united(parts: Iterable[QuerySet[Any]]) -> tuple[str, list[Any]]:
    """The rows of all of them as one statement with its parameters; empty where there can be none."""
    statements: list[str] = []
    params: list[Any] = []
    for part in parts:
        try:
            sql, own = part.order_by().query.sql_with_params()
        except EmptyResultSet:  # a scope that holds nothing
            continue
        statements.append(f"({sql})")
        params += own
    return " UNION ALL ".join(statements), params


def _box(tile: Tile) -> Polygon:
    box = Polygon.from_bbox(bounds(tile))
    box.srid = 4326
    return box
