"""Fields of a person in a home. Everything by which somebody could be found is masked; birth is told as age and year."""

from __future__ import annotations

from collections.abc import Iterator

from twin.access.roles import Personal
from twin.base.sealed_fields import text_of
from twin.people.counts import PersonState
from twin.people.masking import age_on, masked_identity, masked_name, masked_phone
from twin.people.models import EmergencyContact, Person, Residence
from twin.reports.facts import Facts, Row
from twin.reports.field import Cell, Group, Kind, ReportField, Subject, Words
from twin.reports.fields_of_households import tags_cell

AGE_BANDS = ((0, 6), (7, 17), (18, 59), (60, 69), (70, 79), (80, 89), (90, None))


def _age(facts: Facts, row: Row) -> int | None:
    return age_on(facts.today, row.person.birth_date)


def _age_band(facts: Facts, row: Row) -> Cell:
    age = _age(facts, row)
    if age is None:
        return None
    least, most = next((a, b) for a, b in AGE_BANDS if b is None or age <= b)
    return f"{least}–{most}" if most is not None else f"{least}+"


def _birth_year(facts: Facts, row: Row) -> Cell:
    return row.person.birth_date.year if row.person.birth_date else None


def _identity_kind(facts: Facts, row: Row) -> Cell:
    kind = row.person.identity_kind
    return facts.said(Person.IdentityKind, kind) if kind else None


def _state(facts: Facts, row: Row) -> Cell:
    assert row.residence is not None
    state: str = row.residence.state  # type: ignore[attr-defined]  # annotated by `people_in_homes`
    return facts.said(PersonState, state)


def _residence(row: Row) -> Residence:
    assert row.residence is not None
    return row.residence


def _contacts(facts: Facts, row: Row) -> Cell:
    contacts = facts.contacts.get(row.person.pk, [])
    return (", " if facts.english else "、").join(map(_contact, contacts)) or None


def _contact(contact: EmergencyContact) -> str:
    relation = f"({contact.relation})" if contact.relation else ""
    return f"{masked_name(contact.name)}{relation} {masked_phone(text_of(contact, 'phone_sealed'))}"


def fields_of_people() -> Iterator[ReportField]:
    of, group = Subject.PERSON, Group.PERSON
    yield ReportField(
        "name", of, group, Words("姓名", "Name"), ("people.Person.name",),
        lambda facts, row: masked_name(row.person.name), masked=True,
    )  # fmt: skip
    yield ReportField(
        "sex", of, group, Words("性别", "Sex"), ("people.Person.sex",),
        lambda facts, row: facts.said(Person.Sex, row.person.sex), Kind.CHOICE, Personal.BIRTH, width=8,
        order=("person__sex",),
    )  # fmt: skip
    yield ReportField(
        "age", of, group, Words("年龄", "Age"), ("people.Person.birth_date",), _age, Kind.NUMBER, Personal.BIRTH, width=8,
        masked=True, order=("age_now",),
    )  # fmt: skip
    yield ReportField(
        "age_band", of, group, Words("年龄段", "Age band"), ("people.Person.birth_date",), _age_band, Kind.CHOICE,
        Personal.BIRTH, masked=True,
    )  # fmt: skip
    yield ReportField(
        "birth_year", of, group, Words("出生年", "Year of birth"), ("people.Person.birth_date",), _birth_year, Kind.NUMBER,
        Personal.BIRTH, masked=True,
    )  # fmt: skip
    yield ReportField(
        "phone", of, group, Words("电话", "Phone"), ("people.Person.phone_sealed",),
        lambda facts, row: masked_phone(text_of(row.person, "phone_sealed")) or None, Kind.TEXT, Personal.PHONE, masked=True,
        width=18,
    )  # fmt: skip
    yield ReportField(
        "identity_kind", of, group, Words("证件类型", "Identity document"), ("people.Person.identity_kind",),
        _identity_kind, Kind.CHOICE, Personal.IDENTITY,
    )  # fmt: skip
    yield ReportField(
        "identity", of, group, Words("证件号码", "Identity number"), ("people.Person.identity_sealed",),
        lambda facts, row: masked_identity(text_of(row.person, "identity_sealed")) or None, Kind.TEXT, Personal.IDENTITY,
        masked=True, width=24,
    )  # fmt: skip
    yield ReportField(
        "contacts", of, group, Words("紧急联系人", "Emergency contacts"),
        ("people.EmergencyContact.name", "people.EmergencyContact.relation", "people.EmergencyContact.phone_sealed"),
        _contacts, Kind.TEXT, Personal.CONTACT, masked=True, width=30,
    )  # fmt: skip
    yield from _in_this_home(of, group)


def _in_this_home(of: Subject, group: Group) -> Iterator[ReportField]:
    yield ReportField(
        "role", of, group, Words("与户主关系", "Role in the household"), ("people.Residence.role",),
        lambda facts, row: facts.said(Residence.Role, _residence(row).role), Kind.CHOICE, order=("role",),
    )  # fmt: skip
    yield ReportField(
        "state", of, group, Words("人户状态", "Lives or registered here"), ("people.Residence.basis",), _state, Kind.CHOICE,
        width=22,
    )  # fmt: skip
    yield ReportField(
        "tenure", of, group, Words("居住方式", "Tenure"), ("people.Residence.tenure",),
        lambda facts, row: facts.said(Residence.Tenure, _residence(row).tenure), Kind.CHOICE, order=("tenure",),
    )  # fmt: skip
    yield ReportField(
        "since", of, group, Words("起始日期", "Since"), ("people.Residence.during",),
        lambda facts, row: _residence(row).during.lower.astimezone(facts.zone).date(), Kind.DATE, order=("during",),
    )  # fmt: skip
    yield ReportField(
        "tags", of, Group.TAGS, Words("个人标签", "Tags of the person"), ("people.PersonTag.tag",),
        lambda facts, row: tags_cell(facts, facts.tags_of_people.get(row.person.pk)), Kind.TAGS, width=36,
    )  # fmt: skip
