"""A report as it was asked for, and the same once everything in it is known to be there and to be the viewer's to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from twin.access.gate import visible
from twin.base.errors import Invalid
from twin.base.scope import Scope
from twin.people.models import Tag
from twin.people.querysets import MOST_TOLD
from twin.places.models import Community
from twin.reports.areas import Area, area_of
from twin.reports.field import ReportField, Subject
from twin.reports.registry import FIELDS
from twin.reports.rights import reporting

BY_PLACE = "place"
MOST_FIELDS = 60
OLDEST = 150


@dataclass(frozen=True, slots=True)
class TagsAsked:
    """Ids of tags: a row has any of these, all of these, none of these."""

    any: tuple[int, ...] = ()
    all: tuple[int, ...] = ()
    none: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FiltersAsked:
    """Of people: sex, age in full years, how they stand to the home, tenure; of households their kind. A report of
    households keeps those in which somebody is as asked. Empty: all."""

    sex: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    states: tuple[str, ...] = ()
    tenures: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def by_birth(self) -> bool:
        return bool(self.sex) or self.age_from is not None or self.age_to is not None

    @property
    def of_people(self) -> bool:
        return self.by_birth or bool(self.states) or bool(self.tenures)


@dataclass(frozen=True, slots=True)
class Asked:
    """Shapes are right, nothing else is known yet. `order`: a field's id, with `-` before it for the other way round."""

    of: str
    area: Mapping[str, Any]
    fields: tuple[str, ...]
    tags: TagsAsked = field(default_factory=TagsAsked)
    filters: FiltersAsked = field(default_factory=FiltersAsked)
    order: str = BY_PLACE

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Asked:
        """What `as_json` wrote, or a request that was checked; what it does not say is as usual."""
        tags = {name: tuple(ids) for name, ids in (told.get("tags") or {}).items()}
        filters: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list | tuple) else value
            for name, value in (told.get("filters") or {}).items()
        }
        return cls(
            told["of"],
            told["area"],
            tuple(told["fields"]),
            TagsAsked(**tags),
            FiltersAsked(**filters),
            told.get("order") or BY_PLACE,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, by whom, of what."""

    community: Community
    scope: Scope
    of: Subject
    area: Area
    fields: tuple[ReportField, ...]
    tags: Mapping[str, tuple[Tag, ...]]
    filters: FiltersAsked
    order: ReportField | None
    backwards: bool


def question_of(asked: Asked, community: Community, scope: Scope) -> Question:
    """Raises Forbidden for who makes no reports there, Invalid for what is unknown or not told to this viewer, naming it."""
    own = reporting(scope, community)
    of = Subject(asked.of)
    filters = asked.filters
    if None not in (filters.age_from, filters.age_to) and filters.age_from > filters.age_to:  # type: ignore[operator]
        raise Invalid("The age ends before it begins.", where="filters.age_to")
    fields = tuple(
        known_field(of, name, own, f"fields[{n}]") for n, name in enumerate(_once(asked.fields, "fields"))
    )
    order = asked.order.removeprefix("-")
    return Question(
        community=community,
        scope=own,
        of=of,
        area=area_of(asked.area, community, own),
        fields=fields,
        tags=_tags_of(asked.tags, community, own),
        filters=filters,
        order=None if order == BY_PLACE else _order_of(of, order, own),
        backwards=asked.order.startswith("-"),
    )


def known_field(of: Subject, name: str, scope: Scope, where: str) -> ReportField:
    known = FIELDS.get((of, name))
    if known is None:
        raise Invalid("There is no field %(name)s in this kind of report.", name=name, where=where)
    if not known.offered_to(scope):
        raise Invalid("You may not be told the field %(name)s.", name=name, where=where)
    return known


def _order_of(of: Subject, name: str, scope: Scope) -> ReportField:
    """Where only some of the viewer's places tell the field, the order would tell the rest."""
    known = known_field(of, name, scope, "order")
    if not known.order or not all(known.needs in grant.people for grant in scope.grants):
        raise Invalid("A report is not sorted by the field %(name)s.", name=name, where="order")
    return known


def _once(names: Sequence[str], where: str) -> Sequence[str]:
    if not names:
        raise Invalid("Tick at least one field.", where=where)
    seen: set[str] = set()
    for n, name in enumerate(names):
        if name in seen:
            raise Invalid("%(name)s is ticked twice.", name=name, where=f"{where}[{n}]")
        seen.add(name)
    return names


def _tags_of(asked: TagsAsked, community: Community, scope: Scope) -> dict[str, tuple[Tag, ...]]:
    """One query. A tag that is not told anywhere to this viewer is refused: what it hides must not be counted out."""
    lists = asdict(asked)
    wanted = {pk for ids in lists.values() for pk in ids}
    known: dict[int, Tag] = {}
    if wanted:
        rows = Tag.objects.in_force().filter(community=community, pk__in=wanted)
        known = {tag.pk: tag for tag in visible(rows, to=scope)}
    told = min(scope.most_of_tags, MOST_TOLD)
    for name, ids in lists.items():
        for n, pk in enumerate(ids):
            where = f"tags.{name}[{n}]"
            if pk not in known:
                raise Invalid("There is no such tag in this community.", where=where)
            if known[pk].level > told:
                raise Invalid("You may not be told who has the tag %(tag)s.", tag=known[pk], where=where)
    return {name: tuple(known[pk] for pk in dict.fromkeys(ids)) for name, ids in lists.items()}
