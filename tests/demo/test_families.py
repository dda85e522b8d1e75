"""Families for the demo: the sums come out, the ages fit, and nobody can be taken for a real person."""

from __future__ import annotations

from datetime import date

import pytest

from twin.demo.families import Family, Home, Stay, settle
from twin.demo.families.inventing import AREA, MADE_UP, PHONE
from twin.people.identity_numbers import read_identity_number

ON = date(2026, 11, 1)
HOMES = [Home(n, floor=n % 18 + 1, crowded=n % 9 == 0, built=1995) for n in range(600)]


@pytest.fixture(scope="module")
def families() -> list[Family]:
    return settle(HOMES, households=612, people=1569, on=ON, seed=3)


def test_there_are_exactly_as_many_households_and_people_as_were_wanted(families: list[Family]) -> None:
    assert (len(families), sum(len(family.members) for family in families)) == (612, 1569)


def test_the_same_seed_gives_the_same_families(families: list[Family]) -> None:
    assert settle(HOMES, households=612, people=1569, on=ON, seed=3) == families
    assert settle(HOMES, households=612, people=1569, on=ON, seed=4) != families


def test_crowded_homes_are_shared_and_some_homes_are_empty(families: list[Family]) -> None:
    crowded = {home.id for home in HOMES if home.crowded}
    shared = {family.home for family in families if family.kind == "sharers"}
    assert shared
    assert shared <= crowded or crowded <= shared
    assert 0 < len(HOMES) - len({family.home for family in families}) < 60


def test_identity_numbers_pass_every_check_and_exist_once(families: list[Family]) -> None:
    numbers = [member.identity for family in families for member in family.members]
    assert len(set(numbers)) == len(numbers)
    for family in families:
        for member in family.members:
            read = read_identity_number(member.identity, today=ON)
            assert (read.birth_date, read.sex, read.area) == (member.born, member.sex, AREA)


def test_names_and_phones_can_be_told_from_real_ones(families: list[Family]) -> None:
    for family in families:
        for member in family.members:
            assert member.name[1] in MADE_UP
            assert member.phone == "" or member.phone.startswith(PHONE)


def test_children_are_younger_than_their_parents_by_a_generation(families: list[Family]) -> None:
    for family in families:
        head = family.members[0]
        assert head.role == "head"
        assert head.age(ON) >= 18
        for member in family.members:
            if member.role == "child":
                assert head.age(ON) - member.age(ON) >= 20
            if member.role == "parent":
                assert member.age(ON) - head.age(ON) >= 20


def test_nobody_rents_a_home_to_be_registered_only(families: list[Family]) -> None:
    for family in families:
        away = {member.stay for member in family.members} == {Stay.REGISTERED}
        assert away or family.tenure != "registered_only"
        assert family.since <= ON


def test_homes_that_cannot_hold_the_households_are_refused() -> None:
    with pytest.raises(ValueError, match="do not hold"):
        settle(HOMES[:10], households=200, people=400, on=ON, seed=1)
