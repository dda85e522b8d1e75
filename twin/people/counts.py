"""How many live here, and how many are registered here: two counts, neither derived from the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from twin.access.gate import visible
from twin.base.scope import Scope
from twin.people.models import DwellingTag, HouseholdTag, PersonTag, Residence
from twin.people.querysets import ResidenceQuerySet


class PersonState(models.TextChoices):
    """How a person stands to one dwelling: derived, never stored."""

    TOGETHER = "together", _("lives and is registered here")  # 人户一致
    LIVES_HERE = "lives_here", _("lives here, registered elsewhere")  # 人在户不在
    REGISTERED_HERE = "registered_here", _("registered here, lives elsewhere")  # 户在人不在


@dataclass(frozen=True, slots=True)
class Population:
    """Persons by what holds at one moment; the states count persons in dwellings, so somebody with two homes counts twice."""

    registered: int
    actual: int
    households: int
    states: dict[str, int]
    tenure: dict[str, int]


@dataclass(frozen=True, slots=True)
class TagCount:
    """How many persons, households or dwellings, as the tag applies, have it now."""

    tag_id: int
    code: str
    name: str
    name_en: str
    colour: str
    applies_to: str
    count: int


def state_of(*, registered: bool, actual: bool) -> str | None:
    if registered and actual:
        return PersonState.TOGETHER
    if actual:
        return PersonState.LIVES_HERE
    return PersonState.REGISTERED_HERE if registered else None


def population(rows: ResidenceQuerySet) -> Population:
    """Counts over residences that hold at one moment (`current()` or `at()`). Three queries."""
    counted = rows.aggregate(
        registered=Count("person", filter=Q(basis=Residence.Basis.REGISTERED), distinct=True),
        actual=Count("person", filter=Q(basis=Residence.Basis.ACTUAL), distinct=True),
        households=Count("household", filter=Q(basis=Residence.Basis.ACTUAL), distinct=True),
    )
    living = rows.actual().order_by().values("tenure").annotate(people=Count("person", distinct=True))
    return Population(
        **counted, states=_states(rows), tenure={row["tenure"]: row["people"] for row in living}
    )


def _states(rows: ResidenceQuerySet) -> dict[str, int]:
    pairs: Any = rows.order_by().values("person", "dwelling").annotate(
        is_registered=BoolOr(Q(basis=Residence.Basis.REGISTERED)),
        is_actual=BoolOr(Q(basis=Residence.Basis.ACTUAL)),
    )  # fmt: skip
    counted: dict[str, int] = pairs.aggregate(
        together=Count("person", filter=Q(is_registered=True, is_actual=True)),
        lives_here=Count("person", filter=Q(is_registered=False, is_actual=True)),
        registered_here=Count("person", filter=Q(is_registered=True, is_actual=False)),
    )
    return counted


def tag_counts(within: Callable[[str], Q], scope: Scope) -> list[TagCount]:
    """Tags that hold now, with how many have them, as far as the scope is told; those of nobody are not named.

    `within`: the filter for an area, given the lookup of a dwelling, ending in `__`. Three queries.
    """
    people = visible(Residence.objects.current(), to=scope).filter(within("dwelling__")).values("person")
    rows: tuple[Any, ...] = (
        visible(PersonTag.objects.current(), to=scope).filter(person__in=people),
        visible(HouseholdTag.objects.current(), to=scope).filter(within("household__dwelling__")),
        visible(DwellingTag.objects.current(), to=scope).filter(within("dwelling__")),
    )
    said = ("tag", "tag__code", "tag__name", "tag__name_en", "tag__colour", "tag__applies_to")
    return [
        TagCount(*row)
        for tagged in rows
        for row in tagged.order_by("tag__position", "tag").values_list(*said).annotate(count=Count("pk"))
    ]
