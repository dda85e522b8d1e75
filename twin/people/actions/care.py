"""Who looks after whom, and whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.sealed_fields import new_ids, sealed_columns
from twin.base.verbs import verb
from twin.people.actions.holding import clock, held, refused
from twin.people.events import CarePairEnded, CarePairsStarted, EmergencyContactsChanged
from twin.people.models import CarePair, EmergencyContact, Person
from twin.people.phones import tidied_phone
from twin.places.models import Community


@dataclass(frozen=True, slots=True)
class NewCarePair:
    helper_id: int
    cared_for_id: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewContact:
    person_id: int
    name: str
    phone: str
    relation: str = ""


@verb
def start_care_pairs(*, community: Community, pairs: Sequence[NewCarePair]) -> list[int]:
    """Neighbours look after somebody from now on. Raises Invalid for a pair of one, Conflict for a pair that is one."""
    held(Person, community.pk, (i for p in pairs for i in (p.helper_id, p.cared_for_id)), "person")
    if any(pair.helper_id == pair.cared_for_id for pair in pairs):
        raise Invalid("A pair needs two people.", where="helper")
    now = clock()
    rows = [
        CarePair(
            community=community,
            helper_id=pair.helper_id,
            cared_for_id=pair.cared_for_id,
            during=DateTimeTZRange(pair.since or now, None),
        )
        for pair in pairs
    ]
    try:
        with transaction.atomic():
            CarePair.objects.bulk_create(rows, batch_size=1000)
    except IntegrityError as error:
        raise refused(error, "cared_for") from error
    ids = tuple(row.pk for row in rows)
    emit(CarePairsStarted(community_id=community.pk, care_pair_ids=ids))
    return list(ids)


@verb
def end_care_pair(*, pair: CarePair, at: datetime | None = None) -> CarePair:
    """They are a pair no longer. Raises Conflict for one that is over already."""
    row = CarePair.objects.select_for_update().get(pk=pair.pk)
    moment = at or clock()
    if row.during.upper is not None or row.during.lower >= moment:
        raise Conflict("This pair is over already.")
    row.during = DateTimeTZRange(row.during.lower, moment)
    row.save(update_fields=["during"])
    emit(CarePairEnded(community_id=row.community_id, care_pair_id=row.pk))
    return row


@verb
def add_emergency_contacts(*, community: Community, contacts: Sequence[NewContact]) -> list[int]:
    """Whom to call for people. Raises Invalid for a phone that cannot be called."""
    held(Person, community.pk, (contact.person_id for contact in contacts), "person")
    ids = new_ids(EmergencyContact, len(contacts))
    rows = []
    for n, (pk, contact) in enumerate(zip(ids, contacts, strict=True)):
        if not contact.name.strip():
            raise Invalid("An emergency contact has a name.", where=f"contacts[{n}].name")
        phone = tidied_phone(contact.phone, where=f"contacts[{n}].phone")
        sealed = sealed_columns(
            EmergencyContact, row_id=pk, community_id=community.pk, texts={"phone_sealed": phone}
        )
        rows.append(
            EmergencyContact(
                pk=pk, community=community, person_id=contact.person_id, name=contact.name.strip(),
                relation=contact.relation, **sealed,
            )
        )  # fmt: skip
    EmergencyContact.objects.bulk_create(rows, batch_size=1000)
    people = tuple(sorted({contact.person_id for contact in contacts}))
    emit(EmergencyContactsChanged(community_id=community.pk, person_ids=people))
    return ids


@verb
def end_emergency_contact(*, contact: EmergencyContact) -> None:
    """This one is called no longer. Raises Conflict for one that has ended already."""
    if not EmergencyContact.objects.standing().filter(pk=contact.pk).update(ended_at=clock()):
        raise Conflict("This contact has ended already.")
    emit(EmergencyContactsChanged(community_id=contact.community_id, person_ids=(contact.person_id,)))
