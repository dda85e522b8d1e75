"""How many live here, and how many are registered here: two counts, neither derived from the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from twin.people.models import Residence
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
