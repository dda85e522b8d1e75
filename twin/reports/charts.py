"""Counts of an area as pictures need them: a population pyramid, tags, and residence kinds by grid."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from twin.access.gate import visible
from twin.access.roles import Personal
from twin.base.scope import Scope
from twin.people.counts import PersonState, TagCount, tag_counts
from twin.people.masking import age_on
from twin.people.models import Person, Residence
from twin.places.models import Community, Grid
from twin.reports.areas import Area
from twin.reports.choosing import people_in_homes

STEP, OLDEST = 5, 100


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """People who live in the area now, `begin` to `end` years old: of the last group no end, of unknown birth neither."""

    begin: int | None
    end: int | None
    male: int = 0
    female: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class KindsOfGrid:
    """People of a leaf grid by tenure of the home that they live in; who is only registered there counts as that."""

    grid: Grid
    counts: dict[str, int]


def pyramid_of(area: Area, community: Community, scope: Scope) -> list[AgeGroup]:
    """Every person who lives there once, in steps of five years, the youngest first. One query."""
    today = community.today()
    here = visible(Residence.objects.current(), to=scope.telling(Personal.BIRTH)).actual()  # type: ignore[attr-defined]
    rows = here.filter(area.of_dwellings("dwelling__"), community=community).order_by()
    counted = rows.values_list("person__birth_date", "person__sex").annotate(
        people=Count("person", distinct=True)
    )
    groups: dict[int | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for born, sex, people in counted:
        age = age_on(today, born)
        groups[None if age is None else min(max(age, 0) // STEP * STEP, OLDEST)][sex] += people
    begins: list[int | None] = [*range(0, OLDEST + 1, STEP)]
    return [_group(begin, groups[begin]) for begin in (*begins, *([None] if None in groups else []))]


def _group(begin: int | None, of: dict[str, int]) -> AgeGroup:
    end = None if begin is None or begin >= OLDEST else begin + STEP - 1
    male, female, unknown = (of[sex] for sex in (Person.Sex.MALE, Person.Sex.FEMALE, Person.Sex.UNKNOWN))
    return AgeGroup(begin, end, male, female, unknown)


def tags_in(area: Area, community: Community, scope: Scope) -> list[TagCount]:
    """Tags that hold now, up to the level that is told where they are. Three queries."""

    def within(dwelling: str) -> Q:
        return area.of_dwellings(dwelling)

    return tag_counts(within, scope.in_community(community.pk))


def kinds_by_grid(area: Area, community: Community, scope: Scope) -> list[KindsOfGrid]:
    """Grids with nobody are left out. Two queries."""
    rows = people_in_homes(scope).filter(area.of_dwellings("dwelling__"), community=community)
    counted = rows.order_by().values("dwelling__building__grid", "state", "tenure")
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in counted.annotate(people=Count("person", distinct=True)):
        only = row["state"] == PersonState.REGISTERED_HERE
        kind = str(Residence.Tenure.REGISTERED_ONLY if only else row["tenure"])
        found[row["dwelling__building__grid"]][kind] += row["people"]
    grids: Any = Grid.objects.filter(pk__in=found).defer("geometry").order_by("code", "pk")
    return [
        KindsOfGrid(grid, {kind: found[grid.pk].get(kind, 0) for kind in Residence.Tenure.values})
        for grid in grids
    ]
