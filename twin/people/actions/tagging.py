"""Giving tags, vouching for them, and taking them away. They also run out by themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from twin.access.actions import record
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.sealed_fields import new_ids
from twin.base.verbs import verb
from twin.people.actions.holding import clock, held, refused, windows_of
from twin.people.actions.tags import tagging_model
from twin.people.events import TagsEnded, TagsGiven, TagVerified
from twin.people.models import Household, Person, Tag, Tagging
from twin.places.actions.bulk import copy_rows
from twin.places.models import Community, Dwelling

Subject = Person | Household | Dwelling

WRITTEN = (
    "id", "community", "tag", "during", "source", "reason", "given_by", "verified_by", "verified_at", "ended_by",
    "ended_why",
)  # fmt: skip
SUBJECTS: dict[str, type[Person] | type[Household] | type[Dwelling]] = {
    Tag.Applies.PERSON: Person,
    Tag.Applies.HOUSEHOLD: Household,
    Tag.Applies.DWELLING: Dwelling,
}


@dataclass(frozen=True, slots=True)
class NewTagging:
    """A tag to be given to a person, household or dwelling (as the tag says), from `since` (UTC, None: now) until `until`
    (None: as long as such tags last, or until it is ended)."""

    tag_id: int
    subject_id: int
    since: datetime | None = None
    until: datetime | None = None
    source: str = ""
    reason: str = ""
    verified: bool = False


@verb
def give_tag(*, tag: Tag, subject: Subject, by: User | None = None, **said: Any) -> Tagging:
    """Give a tag: `since`, `until`, `source`, `reason`, `verified`. Raises Invalid for a subject that the tag does not
    apply to or of another community, Conflict for one that has it already at that time."""
    if not isinstance(subject, SUBJECTS[tag.applies_to]):
        raise Invalid(
            "%(tag)s does not apply to a %(kind)s.",
            tag=tag,
            kind=subject._meta.verbose_name,
            where="subject",
        )
    new = NewTagging(tag.pk, subject.pk, **said)
    _check(new, by, clock(), "")
    [tagging_id] = give_tags(community=subject.community, tags=[new], by=by)
    if by is not None:
        record(by=by, action="tag.give", community=subject.community, subject=subject, reason=new.reason,
               detail={"tag": tag.pk, "tagging": tagging_id})  # fmt: skip
    return tagging_model(tag.applies_to)._default_manager.get(pk=tagging_id)


@verb
def give_tags(*, community: Community, tags: Sequence[NewTagging], by: User | None = None) -> list[int]:
    """Give many at once, all or nothing. Returns the ids of the taggings, in the order given; ids of persons', households'
    and dwellings' tags are of different tables. Raises like `give_tag`."""
    kinds = held(Tag, community.pk, (new.tag_id for new in tags), "tag")
    now = clock()
    ids: dict[int, int] = {}
    groups: dict[str, list[int]] = defaultdict(list)
    for n, new in enumerate(tags):
        _check(new, by, now, f"tags[{n}].")
        groups[kinds[new.tag_id].applies_to].append(n)
    for applies_to in (Tag.Applies.DWELLING, Tag.Applies.HOUSEHOLD, Tag.Applies.PERSON):
        places = groups.get(applies_to, [])
        if places:
            given = [_lasting(tags[n], kinds[tags[n].tag_id], now) for n in places]
            written = _give(community, applies_to, given, by, now)
            ids |= dict(zip(places, written, strict=True))
    return [ids[n] for n in range(len(tags))]


@verb
def verify_tag(*, tagging: Tagging, by: User) -> Tagging:
    """Somebody has looked, and vouches that it holds. Raises Conflict for one that is over."""
    row = _locked(tagging)
    row.verified_by, row.verified_at = by, clock()
    row.save(update_fields=["verified_by", "verified_at"])
    _record(row, by, "tag.verify")
    emit(TagVerified(community_id=row.community_id, applies_to=row.tag.applies_to, tagging_id=row.pk))
    return row


