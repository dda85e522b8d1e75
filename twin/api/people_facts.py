"""What is told of people, masked, in as few queries as there are tables: one of each for a whole answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.db.models.functions import Now

from twin.access.gate import visible
from twin.access.roles import Personal
from twin.base.scope import Rights, Scope
from twin.base.sealed_fields import text_of
from twin.people.counts import state_of
from twin.people.masking import age_on, masked_identity, masked_name, masked_phone
from twin.people.models import (
    CarePair,
    DwellingTag,
    EmergencyContact,
    Household,
    HouseholdTag,
    Organisation,
    Person,
    PersonTag,
    Residence,
    SpaceShare,
    Tagging,
)
from twin.people.querysets import MOST_TOLD
from twin.people.rights import rights_over
from twin.places.descriptions import address_of
from twin.places.models import Community, Dwelling
from twin.points.boards import briefs_of

Document = dict[str, Any]
PLACE = ("community", "dwelling__unit", "dwelling__building__grid", "dwelling__building__compound")
NO_SHAPES = (
    "dwelling__footprint", "dwelling__walls", "dwelling__unit__entrance", "dwelling__building__footprint",
    "dwelling__building__anchor", "dwelling__building__grid__geometry", "dwelling__building__compound__geometry",
    "community__boundary",
)  # fmt: skip
BASES = Residence.Basis
TAGS_OF: dict[str, type[PersonTag] | type[HouseholdTag] | type[DwellingTag]] = {
    "person": PersonTag,
    "household": HouseholdTag,
    "dwelling": DwellingTag,
}


def with_places(rows: Any) -> Any:
    """With what an address says, in one query and without shapes."""
    return rows.select_related(*PLACE).defer(*NO_SHAPES)


class Told:
    """All that an answer tells about some people and households, fetched at once."""

    def __init__(self, scope: Scope, community: Community, people: Iterable[Person]) -> None:
        self.scope, self.community = scope, community
        self.today = community.today()
        self.people = {person.pk: person for person in people}
        self.rights: dict[int, Rights] = rights_over(self.people.values(), scope)
        self.ends: list[datetime] = []
        """When tags of what is told here run out."""
        self.tags, self.extra_care = tags_on("person", self.people, scope, self.ends)
        self.contacts = self._contacts()
        rows = with_places(visible(Residence.objects.current(), to=scope)).filter(person__in=self.people)
        self.homes: dict[int, list[Residence]] = defaultdict(list)
        for row in rows.order_by("during"):
            self.homes[row.person_id].append(row)

    def person(self, person_id: int) -> Document:
        person, rights = self.people[person_id], self.rights[person_id]
        tells = rights.people
        born, calls, bears = (p in tells for p in (Personal.BIRTH, Personal.PHONE, Personal.IDENTITY))
        contacts = self.contacts.get(person_id, [])
        return {
            "id": person_id,
            "name": masked_name(person.name),
            "sex": person.sex if born else None,
            "age": age_on(self.today, person.birth_date) if born else None,
            "phone": masked_phone(text_of(person, "phone_sealed")) if calls else None,
            "identity_kind": person.identity_kind if bears else None,
            "identity": masked_identity(text_of(person, "identity_sealed")) if bears else None,
            "tags": [tag_document(row, rights) for row in self.tags[person_id]],
            "extra_care": person_id in self.extra_care,
            "gives": rights.gives,
            "contacts": [_contact(c) for c in contacts] if Personal.CONTACT in tells else None,
            "told": sorted(tells),
            "reveals": sorted(rights.reveals),
        }

    def member(self, person_id: int, dwelling_id: int) -> Document:
        """A person as somebody of one dwelling: by the actual residence there, where there is one."""
        homes = self.homes[person_id]
        here = {row.basis: row for row in homes if row.dwelling_id == dwelling_id}
        row = here.get(BASES.ACTUAL) or here[BASES.REGISTERED]
        return {
            **self.person(person_id),
            "state": state_of(registered=BASES.REGISTERED in here, actual=BASES.ACTUAL in here),
            "role": row.role,
            "tenure": row.tenure,
            "since": row.during.lower,
            "elsewhere": [stay_document(home) for home in homes if home.dwelling_id != dwelling_id],
        }

    def _contacts(self) -> dict[int, list[EmergencyContact]]:
        found: dict[int, list[EmergencyContact]] = defaultdict(list)
        if not any(Personal.CONTACT in rights.people for rights in self.rights.values()):
            return found
        rows = visible(EmergencyContact.objects.standing(), to=self.scope).filter(person__in=self.people)
        for contact in rows.order_by("pk"):
            found[contact.person_id].append(contact)
        return found


def tags_on(
    applies_to: str, ids: Iterable[int], scope: Scope, ends: list[datetime]
) -> tuple[dict[int, list[Tagging]], frozenset[int]]:
    """The tags that hold now, by subject; and the subjects of which no more is told than that they need extra care. `ends`
    takes up when they run out."""
    wanted = list(ids)
    found: dict[int, list[Tagging]] = defaultdict(list)
    extra_care: set[int] = set()
    if wanted:
        rows = TAGS_OF[applies_to].objects.current().visible_with_extra_care(scope)
        here = with_tags(rows.filter(**{f"{applies_to}__in": wanted}))
        for row in here.order_by("tag__position", "tag"):
            subject_id = getattr(row, f"{applies_to}_id")
            if row.valid_until is not None:
                ends.append(row.valid_until)
            if row.tag.level > MOST_TOLD:
                extra_care.add(subject_id)
            else:
                found[subject_id].append(row)
    return found, frozenset(extra_care)


def with_tags(rows: Any) -> Any:
    """With what a tag's document says, in one query."""
    return rows.select_related("tag__tag_class", "verified_by").defer(
        *(f"verified_by__{column}" for column in ("password", "email", "language", "photo", "last_login"))
    )


