"""People: added one by one or by the thousand, changed, and ended. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.sealed_fields import index_for, new_ids, sealed_columns, text_of
from twin.base.verbs import verb
from twin.people.actions.holding import dwellings_of_people, held_one, refused
from twin.people.events import PeopleAdded, PersonChanged
from twin.people.identity_numbers import read_identity_number, tidied
from twin.people.models import Person
from twin.people.phones import tidied_phone
from twin.people.readings import words_of
from twin.places.actions.bulk import copy_rows
from twin.places.models import Community

WRITTEN = (
    "id", "community", "name", "name_words", "sex", "birth_date", "identity_kind", "identity_sealed", "identity_index",
    "phone_sealed", "phone_index", "phone_last4_index", "user", "source", "source_id", "ended_at", "ended_why",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added. An `identity` without a kind is a resident's number; it is checked, and tells birth and sex."""

    name: str
    sex: str = Person.Sex.UNKNOWN
    birth_date: date | None = None
    identity: str = ""
    identity_kind: str = ""
    phone: str = ""
    source: str = ""
    source_id: str = ""
    user_id: int | None = None


@verb
def add_person(*, community: Community, person: NewPerson) -> Person:
    """Raises Invalid naming the field that cannot be right, Conflict for an identity number that somebody has."""
    [person_id] = add_people(community=community, people=[person])
    return Person.objects.get(pk=person_id)


@verb
def add_people(*, community: Community, people: Sequence[NewPerson]) -> list[int]:
    """Add many at once, all or nothing. Returns their ids, in the order given.

    Raises Invalid with `where` like `people[3].identity`, Conflict for a number or source id that somebody has.
    """
    today = community.today()
    checked = [_checked(person, today, f"people[{n}].") for n, person in enumerate(people)]
    _refuse_known_numbers(community.pk, checked)
    ids = new_ids(Person, len(checked))
    fields = [Person._meta.get_field(name) for name in WRITTEN]
    rows = (_row(community.pk, person_id, person) for person_id, person in zip(ids, checked, strict=True))
    try:
        with transaction.atomic():
            copy_rows(Person, fields, rows)  # type: ignore[arg-type]
    except IntegrityError as error:
        raise refused(error, "identity") from error
    emit(PeopleAdded(community_id=community.pk, person_ids=tuple(ids)))
    return ids


@verb
def change_person(*, person: Person, **changes: Any) -> Person:
    """Change `name`, `sex`, `birth_date`, `identity` with `identity_kind`, `phone` or `user`; an empty text takes it away.

    Raises like `add_person`, and Conflict for somebody who is gone.
    """
    allowed = {"name", "sex", "birth_date", "identity", "identity_kind", "phone", "user"}
    if not changes.keys() <= allowed:
        raise Invalid(
            "Only %(names)s can be changed.",
            names=sorted(allowed),
            where=min(changes.keys() - allowed),
        )
    current = held_one(person)
    wanted = _checked(_with(_as_known(current), changes), current.community.today(), "")
    row = _row(current.community_id, current.pk, wanted)
    touched = _columns_of(changes)
    try:
        with transaction.atomic():
            Person.objects.filter(pk=current.pk).update(**{name: row[name] for name in touched})
    except IntegrityError as error:
        raise refused(error, "identity") from error
    where = dwellings_of_people([current.pk])
    emit(PersonChanged(community_id=current.community_id, person_id=current.pk, dwelling_ids=where))
    return Person.objects.get(pk=current.pk)


def _as_known(person: Person) -> NewPerson:
    return NewPerson(
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        identity=text_of(person, "identity_sealed"),
        identity_kind=person.identity_kind,
        phone=text_of(person, "phone_sealed"),
        user_id=person.user_id,
    )


def _with(known: NewPerson, changes: dict[str, Any]) -> NewPerson:
    """What is said wins over what was known; a new identity number brings its own birth date and sex unless they are said."""
    said = dict(changes)
    if "user" in said:
        user: User | None = said.pop("user")
        said["user_id"] = user.pk if user else None
    if said.get("identity") == "":
        said["identity_kind"] = ""
    elif "identity" in said:
        said = {"birth_date": None, "sex": Person.Sex.UNKNOWN, "identity_kind": "", **said}
    return replace(known, **said)


