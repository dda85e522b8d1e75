"""How households stand: the month's and the year's board, a household's year, and the bands that windows are coloured by.

Everything is read from the ledger; a deed counts when it was done, in the community's time zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from twin.base.scope import Scope
from twin.people.models import Household
from twin.places.models import Community
from twin.points.actions.scheme import scheme_of
from twin.points.counting import band_index, places
from twin.points.models import Band, Entry
from twin.points.periods import Period, bounds
from twin.points.querysets import balance_told


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a board; equals share a place."""

    place: int
    household_id: int
    points: int


@dataclass(frozen=True, slots=True)
class Board:
    """From `begin` until before `end`."""

    begin: datetime
    end: datetime
    lines: tuple[Place, ...]


def board_of(community: Community, period: Period, moment: datetime) -> Board:
    """The best of the month or the year that holds this moment, as many as the community shows."""
    scheme = scheme_of(community=community)
    most = scheme.month_board if period is Period.MONTH else scheme.year_board
    begin, end = bounds(period, moment, community.time_zone)
    sums = Entry.objects.filter(community=community).earned().between(begin, end).by_household()
    rows = [(row["household"], row["total"]) for row in sums[:most]]
    numbers = places(total for _, total in rows)
    lines = (Place(n, household, total) for n, (household, total) in zip(numbers, rows, strict=True))
    return Board(begin, end, tuple(lines))


@dataclass(frozen=True, slots=True)
class Standing:
    """Points of the month and the year, and the places they give; None without any."""

    month_points: int
    month_place: int | None
    year_points: int
    year_place: int | None


def standing_of(household: Household, moment: datetime) -> Standing:
    """How a household stands among all of its community: for itself alone to know."""
    month = _place_of(household, Period.MONTH, moment)
    year = _place_of(household, Period.YEAR, moment)
    return Standing(*month, *year)


def _place_of(household: Household, period: Period, moment: datetime) -> tuple[int, int | None]:
    begin, end = bounds(period, moment, household.community.time_zone)
    deeds = Entry.objects.filter(community=household.community_id).earned().between(begin, end)
    own = deeds.filter(household=household).total()
    return own, deeds.by_household().filter(total__gt=own).count() + 1 if own > 0 else None


def bands_of(community: Community) -> list[Band]:
    """The bands in force, the lowest first."""
    return list(Band.objects.in_force().filter(community=community).order_by("least"))


def band_of(points: int, bands: list[Band]) -> Band | None:
    """The band that these points of a year lie in; None where a community has agreed on none."""
    return bands[band_index(points, [band.least for band in bands])] if bands else None


def bands_by_household(
    community: Community, moment: datetime, households: Iterable[int] | None = None
) -> dict[int, Band]:
    """The band of every household that has done anything, good or bad, in the year that holds this moment; or only of
    those that are named."""
    bands = bands_of(community)
    if not bands:
        return {}
    beginnings = [band.least for band in bands]
    totals = _points_of_year(community, moment, households)
    return {household: bands[band_index(total, beginnings)] for household, total in totals.items()}


def _points_of_year(
    community: Community, moment: datetime, households: Iterable[int] | None
) -> dict[int, int]:
    begin, end = bounds(Period.YEAR, moment, community.time_zone)
    deeds = Entry.objects.filter(community=community).earned().between(begin, end)
    if households is not None:
        deeds = deeds.filter(household__in=list(households))
    return dict(deeds.values_list("household").annotate(total=Sum("points")))


@dataclass(frozen=True, slots=True)
class Brief:
    """What a household's points come to. `balance`: None where it is not told."""

    balance: int | None
    band: Band | None


def briefs_of(community: Community, household_ids: Sequence[int], scope: Scope) -> dict[int, Brief]:
    """For each of these households of one community, all of which the viewer may see. Three queries."""
    if not household_ids:
        return {}
    told = Household.objects.filter(balance_told(scope), pk__in=household_ids)
    balances = dict(told.values_list("pk", Coalesce("points_account__balance", 0)))
    bands = bands_of(community)
    totals = _points_of_year(community, timezone.now(), household_ids)
    return {pk: Brief(balances.get(pk), band_of(totals.get(pk, 0), bands)) for pk in household_ids}
