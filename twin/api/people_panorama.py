"""The whole answers: a dwelling's panorama, a household, a person. Each is looked at, so each is noted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from twin.access.gate import visible
from twin.api import people_facts as facts
from twin.base.scope import Scope
from twin.patrol.models import Visit
from twin.people.masking import masked_name
from twin.people.models import Household, Organisation, Person, PersonTag, Residence, SpaceShare
from twin.places.models import Dwelling

Document = dict[str, Any]
MOST_PAST_STAYS = 50
MOST_PAST_TAGS = 50


def panorama_of(dwelling: Dwelling, scope: Scope) -> tuple[Document, list[Household]]:
    """Everything that one window tells this viewer, and the households that were shown. `dwelling` comes with its building
    and grid."""
    rows = visible(Residence.objects.current(), to=scope).filter(dwelling=dwelling).select_related("person")
    here = list(rows)
    told = facts.Told(scope, dwelling.community, [row.person for row in here])
    households = list(
        facts.with_places(visible(Household.objects.standing(), to=scope))
        .filter(dwelling=dwelling)
        .order_by("number", "pk")
    )
    documents = facts.household_documents(households, told, scope)
    shown = {member["id"] for document in documents for member in document["members"]}
    rights = scope.rights_at(dwelling.building.grid.path, dwelling.unit_id)
    tags, extra_care = facts.tags_on("dwelling", [dwelling.pk], scope, told.ends)
    others = sorted(set(told.people) - shown)
    document = {
        "dwelling_id": dwelling.pk,
        "counts": {
            "registered": len({row.person_id for row in here if row.basis == facts.BASES.REGISTERED}),
            "actual": len({row.person_id for row in here if row.basis == facts.BASES.ACTUAL}),
            "households": len(households),
        },
        "tags": [facts.tag_document(row, rights) for row in tags[dwelling.pk]],
        "extra_care": dwelling.pk in extra_care,
        "gives": rights.gives,
        "changes_at": min(told.ends, default=None),
        "households": documents,
        "others": [told.member(person_id, dwelling.pk) for person_id in others],
        "organisations": _organisations(dwelling, scope),
        "care_pairs": facts.care_pairs_of(told.people, scope),
        "shared_by": _shared_by(dwelling, scope),
        "history": _history(dwelling, scope),
        "last_met_at": _last_met_at(dwelling, scope),
    }
    return document, households


def household_of(household: Household, scope: Scope) -> Document:
    """One household, wherever its people are registered. `household` comes with its dwelling's address."""
    rows = visible(Residence.objects.current(), to=scope).filter(household=household)
    people = {row.person_id: row.person for row in rows.select_related("person")}
    told = facts.Told(scope, household.community, people.values())
    [document] = facts.household_documents([household], told, scope)
    return {
        **document,
        "address": facts.address_of_home(household.dwelling),
        "care_pairs": facts.care_pairs_of(people, scope),
    }


def person_of(person: Person, scope: Scope) -> Document:
    """One person, with the people of the households that the person lives in."""
    rows = facts.with_places(visible(Residence.objects.all(), to=scope)).filter(person=person)
    stays = list(rows.order_by("-during"))
    households = list(
        facts.with_places(visible(Household.objects.standing(), to=scope))
        .filter(residences__person=person, residences__during__contains=Now())
        .distinct()
    )
    mates = visible(Person.objects.standing(), to=scope).filter(
        residences__household__in=households, residences__during__contains=Now()
    )
    told = facts.Told(scope, person.community, [person, *mates.distinct()])
    documents = facts.household_documents(households, told, scope)
    return {
        **told.person(person.pk),
        "changes_at": min(told.ends, default=None),
        "ended_at": person.ended_at,
        "ended_why": person.ended_why,
        "residences": [facts.stay_document(stay) for stay in stays],
        "households": documents,
        "past_tags": _past_tags(person, told, scope),
        "care_pairs": facts.care_pairs_of([person.pk], scope),
    }


def _past_tags(person: Person, told: facts.Told, scope: Scope) -> list[Document]:
    past = visible(PersonTag.objects.all(), to=scope).filter(person=person, during__endswith__lte=Now())
    rows = facts.with_tags(past).order_by("-during")[:MOST_PAST_TAGS]
    return [facts.tag_document(row, told.rights[person.pk]) for row in rows]


def _organisations(dwelling: Dwelling, scope: Scope) -> list[Document]:
    """Those in the dwelling, and those that have the whole unit."""
    rows = visible(Organisation.objects.standing(), to=scope)
    here = rows.filter(Q(dwelling=dwelling) | Q(unit=dwelling.unit_id)).order_by("pk")
    rights = scope.rights_at(dwelling.building.grid.path, dwelling.unit_id)
    return [facts.organisation_document(row, rights) for row in here]


def _shared_by(dwelling: Dwelling, scope: Scope) -> list[Document]:
    rows = visible(SpaceShare.objects.current(), to=scope).filter(space=dwelling)
    shares = rows.select_related("household__dwelling").defer(
        "household__dwelling__footprint", "household__dwelling__walls"
    )
    return [
        {
            "id": share.household_id,
            "dwelling_id": share.household.dwelling_id,
            "room": share.household.dwelling.room,
            "number": share.household.number,
        }
        for share in shares.order_by("household__dwelling__room", "household__number")
    ]


def _history(dwelling: Dwelling, scope: Scope) -> list[Document]:
    past = visible(Residence.objects.all(), to=scope).filter(dwelling=dwelling, during__endswith__lte=Now())
    rows = past.select_related("person").order_by("-during")[:MOST_PAST_STAYS]
    return [
        {
            "id": row.pk,
            "name": masked_name(row.person.name),
            "basis": row.basis,
            "tenure": row.tenure,
            "role": row.role,
            "since": row.during.lower,
            "until": row.during.upper,
        }
        for row in rows
    ]


def _last_met_at(dwelling: Dwelling, scope: Scope) -> datetime | None:
    rows = visible(Visit.objects.standing(), to=scope).filter(dwelling=dwelling, outcome=Visit.Outcome.MET)
    return rows.order_by("-visited_at").values_list("visited_at", flat=True).first()