def _columns_of(changes: dict[str, Any]) -> Iterator[str]:
    for name in changes:
        if name == "name":
            yield from ("name", "name_words")
        elif name == "phone":
            yield from ("phone_sealed", "phone_index", "phone_last4_index")
        elif name in {"identity", "identity_kind"}:
            yield from ("identity_kind", "identity_sealed", "identity_index", "birth_date", "sex")
        else:
            yield "user_id" if name == "user" else name


def _checked(person: NewPerson, today: date, where: str) -> NewPerson:
    """The same person, tidied. Raises Invalid for what cannot be right or does not fit together."""
    name = " ".join(person.name.split())
    if not name or len(name) > 60:
        raise Invalid("A person has a name of at most 60 characters.", where=f"{where}name")
    if person.sex not in Person.Sex.values:
        raise Invalid("The sex is male, female or unknown.", where=f"{where}sex")
    if person.birth_date is not None and person.birth_date > today:
        raise Invalid("The date of birth lies in the future.", where=f"{where}birth_date")
    phone = tidied_phone(person.phone, where=f"{where}phone") if person.phone else ""
    return _with_identity(replace(person, name=name, phone=phone), today, where)


def _with_identity(person: NewPerson, today: date, where: str) -> NewPerson:
    if not person.identity:
        return replace(person, identity_kind="")
    kind = person.identity_kind or Person.IdentityKind.RESIDENT
    if kind not in Person.IdentityKind.values:
        raise Invalid("%(kind)s is no kind of identity document.", kind=kind, where=f"{where}identity_kind")
    if kind != Person.IdentityKind.RESIDENT:
        return replace(person, identity_kind=kind, identity=tidied(person.identity))
    read = read_identity_number(person.identity, today=today, where=f"{where}identity")
    if person.birth_date not in (None, read.birth_date):
        raise Invalid(
            "The identity number says another date of birth.",
            where=f"{where}birth_date",
            code="identity_birth",
        )
    if person.sex not in (Person.Sex.UNKNOWN, read.sex):
        raise Invalid("The identity number says another sex.", where=f"{where}sex", code="identity_sex")
    return replace(person, identity=read.number, identity_kind=kind, birth_date=read.birth_date, sex=read.sex)


def _refuse_known_numbers(community_id: int, people: Sequence[NewPerson]) -> None:
    """Name the row whose number somebody has, or an earlier row; what slips in meanwhile the constraint refuses."""
    seen: dict[tuple[str, bytes], int] = {}
    for n, person in enumerate(people):
        if person.identity:
            index = index_for(Person, "identity_index", person.identity, community_id)
            if seen.setdefault((person.identity_kind, index), n) != n:
                raise _known(n)
    rows = Person.objects.standing().filter(community=community_id, identity_index__in=[i for _, i in seen])
    for kind, stored in rows.values_list("identity_kind", "identity_index"):
        if (kind, bytes(stored)) in seen:
            raise _known(seen[kind, bytes(stored)])


def _known(n: int) -> Conflict:
    return Conflict(
        "There is a person with this identity number already.",
        where=f"people[{n}].identity",
        code="person_identity_is_unique",
    )


def _row(community_id: int, person_id: int, person: NewPerson) -> dict[str, Any]:
    """The columns of a checked person."""
    return {
        "id": person_id,
        "community_id": community_id,
        "name": person.name,
        "name_words": words_of(person.name),
        "sex": person.sex,
        "birth_date": person.birth_date,
        "identity_kind": person.identity_kind,
        "user_id": person.user_id,
        "source": person.source,
        "source_id": person.source_id,
        **sealed_columns(
            Person,
            row_id=person_id,
            community_id=community_id,
            texts={"identity_sealed": person.identity, "phone_sealed": person.phone},
        ),
    }
