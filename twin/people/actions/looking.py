"""Looking at people leaves a trace: every view, every reveal, every search. Too many looks are noticed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, IntegerField, Model, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from twin.access.actions import ToldOf, record, record_each
from twin.access.gate import visible
from twin.access.models import AuditEntry
from twin.access.roles import Personal
from twin.accounts.models import User
from twin.base.errors import Invalid, NotVisible, TooMany
from twin.base.events import emit
from twin.base.scope import Rights, Scope
from twin.base.sealed_fields import index_for, text_of
from twin.base.sealing import blind_index
from twin.base.verbs import verb
from twin.people.events import ManyViewed
from twin.people.models import EmergencyContact, Organisation, Person, PrivacyRule
from twin.people.readings import asked_words
from twin.people.rights import rights_over
from twin.places.models import Community

REVEALED_FOR = timedelta(seconds=60)
LISTS = ("report.run", "report.export")
"""Lists of many at once; each says in its `detail` how many were `shown`."""
LOOKS = ("household.view", "dwelling.view", "person.view", "points.view", "reveal")
NOTES = "visits.view"
"""What was noted of the visits to one home. It is read beside the home itself, so the two are not added up."""
NOTICE = "people.many_viewed"
SEARCH = "people.search_by_digits"
SEARCH_BY_NAME = "people.search_by_name"
STILL_TYPING = timedelta(seconds=30)
"""So long after an entry, a question that only goes on from its question is the same one."""

# What can be revealed of each: the field, the right that it needs, and where it is kept.
REVEALABLE: dict[type[Model], dict[str, tuple[str, str]]] = {
    Person: {
        "name": (Personal.NAME, "name"),
        "birth_date": (Personal.BIRTH, "birth_date"),
        "phone": (Personal.PHONE, "phone_sealed"),
        "identity": (Personal.IDENTITY, "identity_sealed"),
    },
    EmergencyContact: {
        "name": (Personal.CONTACT, "name"),
        "phone": (Personal.CONTACT, "phone_sealed"),
    },
    Organisation: {
        "contact_name": (Personal.NAME, "contact_name"),
        "phone": (Personal.PHONE, "phone_sealed"),
    },
}


@dataclass(frozen=True, slots=True)
class Revealed:
    """One field as it is; to be hidden again at `until` (UTC)."""

    value: str
    until: datetime


@verb
def note_views(*, by: User, action: str, community: Community, subjects: Sequence[Model]) -> None:
    """Somebody has opened these households, dwellings or people. Tells the audit, and of many looks `ManyViewed`."""
    if subjects:
        record_each(by=by, action=action, community=community, subjects=subjects)
        _notice(by, community)


@verb
def note_list(
    *, by: User, action: str, community: Community, shown: int, detail: dict[str, Any], told_of: ToldOf
) -> None:
    """Somebody was shown or has taken out a list of people or households, `shown` of them: those in `told_of`. Counts
    towards `ManyViewed` as if each had been opened."""
    record(by=by, action=action, community=community, detail={**detail, "shown": shown}, told_of=told_of)
    _notice(by, community)


@verb
def reveal(*, by: User, scope: Scope, subject: Model, field: str, reason: str) -> Revealed:
    """One field of a person, emergency contact or organisation, for 60 s, with a reason that the audit keeps.

    Raises NotVisible for a subject that is hidden from the scope and for a field that its rights do not reveal, Invalid
    for a field that there is not, and for no reason.
    """
    kind = type(subject)
    if field not in REVEALABLE.get(kind, {}):
        raise Invalid("%(field)s is nothing that can be revealed.", field=field, where="field")
    why = " ".join(reason.split())
    if not 2 <= sum(map(str.isalnum, why)) <= len(why) <= 200:  # signs that nobody sees are no reason
        raise Invalid("Say why, in 2 to 200 characters.", where="reason")
    needed, column = REVEALABLE[kind][field]
    row: Any = visible(kind._default_manager.filter(pk=subject.pk), to=scope).first()
    if row is None or needed not in _rights(row, scope).reveals:
        raise NotVisible("There is nothing here for you.")
    record(by=by, action="reveal", community=row.community, subject=row, reason=why, detail={"field": field})
    _notice(by, row.community)
    value = text_of(row, column) if column.endswith("_sealed") else str(getattr(row, column) or "")
    return Revealed(value, timezone.now() + REVEALED_FOR)


@verb
def find_by_last_digits(*, by: User, scope: Scope, community: Community, digits: str) -> list[int]:
    """Ids of people that this scope sees and whose phone ends with four digits. Audited, and so often a minute only.

    Raises Invalid for anything but four digits, TooMany beyond the community's limit.
    """
    if not re.fullmatch(r"[0-9]{4}", digits):
        raise Invalid("Give the last four digits of a phone.", where="digits")
    _take_turn(by, community)
    index = index_for(Person, "phone_last4_index", digits, community.pk)
    told = scope.in_community(community.pk).telling(Personal.PHONE)
    rows = Person.objects.standing().filter(community=community, phone_last4_index=index)
    found = list(visible(rows, to=told).order_by("pk").values_list("pk", flat=True)[:100])
    # Which digits, is nobody's business; also a question that found nobody is noted.
    record(by=by, action=SEARCH, community=community, told_of={Person: found})
    return found


@verb
def find_by_name(*, by: User, scope: Scope, community: Community, text: str, most: int) -> list[int]:
    """Ids of people whose name begins like `text` and could be revealed to this scope; whose name it is wholly come first.

    Whoever could not be told the name is not found by it: what is found, letter after letter, would tell it. Audited where
    somebody was found; once for a question that is still being typed.
    """
    told = scope.in_community(community.pk).where(lambda grant: Personal.NAME in grant.reveals)
    if not told.grants or not asked_words(text):
        return []
    rows = Person.objects.standing().filter(community=community)
    found: dict[int, None] = {}
    for wholly in (True, False):
        wanted = visible(rows.called(text, wholly=wholly).exclude(pk__in=found), to=told)
        found |= dict.fromkeys(wanted.values_list("pk", flat=True)[: most - len(found)])
    if found:
        _note_question(by, community, text, list(found))
    return list(found)


@verb
def set_privacy_rule(*, community: Community, **limits: Any) -> PrivacyRule:
    """Set `views_before_notice`, `views_within` or `digit_searches_per_minute`."""
    rule, _ = PrivacyRule.objects.select_for_update().get_or_create(community=community)
    for field, value in limits.items():
        setattr(rule, field, value)
    rule.save(update_fields=list(limits))
    return rule


def privacy_rule_of(community: Community) -> PrivacyRule:
    """The community's rule, or the one that holds where none was set."""
    return PrivacyRule.objects.filter(community=community).first() or PrivacyRule(community=community)


