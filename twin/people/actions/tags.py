"""The catalogue of tags: what a community has agreed to say of people, households and dwellings."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from twin.access.actions import record
from twin.accounts.models import User
from twin.base.errors import Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.people.actions.holding import clock, held_one, refused, windows_of
from twin.people.events import TagsAgreed, TagsEnded
from twin.people.models import DwellingTag, HouseholdTag, PersonTag, Tag, TagClass, Tagging
from twin.people.refusals import refuse_by_name
from twin.people.starter_tags import STARTER_CLASSES, STARTER_TAGS
from twin.places.models import Community

TAGGING_OF: dict[str, type[PersonTag] | type[HouseholdTag] | type[DwellingTag]] = {
    Tag.Applies.PERSON: PersonTag,
    Tag.Applies.HOUSEHOLD: HouseholdTag,
    Tag.Applies.DWELLING: DwellingTag,
}
WORDS = ("name", "name_en", "purpose", "basis", "symbol")


@verb
def add_tag_class(
    *, community: Community, code: str, name: str, parent: TagClass | None = None, **said: Any
) -> TagClass:
    """A class of tags, below another one or at the top: `name_en`, `colour`, `position`. Raises Conflict for a code that
    is taken."""
    if parent is not None:
        _same_community(community, parent, "parent")
    row = TagClass(community=community, code=code, name=name, parent=parent, **said)
    _write(row)
    emit(TagsAgreed(community_id=community.pk, tag_ids=()))
    return row


@verb
def change_tag_class(*, tag_class: TagClass, **changes: Any) -> TagClass:
    """Change `name`, `name_en`, `colour`, `position` or `parent`. Raises Invalid for a class below itself."""
    current = held_one(tag_class)
    for field, value in changes.items():
        setattr(current, field, value)
    above = current.parent
    while above is not None:
        if above.pk == current.pk:
            raise Invalid("A tag class does not lie below itself.", where="parent")
        above = above.parent
    _write(current, list(changes))
    tags = tuple(Tag.objects.in_force().filter(tag_class=current).values_list("pk", flat=True))
    emit(TagsAgreed(community_id=current.community_id, tag_ids=tags))
    return current


@verb
def add_tag(*, tag_class: TagClass, code: str, level: int, name: str = "", **said: Any) -> Tag:
    """A tag: `name_en`, `applies_to`, `colour`, `pattern`, `symbol`, `purpose`, `basis`, `lasts_days`, `position`.

    Raises Invalid for what is not kept as a tag, for an L5 that says more than its code, and from L3 on for one without
    purpose and basis; Conflict for a code that is taken.
    """
    row = Tag(
        community_id=tag_class.community_id, tag_class=tag_class, code=code, level=level, name=name, **said
    )
    _check(row)
    _write(row)
    emit(TagsAgreed(community_id=row.community_id, tag_ids=(row.pk,)))
    return row


@verb
def change_tag(*, tag: Tag, by: User | None = None, why: str = "", **changes: Any) -> Tag:
    """Change what a tag says or how it looks. What it applies to and its code stay: those who have it keep it.

    A level that falls opens what was closed, so the audit keeps who did it and why. Raises like `add_tag`.
    """
    fixed = changes.keys() & {"code", "applies_to", "community"}
    if fixed:
        raise Invalid("What a tag applies to and its code stay as they are.", where=min(fixed))
    current = held_one(tag)
    level = current.level
    for field, value in changes.items():
        setattr(current, field, value)
    _check(current)
    _write(current, list(changes))
    if current.level < level:
        record(by=by, action="tag.lower", community=current.community, subject=current, reason=why,
               detail={"from": level, "to": current.level})  # fmt: skip
    emit(TagsAgreed(community_id=current.community_id, tag_ids=(current.pk,)))
    return current


@verb
def end_tag(*, tag: Tag) -> Tag:
    """The community says this no longer. Whoever has the tag loses it in the same moment."""
    current = held_one(tag)
    now = clock()
    given = TAGGING_OF[current.applies_to].objects.current().filter(tag=current, during__startswith__lt=now)
    ended = list(given.select_for_update())
    for tagging in ended:
        tagging.during = DateTimeTZRange(tagging.during.lower, now)
        tagging.save(update_fields=["during"])
    current.ended_at = now
    current.save(update_fields=["ended_at"])
    if ended:
        subjects = [getattr(tagging, f"{current.applies_to}_id") for tagging in ended]
        emit(
            TagsEnded(
                community_id=current.community_id,
                applies_to=current.applies_to,
                tagging_ids=tuple(tagging.pk for tagging in ended),
                tag_ids=(current.pk,),
                dwelling_ids=windows_of(current.applies_to, subjects),
            )
        )
    emit(TagsAgreed(community_id=current.community_id, tag_ids=(current.pk,)))
    return current


@verb
def add_starter_tags(*, community: Community) -> dict[str, Tag]:
    """The classes and tags that a community begins with, by code; what it has already is left as it is."""
    classes = {c.code: c for c in TagClass.objects.in_force().filter(community=community)}
    for position, new in enumerate(STARTER_CLASSES):
        if new.code not in classes:
            classes[new.code] = add_tag_class(
                community=community, code=new.code, name=new.name, name_en=new.name_en, colour=new.colour,
                position=position,
            )  # fmt: skip
    tags = {t.code: t for t in Tag.objects.in_force().filter(community=community)}
    for position, starter in enumerate(STARTER_TAGS):
        if starter.code not in tags:
            tags[starter.code] = add_tag(
                tag_class=classes[starter.tag_class], code=starter.code, level=starter.level, name=starter.name,
                name_en=starter.name_en, applies_to=starter.applies_to, colour=starter.colour,
                pattern=starter.pattern, symbol=starter.symbol, purpose=starter.purpose, basis=starter.basis,
                position=position,
            )  # fmt: skip
    return tags


def tagging_model(applies_to: str) -> type[Tagging]:
    """The table of the taggings of persons, households or dwellings. Raises Invalid for anything else."""
    if applies_to not in TAGGING_OF:
        raise Invalid("A tag does not apply to %(kind)s.", kind=applies_to, where="applies_to")
    return TAGGING_OF[applies_to]


def _check(tag: Tag) -> None:
    """What the constraints would refuse, said by field."""
    tagging_model(tag.applies_to)
    if tag.tag_class.community_id != tag.community_id:
        raise Invalid("%(what)s belongs to another community.", what=tag.tag_class, where="tag_class")
    if tag.level not in Tag.Level.values:
        raise Invalid("The level of a tag is 1 to 5.", where="level")
    if tag.pattern not in Tag.Pattern.values:
        raise Invalid("%(pattern)s is no pattern.", pattern=tag.pattern, where="pattern")
    if tag.level == Tag.Level.L5:
        said = next((word for word in WORDS if getattr(tag, word)), None)
        if said is not None:
            raise Invalid("An L5 tag says nothing but its code.", where=said, code="l5_says_nothing")
        return
    if not tag.name.strip():
        raise Invalid("A tag has a name.", where="name")
    refuse_by_name(tag.name, tag.name_en, tag.code)
    if tag.level >= Tag.Level.L3 and not (tag.purpose and tag.basis):
        missing = "basis" if tag.purpose else "purpose"
        raise Invalid("From L3 on a tag says its purpose and its legal basis.", where=missing)


def _same_community(community: Community, row: TagClass, where: str) -> None:
    if row.community_id != community.pk:
        raise Invalid("%(what)s belongs to another community.", what=row, where=where)


def _write(row: Tag | TagClass, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name == "an_l5_tag_is_an_opaque_code":
            raise Invalid("An L5 code is a letter and figures, like X1.", where="code") from error
        if name.endswith("colour_is_hexadecimal"):
            raise Invalid("A colour looks like #8aa4c8.", where="colour") from error
        raise refused(error, "code") from error
