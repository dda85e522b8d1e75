"""Facade modes about who lives in a home. Registered and living there are two facts, and never derived from one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, Count, DateField, F, Func, Max, Q, QuerySet, Value, When

from layers.catalog.facades import AMBER, GREEN, ROSE, SAND, SKY, STEEL
from layers.facade import Category, Facade, Pattern, Subject
from layers.facades import register
from layers.layer import Text
from twin.access.gate import visible
from twin.access.roles import Personal
from twin.base.scope import Grant, Scope
from twin.people import events as happened
from twin.people.models import Residence
from twin.places.models import Dwelling

RESIDENTS = Text("居住", "Residents")
OLD, AGED = 60, 80
LIVES = Q(basis=Residence.Basis.ACTUAL)
KNOWN = LIVES & ~Q(tenure=Residence.Tenure.UNKNOWN)
NO_HOMES = (Dwelling.Use.SHARED, Dwelling.Use.BUSINESS, Dwelling.Use.GUEST_HOUSE)
"""Where nobody is expected to live: that they are empty says nothing."""


def dwellings_told(events: Sequence[Any]) -> Iterable[int | None]:
    for event in events:
        yield from event.dwelling_ids


def dwellings_moved(events: Sequence[happened.HouseholdMoved]) -> Iterable[int | None]:
    for event in events:
        yield from (event.from_dwelling_id, event.to_dwelling_id)


OF_PEOPLE = Subject(
    "people",
    {
        happened.HouseholdMoved: dwellings_moved,
        **dict.fromkeys(
            (
                happened.HouseholdsAdded,
                happened.HouseholdChanged,
                happened.HouseholdEnded,
                happened.ResidencesStarted,
                happened.ResidencesEnded,
                happened.PersonChanged,
                happened.PersonEnded,
                happened.PeopleRehomed,
            ),
            dwellings_told,
        ),
    },
)


def tells_of_people(grant: Grant) -> bool:
    return Personal.NAME in grant.people


def _tells_ages(grant: Grant) -> bool:
    return Personal.BIRTH in grant.people


def _residences(homes: QuerySet[Any], opened: Scope) -> QuerySet[Any]:
    """Those that hold now, by dwelling."""
    rows = visible(Residence.objects.current(), to=opened).filter(dwelling__in=homes)
    return rows.values("dwelling_id")


def _empty(homes: QuerySet[Any], key: str) -> QuerySet[Any]:
    """What homes are of whom nothing else was said."""
    lived_in = homes.exclude(use__in=NO_HOMES)
    return lived_in.annotate(key=Value(key), rank=Value(1)).values_list("pk", "key", "rank")


def _ranked(of_home: QuerySet[Any], key: Case) -> QuerySet[Any]:
    return of_home.annotate(key=key, rank=Value(0)).values_list("dwelling_id", "key", "rank")


def _tenure(homes: QuerySet[Any], opened: Scope) -> Sequence[QuerySet[Any]]:
    of_home = _residences(homes, opened).annotate(
        living=Count("pk", filter=LIVES),
        kinds=Count("tenure", filter=KNOWN, distinct=True),
        kind=Max("tenure", filter=KNOWN),
    )
    key = Case(
        When(living=0, then=Value("registered_only")),
        When(kinds__gt=1, then=Value("several")),
        default=F("kind"),
    )
    return _ranked(of_home, key), _empty(homes, "empty")


def _occupancy(homes: QuerySet[Any], opened: Scope) -> Sequence[QuerySet[Any]]:
    of_home = _residences(homes, opened).annotate(living=Count("pk", filter=LIVES))
    key = Case(
        When(living=0, then=Value("0")),
        When(living__lte=2, then=Value("1-2")),
        When(living__lte=4, then=Value("3-4")),
        default=Value("5+"),
    )
    return _ranked(of_home, key), _empty(homes, "0")


def _elders(homes: QuerySet[Any], opened: Scope) -> Sequence[QuerySet[Any]]:
    old, aged = (LIVES & Q(person__birth_date__lte=_born_by(years)) for years in (OLD, AGED))
    of_home = _residences(homes, opened).annotate(
        living=Count("pk", filter=LIVES), old=Count("pk", filter=old), aged=Count("pk", filter=aged)
    )
    key = Case(
        When(old=0, then=Value(None)),
        When(living=1, then=Value("alone")),
        When(old=F("living"), then=Value("only")),
        When(aged__gt=0, then=Value("aged")),
        default=Value("with"),
    )
    return (_ranked(of_home, key),)


def _born_by(years: int) -> Func:
    """The last birthday of those who are that old today, where their community is."""
    told = "((now() AT TIME ZONE %(expressions)s)::date - make_interval(years => %(years)s))::date"
    return Func(F("community__time_zone"), template=told, years=years, output_field=DateField())


register(
    Facade(
        name="tenure",
        title=Text("居住类型", "Kind of residence"),
        group=RESIDENTS,
        about=OF_PEOPLE,
        categories=(
            Category(Residence.Tenure.OWN, Text("自有", "Owned"), SKY, Pattern.PLAIN),
            Category(Residence.Tenure.RENT, Text("租住", "Rented"), AMBER, Pattern.STRIPES),
            Category(Residence.Tenure.LENT, Text("借住", "Lent"), GREEN, Pattern.DOTS),
            Category("several", Text("多种并存", "More than one kind"), SAND, Pattern.CHECKS),
            Category(Residence.Tenure.REGISTERED_ONLY, Text("空挂", "Registered only"), ROSE, Pattern.CROSS),
            Category("empty", Text("空置", "Empty"), STEEL, Pattern.BARS),
        ),
        facts=_tenure,
        rest=Text("未登记", "Not registered"),
        note=Text(
            "按实际居住人计；无人居住而有户籍的为空挂。",
            "By those who live there; where nobody does but somebody is registered: registered only.",
        ),
        opened_by=tells_of_people,
    ),
    Facade(
        name="occupancy",
        title=Text("居住人数", "People living there"),
        group=RESIDENTS,
        about=OF_PEOPLE,
        categories=(
            Category("0", Text("0 人", "Nobody"), "#7184a8", Pattern.BARS),
            Category("1-2", Text("1–2 人", "1–2"), "#3f8ff0", Pattern.PLAIN),
            Category("3-4", Text("3–4 人", "3–4"), "#35d0c0", Pattern.STRIPES),
            Category("5+", Text("5 人及以上", "5 or more"), SAND, Pattern.CHECKS),
        ),
        facts=_occupancy,
        rest=Text("非居住", "Not lived in"),
        opened_by=tells_of_people,
    ),
    Facade(
        name="elders",
        title=Text("老年人", "Elders"),
        group=RESIDENTS,
        about=OF_PEOPLE,
        categories=(
            Category("alone", Text("独居老人", "Elder living alone"), AMBER, Pattern.CROSS),
            Category("only", Text("只有老人", "Elders only"), SAND, Pattern.STRIPES),
            Category("aged", Text("有 80 岁以上老人", "Somebody aged 80 or over"), ROSE, Pattern.DOTS),
            Category("with", Text("有 60 岁以上老人", "Somebody aged 60 or over"), SKY, Pattern.PLAIN),
        ),
        facts=_elders,
        rest=Text("没有老人", "No elder"),
        note=Text("按实际居住人的年龄计算，不取标签。", "By the ages of those who live there, not by tags."),
        opened_by=_tells_ages,
    ),
)  # fmt: skip