def tag_document(row: Tagging, rights: Rights) -> Document:
    tag, says_why = row.tag, Personal.REASON in rights.people
    return {
        "id": row.pk,
        "tag_id": tag.pk,
        "code": tag.code,
        "name": {"zh": tag.name, "en": tag.name_en or tag.name},
        "tag_class": tag.tag_class.code,
        "level": tag.level,
        "colour": tag.colour,
        "pattern": tag.pattern,
        "symbol": tag.symbol,
        "reason": row.reason if says_why else None,
        "said_by": row.source if says_why else None,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "verified_at": row.verified_at,
        "verified_by": str(row.verified_by) if row.verified_by else None,
    }


def household_documents(households: Sequence[Household], told: Told, scope: Scope) -> list[Document]:
    """Households with their members and shared spaces; `told` knows all of their people."""
    ids = [household.pk for household in households]
    tags, extra_care = tags_on("household", ids, scope, told.ends)
    shares = _shares(ids, scope)
    points = briefs_of(told.community, ids, scope)
    return [
        _household(household, told, tags[household.pk], scope)
        | {
            "extra_care": household.pk in extra_care,
            "shares": shares[household.pk],
            "points": points[household.pk],
        }
        for household in households
    ]


def _household(household: Household, told: Told, tags: list[Tagging], scope: Scope) -> Document:
    rows = [r for homes in told.homes.values() for r in homes if r.household_id == household.pk]
    here = [r for r in rows if r.dwelling_id == household.dwelling_id]
    members = list(dict.fromkeys(r.person_id for r in sorted(here, key=_by_role)))
    head = next((r for basis in BASES for r in here if r.basis == basis and r.role == "head"), None)
    building = household.dwelling.building
    rights = scope.rights_at(building.grid.path, household.dwelling.unit_id)
    return {
        "id": household.pk,
        "number": household.number,
        "kind": household.kind,
        "called": masked_name(told.people[head.person_id].name) if head else "",
        "dwelling_id": household.dwelling_id,
        "members": [told.member(person_id, household.dwelling_id) for person_id in members],
        "tags": [tag_document(row, rights) for row in tags],
        "gives": rights.gives,
    }


def _by_role(row: Residence) -> tuple[int, datetime, int]:
    order = ("head", "spouse", "parent", "child", "other")
    return order.index(row.role), row.during.lower, row.person_id


def _shares(household_ids: Sequence[int], scope: Scope) -> dict[int, list[Document]]:
    found: dict[int, list[Document]] = defaultdict(list)
    if not household_ids:
        return found
    everyone = SpaceShare.objects.filter(during__contains=Now())
    rows = visible(SpaceShare.objects.current(), to=scope).filter(household__in=household_ids)
    shared = rows.select_related("space").defer("space__footprint", "space__walls").prefetch_related(
        Prefetch("space__shared_by", queryset=everyone, to_attr="users")
    )  # fmt: skip
    for row in shared.order_by("space__room"):
        users = len(row.space.users)
        found[row.household_id].append(
            {"dwelling_id": row.space_id, "room": row.space.room, "households": users}
        )
    return found


def address_of_home(dwelling: Dwelling) -> str:
    return address_of(dwelling.building, dwelling.unit, dwelling.room)


def stay_document(row: Residence) -> Document:
    return {
        "id": row.pk,
        "dwelling_id": row.dwelling_id,
        "address": address_of_home(row.dwelling),
        "household_id": row.household_id,
        "basis": row.basis,
        "tenure": row.tenure,
        "role": row.role,
        "since": row.during.lower,
        "until": row.during.upper,
    }


def organisation_document(row: Organisation, rights: Rights) -> Document:
    tells = rights.people
    return {
        "id": row.pk,
        "name": row.name,
        "kind": row.kind,
        "contact_name": masked_name(row.contact_name) if Personal.NAME in tells else None,
        "phone": masked_phone(text_of(row, "phone_sealed")) if Personal.PHONE in tells else None,
    }


def care_pairs_of(person_ids: Iterable[int], scope: Scope) -> list[Document]:
    """Pairs that hold now and that these people are part of, on either side."""
    ids = list(person_ids)
    if not ids:
        return []
    rows = visible(CarePair.objects.current(), to=scope).select_related("helper", "cared_for")
    pairs = (rows.filter(helper__in=ids) | rows.filter(cared_for__in=ids)).order_by("pk")
    return [
        {
            "id": pair.pk,
            "helper": {"id": pair.helper_id, "name": masked_name(pair.helper.name)},
            "cared_for": {"id": pair.cared_for_id, "name": masked_name(pair.cared_for.name)},
            "since": pair.during.lower,
        }
        for pair in pairs
    ]


def _contact(row: EmergencyContact) -> Document:
    phone = masked_phone(text_of(row, "phone_sealed"))
    return {"id": row.pk, "name": masked_name(row.name), "relation": row.relation, "phone": phone}
