"""The facade mode of visits: how long ago somebody last met those who live there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Case, Exists, Max, OuterRef, QuerySet, Value, When
from django.utils import timezone

from layers.catalog.facades_people import dwellings_moved, dwellings_told, tells_of_people
from layers.facade import Category, Facade, Pattern, Subject
from layers.facades import register
from layers.layer import Text
from twin.access.gate import visible
from twin.base.scope import Scope
from twin.patrol import events as happened
from twin.patrol.models import Visit
from twin.people import events as moved
from twin.people.models import Residence

WEEK, MONTH, QUARTER = (timedelta(days=days) for days in (7, 30, 90))


def _withdrawn(events: Sequence[happened.VisitWithdrawn]) -> Iterable[int | None]:
    return [event.dwelling_id for event in events]


OF_VISITS = Subject(
    "visits",
    {
        happened.VisitsRecorded: dwellings_told,
        happened.VisitWithdrawn: _withdrawn,
        moved.HouseholdMoved: dwellings_moved,
        **dict.fromkeys(
            (moved.HouseholdEnded, moved.ResidencesStarted, moved.ResidencesEnded, moved.PeopleRehomed),
            dwellings_told,
        ),
    },
)


def _since_last(homes: QuerySet[Any], opened: Scope) -> Sequence[QuerySet[Any]]:
    """Those who were met; homes in which somebody lives and nobody was met come last."""
    met = visible(Visit.objects.standing().met().of_present_homes(), to=opened).filter(dwelling__in=homes)
    now = timezone.now()
    of_home = met.values("dwelling_id").annotate(last=Max("visited_at"))
    key = Case(
        When(last__gt=now - WEEK, then=Value("week")),
        When(last__gt=now - MONTH, then=Value("month")),
        When(last__gt=now - QUARTER, then=Value("quarter")),
        default=Value("longer"),
    )
    lives = visible(Residence.objects.current().actual(), to=opened).filter(dwelling=OuterRef("pk"))
    never = homes.filter(Exists(lives)).annotate(key=Value("never"), rank=Value(1))
    return (
        of_home.annotate(key=key, rank=Value(0)).values_list("dwelling_id", "key", "rank"),
        never.values_list("pk", "key", "rank"),
    )


register(
    Facade(
        name="visited",
        title=Text("距上次走访天数", "Days since the last visit"),
        group=Text("服务", "Service"),
        about=OF_VISITS,
        categories=(
            Category("week", Text("7 天内", "Within 7 days"), "#22c79a", Pattern.PLAIN),
            Category("month", Text("8–30 天", "8 to 30 days"), "#4cc3ff", Pattern.STRIPES),
            Category("quarter", Text("31–90 天", "31 to 90 days"), "#f4ea6a", Pattern.DOTS),
            Category("longer", Text("90 天以上", "More than 90 days"), "#ffab2e", Pattern.BARS),
            Category("never", Text("从未走访", "Never visited"), "#f47cc0", Pattern.CROSS),
        ),
        facts=_since_last,
        rest=Text("无人居住", "Nobody lives there"),
        note=Text(
            "只计见到住户的走访；原住户搬走后不再计入。",
            "Only visits that met somebody count, and not those to people who have moved away since.",
        ),
        opened_by=tells_of_people,
    )
)
