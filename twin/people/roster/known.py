"""What is known already of the people and households that a roster names: read in a few queries, compared in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from twin.base.sealed_fields import index_for
from twin.people.models import Household, Person, Residence

AT_ONCE = 5000
V = TypeVar("V", int, bytes, str)
OF_A_PERSON = (
    "id",
    "name",
    "sex",
    "birth_date",
    "identity_kind",
    "identity_index",
    "phone_index",
    "ended_at",
)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    id: int
    name: str
    sex: str
    birth_date: date | None
    identity: tuple[str, bytes] | None
    phone: bytes | None
    is_gone: bool


@dataclass(frozen=True, slots=True)
class KnownResidence:
    id: int
    person_id: int
    dwelling_id: int
    household_id: int | None
    basis: str
    tenure: str
    role: str
    source: str


@dataclass(frozen=True, slots=True)
class KnownHousehold:
    id: int
    dwelling_id: int
    source: str
    source_id: str


@dataclass(slots=True)
class Known:
    """by_identity: (kind, blind index) -> person. of_person, at, of_household: residences that hold now, by person, dwelling
    and household. gone: numbers of people who are not here any more. by_number: (source, number in its books)."""

    community_id: int
    people: dict[int, KnownPerson] = field(default_factory=dict)
    by_identity: dict[tuple[str, bytes], KnownPerson] = field(default_factory=dict)
    gone: set[tuple[str, bytes]] = field(default_factory=set)
    of_person: dict[int, list[KnownResidence]] = field(default_factory=lambda: defaultdict(list))
    at: dict[int, list[KnownResidence]] = field(default_factory=lambda: defaultdict(list))
    of_household: dict[int, list[KnownResidence]] = field(default_factory=lambda: defaultdict(list))
    households: dict[int, KnownHousehold] = field(default_factory=dict)
    by_number: dict[tuple[str, str], KnownHousehold] = field(default_factory=dict)

    def identity_index(self, number: str) -> bytes:
        return index_for(Person, "identity_index", number, self.community_id)

    def phone_index(self, number: str) -> bytes:
        return index_for(Person, "phone_index", number, self.community_id)


def read_known(
    community_id: int,
    *,
    identities: Iterable[str],
    dwelling_ids: Iterable[int],
    source: str,
    numbers: Iterable[str],
) -> Known:
    """People with these identity numbers or in these dwellings, where all of them live and are registered, and their
    households; and households of this source with these numbers in its books."""
    known = Known(community_id)
    rows = Person.objects.filter(community=community_id)
    for indexes in _parts([known.identity_index(number) for number in identities]):
        _take_people(known, rows.filter(identity_index__in=indexes))
    now = Residence.objects.current().filter(community=community_id)
    here = {
        r
        for part in _parts(list(dwelling_ids))
        for r in now.filter(dwelling__in=part).values_list("person", flat=True)
    }
    for part in _parts(sorted(here - known.people.keys())):
        _take_people(known, rows.filter(pk__in=part))
    for part in _parts(sorted(known.people)):
        _take_residences(known, now.filter(person__in=part))
    _take_households(known, source, list(numbers))
    return known


def _parts(values: Sequence[V]) -> Iterable[list[V]]:
    for start in range(0, len(values), AT_ONCE):
        yield list(values[start : start + AT_ONCE])


def _take_people(known: Known, rows: object) -> None:
    found = rows.order_by("id").values_list(*OF_A_PERSON)  # type: ignore[attr-defined]
    for person_id, name, sex, birth, kind, identity, phone, ended_at in found:
        number = (kind, bytes(identity)) if identity is not None else None
        person = KnownPerson(
            person_id,
            name,
            sex,
            birth,
            number,
            bytes(phone) if phone is not None else None,
            ended_at is not None,
        )
        if person.is_gone:
            known.gone |= {number} if number else set()
            continue
        known.people[person_id] = person
        if number:
            known.by_identity[number] = person


def _take_residences(known: Known, rows: object) -> None:
    names = ("id", "person_id", "dwelling_id", "household_id", "basis", "tenure", "role", "source")
    for values in rows.order_by("id").values_list(*names):  # type: ignore[attr-defined]
        residence = KnownResidence(*values)
        known.of_person[residence.person_id].append(residence)
        known.at[residence.dwelling_id].append(residence)


def _take_households(known: Known, source: str, numbers: list[str]) -> None:
    """With everybody who lives in them: a household moves only when all of it does."""
    ids = {r.household_id for found in known.of_person.values() for r in found if r.household_id is not None}
    names = ("id", "dwelling_id", "source", "source_id")
    rows = Household.objects.standing().filter(community=known.community_id)
    for part in _parts(sorted(ids)):
        _keep_households(known, rows.filter(pk__in=part).values_list(*names))
    for books in _parts(numbers):
        _keep_households(known, rows.filter(source=source, source_id__in=books).values_list(*names))
    members = Residence.objects.current().filter(community=known.community_id)
    columns = ("id", "person_id", "dwelling_id", "household_id", "basis", "tenure", "role", "source")
    for part in _parts(sorted(known.households)):
        for values in members.filter(household__in=part).order_by("id").values_list(*columns):
            residence = KnownResidence(*values)
            known.of_household[residence.household_id or 0].append(residence)


def _keep_households(known: Known, rows: Iterable[tuple[int, int, str, str]]) -> None:
    for values in rows:
        household = KnownHousehold(*values)
        known.households[household.id] = household
        if household.source_id:
            known.by_number[household.source, household.source_id] = household
