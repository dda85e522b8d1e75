"""Which rows a report has: through the gate, within the area, as the tags and filters say, in a stable order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy

from twin.access.gate import visible
from twin.access.roles import Personal
from twin.base.scope import Scope
from twin.people.counts import PersonState
from twin.people.masking import born_by
from twin.people.models import Household, Residence, Tag
from twin.places.models import Building, Compound, Dwelling, Grid, Unit
from twin.reports.asking import FiltersAsked, Question
from twin.reports.facts import TAGS_OF
from twin.reports.field import Subject

PLACES: tuple[tuple[str, QuerySet[Any]], ...] = (
    ("dwelling", Dwelling.objects.defer("footprint", "walls")),
    ("dwelling__unit", Unit.objects.defer("entrance")),
    ("dwelling__building", Building.objects.defer("footprint", "anchor")),
    ("dwelling__building__grid", Grid.objects.defer("geometry")),
    ("dwelling__building__compound", Compound.objects.defer("geometry")),
)
"""What a row's cells say of its place, without shapes. Neighbours share it, so it is fetched beside the rows, each once."""

PLACE_ORDER = (
    "dwelling__building__grid__code", "dwelling__building__grid", "dwelling__building", "dwelling__unit",
    "dwelling__floor", "dwelling__room", "pk",
)  # fmt: skip
_BASIS = Residence.Basis


def rows_of(question: Question) -> QuerySet[Any]:
    """Households, or residences with `state` and `age_now`; each row once."""
    rows = _households(question) if question.of is Subject.HOUSEHOLD else _people(question)
    for tag_filter in _of_tags(question):
        rows = rows.filter(tag_filter)
    return rows


def ordered(rows: QuerySet[Any], question: Question) -> QuerySet[Any]:
    """By the field that was asked for, then by place; what is unknown comes last."""
    by: list[OrderBy] = []
    for lookup in question.order.order if question.order else ():
        column = F(lookup)
        by.append(column.desc(nulls_last=True) if question.backwards else column.asc(nulls_last=True))
    return rows.order_by(*by, *PLACE_ORDER)


def with_places(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With everything that a row's cells say of its place: one query more for each kind of place."""
    return rows.prefetch_related(*(Prefetch(lookup, queryset=places) for lookup, places in PLACES))


def people_in_homes(scope: Scope) -> QuerySet[Any]:
    """Each person once in each home: by the residence there that is lived in, else by the registered one."""
    now = Residence.objects.current()
    here = {"person": OuterRef("person"), "dwelling": OuterRef("dwelling")}
    rows = visible(Residence.objects.current(), to=scope)
    lived_in = Exists(now.actual().filter(**here))
    registered = Exists(now.registered().filter(**here))
    return rows.filter(Q(basis=_BASIS.ACTUAL) | ~lived_in).annotate(
        state=Case(
            When(basis=_BASIS.REGISTERED, then=Value(PersonState.REGISTERED_HERE)),
            When(registered, then=Value(PersonState.TOGETHER)),
            default=Value(PersonState.LIVES_HERE),
        )
    )


def _people(question: Question) -> QuerySet[Any]:
    rows = _matching(people_in_homes(_telling(question)), question.filters, question.community.today())
    rows = rows.filter(question.area.of_dwellings("dwelling__"), community=question.community)
    if question.filters.kinds:
        rows = rows.filter(household__kind__in=question.filters.kinds)
    return rows


def _households(question: Question) -> QuerySet[Any]:
    rows = visible(Household.objects.standing(), to=question.scope)
    rows = rows.filter(question.area.of_dwellings("dwelling__"), community=question.community)
    if question.filters.kinds:
        rows = rows.filter(kind__in=question.filters.kinds)
    if question.filters.of_people:
        today = question.community.today()
        somebody = _matching(people_in_homes(_telling(question)), question.filters, today)
        rows = rows.filter(Exists(somebody.filter(household=OuterRef("pk"))))
    return rows


def _telling(question: Question) -> Scope:
    """Who is chosen by age or sex is told of by it: only where that is told anyway."""
    return question.scope.telling(Personal.BIRTH) if question.filters.by_birth else question.scope


def _matching(people: QuerySet[Any], filters: FiltersAsked, today: date) -> QuerySet[Any]:
    age = Func(
        Value(today),
        F("person__birth_date"),
        template="EXTRACT(YEAR FROM AGE(%(expressions)s))::integer",
        output_field=IntegerField(),
    )
    rows = people.annotate(age_now=age)
    if filters.sex:
        rows = rows.filter(person__sex__in=filters.sex)
    if filters.age_from is not None:
        rows = rows.filter(person__birth_date__lte=born_by(today, filters.age_from))
    if filters.age_to is not None:
        rows = rows.filter(person__birth_date__gt=born_by(today, filters.age_to + 1))
    if filters.states:
        rows = rows.filter(state__in=filters.states)
    if filters.tenures:
        rows = rows.filter(tenure__in=filters.tenures)
    return rows


def _of_tags(question: Question) -> list[Any]:
    wanted, by_kind = question.tags, _by_kind(question.tags["any"])
    filters: list[Any] = [
        _tagged(kind, [tag], question) for tag in wanted["all"] for kind in [tag.applies_to]
    ]
    filters += [~_tagged(kind, tags, question) for kind, tags in _by_kind(wanted["none"]).items()]
    if by_kind:
        some = Q()
        for kind, tags in by_kind.items():
            some |= Q(_tagged(kind, tags, question))
        filters.append(some)
    return filters


def _by_kind(tags: tuple[Tag, ...]) -> dict[str, list[Tag]]:
    found: dict[str, list[Tag]] = {}
    for tag in tags:
        found.setdefault(tag.applies_to, []).append(tag)
    return found


def _tagged(applies_to: str, tags: list[Tag], question: Question) -> Exists | Q:
    """Whether the row's person, household or dwelling has one of these, as far as the viewer may be told; of a household
    also its people."""
    given = visible(TAGS_OF[applies_to].current(), to=question.scope).filter(tag__in=tags)
    if question.of is Subject.PERSON:
        return Exists(given.filter(**{applies_to: OuterRef(applies_to)}))
    if applies_to == Tag.Applies.PERSON:
        # Asked once, not once for each household: that took minutes for a whole community.
        here = visible(Residence.objects.current(), to=question.scope).filter(household__isnull=False)
        return Q(pk__in=here.filter(person__in=given.values("person")).values("household"))
    subject = "pk" if applies_to == Tag.Applies.HOUSEHOLD else "dwelling"
    return Exists(given.filter(**{applies_to: OuterRef(subject)}))
