"""The facade mode of civic points: the band of each home's year. Of how a home stands beside others no more is ever told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Sum, Value, When
from django.utils import timezone

from layers.catalog.facades_people import dwellings_moved, dwellings_told
from layers.facade import Category, Facade, Pattern, Subject
from layers.facades import register_family
from layers.layer import Text
from twin.access.gate import visible
from twin.base.scope import Scope
from twin.people import events as moved
from twin.people.models import Household
from twin.places.models import Community
from twin.points import events as happened
from twin.points.boards import bands_of
from twin.points.models import Account, Band, Entry
from twin.points.periods import Period, bounds


def _of_households(events: Sequence[Any]) -> Iterable[int | None]:
    ids: set[int] = set()
    for event in events:
        ids.update(
            event.household_ids if isinstance(event, happened.PointsEntered) else (event.household_id,)
        )
    return Household.objects.filter(pk__in=ids).values_list("dwelling_id", flat=True)


OF_POINTS = Subject(
    "points",
    {
        **dict.fromkeys(
            (
                happened.PointsAwarded,
                happened.BreachRecorded,
                happened.PointsEntered,
                happened.EntryReversed,
                happened.ClaimFiled,
                happened.ClaimAudited,
            ),
            _of_households,
        ),
        moved.HouseholdMoved: dwellings_moved,
        moved.HouseholdEnded: dwellings_told,
    },
)


def _bands(community: Community, scope: Scope) -> Iterator[Facade]:
    bands = bands_of(community)
    if not bands:
        return
    patterns = list(Pattern)
    yield Facade(
        name="points",
        title=Text("文明积分", "Civic points"),
        group=Text("积分", "Points"),
        about=OF_POINTS,
        categories=tuple(
            Category(band.code, Text(band.name, band.name_en or band.name), band.colour, patterns[place % len(patterns)])
            for place, band in reversed(list(enumerate(bands)))
        ),
        facts=partial(_band_of_year, community, bands),
        rest=Text("今年没有积分记录", "No points this year"),
        note=Text(
            "按今年积分分档；一处有多户时取最高一档。",
            "By the points of this year; of several households the highest band counts.",
        ),
    )  # fmt: skip


def _band_of_year(
    community: Community, bands: Sequence[Band], homes: QuerySet[Any], opened: Scope
) -> Sequence[QuerySet[Any]]:
    """As `twin.points.boards.bands_by_household`, in one statement, for households whose band the viewer may know."""
    begin, end = bounds(Period.YEAR, timezone.now(), community.time_zone)
    accounts = visible(
        Account.objects.filter(household__dwelling__in=homes, household__ended_at=None), to=opened
    )
    deeds = Entry.objects.earned().between(begin, end).filter(household__points_account__in=accounts)
    of_household = deeds.values("household_id", "household__dwelling_id").annotate(total=Sum("points"))
    above = [(place, band) for place, band in enumerate(bands) if place > 0][::-1]
    key = Case(
        *(When(total__gte=band.least, then=Value(band.code)) for _, band in above),
        default=Value(bands[0].code),
    )
    rank = Case(
        *(When(total__gte=band.least, then=Value(-place)) for place, band in above),
        default=Value(0), output_field=IntegerField(),
    )  # fmt: skip
    return [of_household.annotate(key=key, rank=rank).values_list("household__dwelling_id", "key", "rank")]


register_family(_bands, OF_POINTS)
