"""Facade modes by tag and by tag class: data, like the tags themselves.

A tag colours a home only where its level is granted at that very home: who lives in two places is not told of at the second
by a right at the first. Of level 5 nothing is told but "extra care".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import CharField, F, Min, QuerySet, Value
from django.db.models.functions import Cast

from layers.catalog.facades_people import OF_PEOPLE
from layers.facade import Category, Facade, Pattern
from layers.facades import register_family
from layers.layer import Text
from twin.access.gate import visible
from twin.base.scope import Grant, Scope
from twin.people.models import DwellingTag, HouseholdTag, PersonTag, Residence, Tag, TagClass
from twin.people.querysets import MOST_TOLD
from twin.places.models import Community

UNTAGGED = Text("没有此标签", "Without this tag")
FIRST_COUNTS = Text(
    "一户有多个标签时，按标签目录取最前的一个。",
    "Where a home has several of these tags, the first of the catalogue counts.",
)
EXTRA_CARE = Text("特别关照", "Extra care")
GIVEN: dict[str, Any] = {
    Tag.Applies.PERSON: PersonTag.objects.all(),
    Tag.Applies.HOUSEHOLD: HouseholdTag.objects.all(),
    Tag.Applies.DWELLING: DwellingTag.objects.all(),
}


def _tag_facades(community: Community, scope: Scope) -> Iterator[Facade]:
    told = visible(Tag.objects.in_force(), to=scope).filter(community=community, level__lte=MOST_TOLD)
    classes = list(TagClass.objects.in_force().filter(community=community).order_by("position", "pk"))
    of_class: dict[int, list[Tag]] = defaultdict(list)
    for tag in told.order_by("position", "pk"):
        of_class[tag.tag_class_id].append(tag)
    tops = [each for each in classes if each.parent_id is None]
    for tag_class in (each for top in tops for each in _with_children(top, classes)):
        own = of_class[tag_class.pk]
        group = _group(tag_class, classes)
        below = [tag for each in _with_children(tag_class, classes) for tag in of_class[each.pk]]
        yield from _of_class(tag_class, group, below, scope.in_community(community.pk))
        yield from (_of_tag(tag, group) for tag in own)
    yield _extra_care()


def _with_children(tag_class: TagClass, classes: Sequence[TagClass]) -> Iterator[TagClass]:
    yield tag_class
    for child in classes:
        if child.parent_id == tag_class.pk:
            yield from _with_children(child, classes)


def _group(tag_class: TagClass, classes: Sequence[TagClass]) -> Text:
    """The way down to the class."""
    by_id, way = {each.pk: each for each in classes}, [tag_class]
    while (above := by_id.get(way[0].parent_id or 0)) is not None:
        way.insert(0, above)
    zh, en = (each.name for each in way), (each.name_en or each.name for each in way)
    return Text(f"标签 · {' / '.join(zh)}", f"Tags · {' / '.join(en)}")


def _of_tag(tag: Tag, group: Text) -> Facade:
    return Facade(
        name=f"tag-{tag.pk}",
        title=_name(tag),
        group=group,
        about=OF_PEOPLE,
        categories=(_category(tag),),
        facts=partial(_tagged, [tag]),
        ends=partial(_ends, [tag]),
        rest=UNTAGGED,
        opened_by=partial(_opens, tag.level),
    )


def _of_class(tag_class: TagClass, group: Text, tags: Sequence[Tag], scope: Scope) -> Iterator[Facade]:
    """All tags of a class and of those below it, as far as anything at all is granted of them."""
    granted = [tag for tag in tags if tag.level <= scope.most_of_tags]
    if len(granted) < 2:
        return
    yield Facade(
        name=f"tags-{tag_class.pk}",
        title=Text(f"{tag_class.name}：全部标签", f"{tag_class.name_en or tag_class.name}: all tags"),
        group=group,
        about=OF_PEOPLE,
        categories=tuple(_category(tag) for tag in granted),
        facts=partial(_tagged, granted),
        ends=partial(_ends, granted),
        rest=UNTAGGED,
        note=FIRST_COUNTS,
        opened_by=partial(_opens, min(tag.level for tag in granted)),
    )


def _extra_care() -> Facade:
    return Facade(
        name="extra-care",
        title=EXTRA_CARE,
        group=EXTRA_CARE,
        about=OF_PEOPLE,
        categories=(Category("yes", EXTRA_CARE, "#c9d2ff", Pattern.RINGS),),
        facts=_in_extra_care,
        ends=_extra_care_ends,
        rest=Text("无", "None"),
        opened_by=partial(_opens, MOST_TOLD),
    )


def _opens(level: int, grant: Grant) -> bool:
    return grant.tag_level >= level


def _name(tag: Tag) -> Text:
    return Text(tag.name, tag.name_en or tag.name)


def _category(tag: Tag) -> Category:
    return Category(str(tag.pk), _name(tag), tag.colour, Pattern(tag.pattern))


def _tagged(tags: Sequence[Tag], homes: QuerySet[Any], opened: Scope) -> Sequence[QuerySet[Any]]:
    key, rank = Cast(F("tag_id"), CharField()), F("tag__position")
    return [
        found.annotate(key=key, rank=rank).values_list(where, "key", "rank")
        for found, where in _given(tags, homes, opened)
    ]


def _ends(tags: Sequence[Tag], homes: QuerySet[Any], opened: Scope) -> datetime | None:
    return _first_end(found for found, _ in _given(tags, homes, opened))


def _given(tags: Sequence[Tag], homes: QuerySet[Any], opened: Scope) -> Iterator[tuple[QuerySet[Any], str]]:
    """Level by level, each at the homes where that level is granted."""
    alike: dict[tuple[int, str], list[Tag]] = defaultdict(list)
    for tag in tags:
        alike[tag.level, tag.applies_to].append(tag)
    for (level, applies_to), of_these in alike.items():
        there = opened.where(partial(_opens, level))
        tagged = visible(GIVEN[applies_to].current(), to=there).filter(tag__in=of_these)
        yield _at_homes(tagged, applies_to, _granted(homes, there))


def _in_extra_care(homes: QuerySet[Any], opened: Scope) -> Sequence[QuerySet[Any]]:
    """Whose home it is, and no more: neither which code nor how many."""
    return [
        found.annotate(key=Value("yes"), rank=Value(0)).values_list(where, "key", "rank")
        for found, where in _cared_for(homes, opened)
    ]


def _extra_care_ends(homes: QuerySet[Any], opened: Scope) -> datetime | None:
    return _first_end(found for found, _ in _cared_for(homes, opened))


def _cared_for(homes: QuerySet[Any], opened: Scope) -> Iterator[tuple[QuerySet[Any], str]]:
    for applies_to, rows in GIVEN.items():
        yield _at_homes(rows.extra_care(opened).current(), applies_to, homes)


def _first_end(parts: Iterable[QuerySet[Any]]) -> datetime | None:
    ends = [part.order_by().aggregate(first=Min("during__endswith"))["first"] for part in parts]
    return min((end for end in ends if end is not None), default=None)


def _granted(homes: Any, there: Scope) -> QuerySet[Any]:
    rows: QuerySet[Any] = homes.granted_to(there)
    return rows


def _at_homes(tagged: QuerySet[Any], applies_to: str, homes: QuerySet[Any]) -> tuple[QuerySet[Any], str]:
    """Tags of these homes, and the lookup of the home. A person's tag is shown where the person lives; who lives nowhere
    here, where registered."""
    if applies_to == Tag.Applies.PERSON:
        residences = Residence.objects.at_home().filter(dwelling__in=homes)
        return tagged.filter(person__residences__in=residences), "person__residences__dwelling_id"
    if applies_to == Tag.Applies.HOUSEHOLD:
        return tagged.filter(
            household__dwelling__in=homes, household__ended_at=None
        ), "household__dwelling_id"
    return tagged.filter(dwelling__in=homes), "dwelling_id"


register_family(_tag_facades, OF_PEOPLE)