def _rights(row: Person | EmergencyContact | Organisation, scope: Scope) -> Rights:
    if isinstance(row, Organisation):
        home = row.dwelling or row.unit
        building = row.building or home.building  # type: ignore[union-attr]
        unit_id = row.unit_id or (row.dwelling.unit_id if row.dwelling else None)
        return scope.rights_at(building.grid.path, unit_id)
    person = row if isinstance(row, Person) else row.person
    return rights_over([person], scope)[person.pk]


def _notice(by: User, community: Community) -> None:
    """Once in the rule's time, for who has looked at more than it says."""
    rule = privacy_rule_of(community)
    since = timezone.now() - rule.views_within
    own = AuditEntry.objects.filter(by=by, community=community, at__gte=since)
    views = _seen_in(own)
    if views <= rule.views_before_notice or own.filter(action=NOTICE).exists():
        return
    record(by=by, action=NOTICE, community=community, detail={"views": views})
    emit(ManyViewed(community_id=community.pk, user_id=by.pk, views=views))


def _seen_in(own: QuerySet[AuditEntry]) -> int:
    """How many were opened, and how many stood in lists. Notes that were read of those who were opened count once."""
    shown = Cast(KeyTextTransform("shown", "detail"), IntegerField())
    counted = own.aggregate(
        looked=Count("subject", distinct=True, filter=Q(action__in=LOOKS)),
        read=Count("subject", distinct=True, filter=Q(action=NOTES)),
        listed=Coalesce(Sum(shown, filter=Q(action__in=LISTS)), 0),
    )
    return int(max(counted["looked"], counted["read"]) + counted["listed"])


def _note_question(by: User, community: Community, text: str, found: Sequence[int]) -> None:
    """What was asked is nobody's business: a keyed hash of it tells whether the next question only goes on from it, and
    shows nobody whom the first did not."""
    asked = "".join(text.split()).casefold()
    purpose = f"{SEARCH_BY_NAME}:{community.pk}:{by.pk}"
    hashes = [blind_index(asked[:end], purpose=purpose).hex() for end in range(1, len(asked) + 1)]
    own = AuditEntry.objects.filter(by=by, community=community, action=SEARCH_BY_NAME)
    last = own.filter(at__gte=timezone.now() - STILL_TYPING).order_by("-at", "-pk").first()
    if last is None or last.detail.get("question") not in hashes or not _told_already(last, found):
        detail = {"found": len(found), "question": hashes[-1]}
        record(by=by, action=SEARCH_BY_NAME, community=community, detail=detail, told_of={Person: found})


def _told_already(entry: AuditEntry, people: Sequence[int]) -> bool:
    return set(people) <= set(entry.told_of.get(Person._meta.label, ()))


def _take_turn(by: User, community: Community) -> None:
    """Count this search, one at a time for each user, so that a burst from several processes is counted too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('people_search_by_digits', %s))", [by.pk]
        )
    limit = privacy_rule_of(community).digit_searches_per_minute
    since = timezone.now() - timedelta(minutes=1)
    if AuditEntry.objects.filter(by=by, action=SEARCH, at__gte=since).count() >= limit:
        raise TooMany("You have searched by digits too often; wait a minute.")
