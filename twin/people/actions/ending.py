"""Somebody moved away or died. What depended on the person ends in the same moment."""

from __future__ import annotations

from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from twin.base.errors import Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.people.actions.care import end_care_pair
from twin.people.actions.holding import clock, dwellings_of_people, held_one
from twin.people.actions.residences import end_residences_of, open_residences
from twin.people.events import PersonEnded
from twin.people.models import CarePair, EmergencyContact, Person, PersonTag


@verb
def end_person(*, person: Person, why: str, at: datetime | None = None) -> Person:
    """The person is gone, as of that moment (UTC, default now): residences, tags, care pairs and contacts end with it.

    Raises Invalid for a reason that is none, Conflict for somebody who is gone already.
    """
    if why not in Person.Ended.values:
        raise Invalid("%(why)s is no reason why a person is gone.", why=why, where="why")
    current = held_one(person)
    moment = at or clock()
    where = dwellings_of_people([current.pk])
    end_residences_of(current.community_id, open_residences(moment, person=current), moment)
    for tagging in PersonTag.objects.current().filter(person=current, during__startswith__lt=moment):
        tagging.during = DateTimeTZRange(tagging.during.lower, moment)
        tagging.ended_why = why
        tagging.save(update_fields=["during", "ended_why"])
    for pair in CarePair.objects.current().filter(Q(helper=current) | Q(cared_for=current)):
        end_care_pair(pair=pair, at=moment)
    EmergencyContact.objects.standing().filter(person=current).update(ended_at=moment)
    current.ended_at, current.ended_why = moment, why
    current.save(update_fields=["ended_at", "ended_why"])
    emit(PersonEnded(community_id=current.community_id, person_id=current.pk, dwelling_ids=where))
    return current