@verb
def end_tagging(
    *, tagging: Tagging, why: str = "", by: User | None = None, at: datetime | None = None
) -> Tagging:
    """It holds no longer, as of that moment (UTC, default now). Raises Conflict for one that is over."""
    row = _locked(tagging)
    moment = at or clock()
    if row.during.lower >= moment:
        raise Conflict("A tag ends after it begins.")
    row.during = DateTimeTZRange(row.during.lower, moment)
    row.ended_by, row.ended_why = by, why
    row.save(update_fields=["during", "ended_by", "ended_why"])
    _record(row, by, "tag.end", why)
    emit(
        TagsEnded(
            community_id=row.community_id,
            applies_to=row.tag.applies_to,
            tagging_ids=(row.pk,),
            tag_ids=(row.tag_id,),
            dwelling_ids=windows_of(row.tag.applies_to, [subject_id_of(row)]),
        )
    )
    return row


def tagging_now(tag: Tag, subject: Subject) -> Tagging:
    """The tagging by which the subject has this tag now. Raises Conflict where it has not."""
    rows = tagging_model(tag.applies_to)._default_manager.filter(tag=tag, during__contains=clock())
    row: Tagging | None = rows.filter(**{tag.applies_to: subject}).first()
    if row is None:
        raise Conflict("It does not have this tag now.", where="tag", code="has_not_this_tag")
    return row


def subject_id_of(tagging: Tagging) -> int:
    subject_id: int = getattr(tagging, f"{tagging.tag.applies_to}_id")
    return subject_id


def _check(new: NewTagging, by: User | None, now: datetime, before: str) -> None:
    if new.until is not None and new.until <= (new.since or now):
        raise Invalid("A tag ends after it begins.", where=f"{before}until")
    if new.verified and by is None:
        raise Invalid("A tag is verified by somebody.", where=f"{before}verified")


def _record(row: Tagging, by: User | None, action: str, reason: str = "") -> None:
    """What somebody did to a tag, for the audit."""
    if by is not None:
        subject = getattr(row, row.tag.applies_to)
        record(by=by, action=action, community=row.community, subject=subject, reason=reason,
               detail={"tag": row.tag_id, "tagging": row.pk})  # fmt: skip


def _lasting(new: NewTagging, tag: Tag, now: datetime) -> NewTagging:
    """With its last day, where such tags have one and nobody has said another."""
    if new.until is not None or tag.lasts_days is None:
        return new
    return replace(new, until=max(new.since or now, now) + timedelta(days=tag.lasts_days))


def _give(
    community: Community, applies_to: str, tags: Sequence[NewTagging], by: User | None, now: datetime
) -> list[int]:
    subjects = [new.subject_id for new in tags]
    held(SUBJECTS[applies_to], community.pk, subjects, applies_to)  # type: ignore[type-var]
    model = tagging_model(applies_to)
    ids = new_ids(model, len(tags))
    fields = [model._meta.get_field(name) for name in (*WRITTEN, applies_to)]
    rows = (_row(community.pk, applies_to, pk, new, by, now) for pk, new in zip(ids, tags, strict=True))
    try:
        with transaction.atomic():
            copy_rows(model, fields, rows)  # type: ignore[arg-type]
    except IntegrityError as error:
        raise refused(error, "tag") from error
    emit(
        TagsGiven(
            community_id=community.pk,
            applies_to=applies_to,
            tagging_ids=tuple(ids),
            tag_ids=tuple(sorted({new.tag_id for new in tags})),
            dwelling_ids=windows_of(applies_to, subjects),
        )
    )
    return ids


def _row(
    community_id: int, applies_to: str, pk: int, new: NewTagging, by: User | None, now: datetime
) -> dict[str, Any]:
    return {
        "id": pk,
        "community_id": community_id,
        "tag_id": new.tag_id,
        f"{applies_to}_id": new.subject_id,
        "during": DateTimeTZRange(new.since or now, new.until),
        "source": new.source,
        "reason": new.reason,
        "given_by_id": by.pk if by else None,
        "verified_by_id": by.pk if by and new.verified else None,
        "verified_at": now if new.verified else None,
    }


def _locked(tagging: Tagging) -> Any:
    """The tagging as it is now. Raises Conflict for one that is over."""
    rows = type(tagging)._default_manager.select_for_update(of=("self",)).select_related("tag")
    row = rows.get(pk=tagging.pk)
    if row.during.upper is not None and row.during.upper <= clock():
        raise Conflict("This tag is over already.")
    return row
