"""Fields of households: who keeps house there, how many, what they are tagged with, how they stand in points."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as say

from twin.access.roles import Personal
from twin.people.masking import age_on, masked_name
from twin.people.models import Household, Residence
from twin.reports.facts import Facts, Row, TagsTold
from twin.reports.field import Cell, Group, Kind, ReportField, Subject, Words

OLD, AGED, GROWN_UP = 60, 80, 18
_ACTUAL, _REGISTERED = Residence.Basis.ACTUAL, Residence.Basis.REGISTERED


def tags_cell(facts: Facts, told: TagsTold | None) -> Cell:
    """The names of the tags; of what may not be named, that extra care is needed."""
    if told is None:
        return None
    names = [(tag.name_en if facts.english else "") or tag.name for tag in told.tags]
    if told.extra_care:
        names.append(say("extra care"))
    return (", " if facts.english else "、").join(names) or None


def _members(facts: Facts, row: Row) -> list[Residence]:
    return facts.members.get(row.household.pk, []) if row.household else []


def _head(facts: Facts, row: Row) -> Cell:
    heads = [r for r in _members(facts, row) if r.role == Residence.Role.HEAD]
    heads.sort(key=lambda residence: residence.basis != _ACTUAL)
    return masked_name(heads[0].person.name) if heads else None


def _kind(facts: Facts, row: Row) -> Cell:
    return facts.said(Household.Kind, row.household.kind) if row.household else None


def _tenure(facts: Facts, row: Row) -> Cell:
    """How those who live there live there; who nobody lives with is registered only."""
    members = _members(facts, row)
    living = {r.tenure for r in members if r.basis == _ACTUAL}
    known = living - {Residence.Tenure.UNKNOWN} or living
    if len(known) > 1:
        return say("more than one kind")
    if known:
        return facts.said(Residence.Tenure, known.pop())
    return facts.said(Residence.Tenure, Residence.Tenure.REGISTERED_ONLY) if members else None


def _counting(*bases: str) -> Callable[[Facts, Row], Cell]:
    def count(facts: Facts, row: Row) -> Cell:
        if row.household is None:
            return None
        return len({r.person_id for r in _members(facts, row) if r.basis in bases})

    return count


def _aged(least: int, below: int = 999) -> Callable[[Facts, Row], Cell]:
    """How many of those who live there are that old today."""

    def count(facts: Facts, row: Row) -> Cell:
        if row.household is None:
            return None
        living = {r.person_id: r.person.birth_date for r in _members(facts, row) if r.basis == _ACTUAL}
        ages = (age_on(facts.today, born) for born in living.values())
        return sum(1 for age in ages if age is not None and least <= age < below)

    return count


def _balance(facts: Facts, row: Row) -> Cell:
    return facts.balances.get(row.household.pk) if row.household else None


def _band(facts: Facts, row: Row) -> Cell:
    band = facts.bands.get(row.household.pk) if row.household else None
    return ((band.name_en if facts.english else "") or band.name) if band else None


_WHO = ("people.Residence.person", "people.Residence.household", "people.Residence.basis")
_AGES = (*_WHO, "people.Person.birth_date")


def fields_of_households(of: Subject) -> Iterator[ReportField]:
    """Of a household, or of the household of a person."""
    group, birth, number = Group.HOUSEHOLD, Personal.BIRTH, Kind.NUMBER
    own = "" if of is Subject.HOUSEHOLD else "household__"
    yield ReportField(
        "household_number", of, group, Words("户号", "Household number"), ("people.Household.number",),
        lambda facts, row: row.household.number if row.household else None, width=8,
    )  # fmt: skip
    yield ReportField(
        "household_kind", of, group, Words("户别", "Kind of household"), ("people.Household.kind",), _kind, Kind.CHOICE,
        order=(f"{own}kind",),
    )  # fmt: skip
    yield ReportField(
        "head", of, group, Words("户主", "Head of household"), ("people.Person.name", "people.Residence.role"), _head,
        masked=True,
    )  # fmt: skip
    yield ReportField(
        "residence_kind", of, group, Words("居住类型", "Residence kind"), ("people.Residence.tenure",), _tenure, Kind.CHOICE
    )  # fmt: skip
    yield ReportField(
        "size",
        of,
        group,
        Words("户内人数", "People in the household"),
        _WHO,
        _counting(_ACTUAL, _REGISTERED),
        number,
    )
    yield ReportField(
        "actual", of, group, Words("实有人数", "Living there"), _WHO, _counting(_ACTUAL), number
    )
    yield ReportField(
        "registered", of, group, Words("户籍人数", "Registered there"), _WHO, _counting(_REGISTERED), number
    )
    yield ReportField(
        "elders", of, group, Words("60岁以上人数", "Aged 60 or over"), _AGES, _aged(OLD), number, birth
    )
    yield ReportField(
        "aged", of, group, Words("80岁以上人数", "Aged 80 or over"), _AGES, _aged(AGED), number, birth
    )
    yield ReportField(
        "children", of, group, Words("未成年人数", "Under 18"), _AGES, _aged(0, GROWN_UP), number, birth
    )
    yield ReportField(
        "household_tags", of, Group.TAGS, Words("户标签", "Tags of the household"), ("people.HouseholdTag.tag",),
        lambda facts, row: tags_cell(facts, facts.tags_of_households.get(row.household.pk)) if row.household else None,
        Kind.TAGS, width=28,
    )  # fmt: skip
    yield ReportField(
        "dwelling_tags", of, Group.TAGS, Words("房屋标签", "Tags of the dwelling"), ("people.DwellingTag.tag",),
        lambda facts, row: tags_cell(facts, facts.tags_of_dwellings.get(row.dwelling.pk)), Kind.TAGS, width=28,
    )  # fmt: skip
    yield ReportField(
        "points", of, Group.POINTS, Words("积分余额", "Points balance"), ("points.Account.balance",), _balance, number,
        order=(f"{own}points_account__balance",),
    )  # fmt: skip
    yield ReportField(
        "band", of, Group.POINTS, Words("积分等级", "Points band"), ("points.Band.name", "points.Entry.points"), _band,
        Kind.CHOICE,
    )  # fmt: skip
    if of is Subject.HOUSEHOLD:
        yield ReportField(
            "member_tags", of, Group.TAGS, Words("成员标签", "Tags of its people"), ("people.PersonTag.tag",),
            lambda facts, row: tags_cell(facts, facts.tags_of_members.get(row.household.pk)) if row.household else None,
            Kind.TAGS, width=36,
        )  # fmt: skip
