"""Two clerks at the same moment: the database decides, once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.people.conftest import AddPerson
from tests.people.identities import a_number
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, TooMany
from twin.people.actions import (
    NewHousehold,
    NewPerson,
    NewResidence,
    add_household,
    add_person,
    end_household,
    find_by_last_digits,
    give_tag,
    move_household,
    set_privacy_rule,
    start_residence,
)
from twin.people.models import Household, Person, PersonTag, Residence, Tag
from twin.places.models import Community, Dwelling

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run these in threads of their own, all from the same moment on. Returns what each gave back, or its refusal."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return deed()
        except (Conflict, TooMany) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def refusals(answers: list[Any]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Exception)]


def test_one_number_is_one_person(community: Community) -> None:
    new = NewPerson("甲", identity=a_number())
    answers = at_once(*[lambda: add_person(community=community, person=new)] * 4)
    assert refusals(answers) == ["person_identity_is_unique"] * 3
    assert Person.objects.count() == 1


def test_one_is_registered_in_one_place(person: AddPerson, flat: Dwelling, east_flat: Dwelling) -> None:
    someone = person()

    def register(where: Dwelling) -> Callable[[], Residence]:
        new = NewResidence(someone.pk, where.pk, basis="registered")
        return lambda: start_residence(community=where.community, residence=new)

    answers = at_once(register(flat), register(east_flat))
    assert refusals(answers) == ["a_person_is_registered_in_one_place_at_a_time"]
    assert Residence.objects.current().registered().count() == 1


def test_a_household_has_one_head(person: AddPerson, flat: Dwelling, household: Household) -> None:
    def head(name: str) -> Callable[[], Residence]:
        new = NewResidence(person(name).pk, flat.pk, household_id=household.pk, role="head")
        return lambda: start_residence(community=flat.community, residence=new)

    assert refusals(at_once(head("甲"), head("乙"), head("丙"))) == ["a_household_has_one_head_at_a_time"] * 2


def test_households_of_one_flat_get_different_numbers(community: Community, flat: Dwelling) -> None:
    new = NewHousehold(flat.pk)
    answers = at_once(*[lambda: add_household(community=community, household=new)] * 4)
    assert sorted(household.number for household in answers) == ["1", "2", "3", "4"]


def test_who_moves_in_while_the_household_moves_lives_where_it_lives(
    person: AddPerson, flat: Dwelling, east_flat: Dwelling, household: Household
) -> None:
    """Either the newcomer was first and moved along, or came too late for the old flat; never left behind."""
    new = NewResidence(person().pk, flat.pk, household_id=household.pk)
    at_once(
        lambda: move_household(household=household, to=east_flat),
        lambda: _tolerant(lambda: start_residence(community=flat.community, residence=new)),
    )
    household.refresh_from_db()
    where = set(Residence.objects.current().filter(household=household).values_list("dwelling", flat=True))
    assert where <= {household.dwelling_id}


def test_nobody_moves_into_a_household_that_is_being_dissolved(
    person: AddPerson, flat: Dwelling, household: Household
) -> None:
    new = NewResidence(person().pk, flat.pk, household_id=household.pk)
    at_once(
        lambda: end_household(household=household),
        lambda: start_residence(community=flat.community, residence=new),
    )
    assert not Residence.objects.current().exists()


def test_a_tag_is_given_once(person: AddPerson, tags: dict[str, Tag]) -> None:
    someone = person()
    answers = at_once(*[lambda: give_tag(tag=tags["veteran"], subject=someone)] * 3)
    assert refusals(answers) == ["a_person_has_a_tag_once_at_a_time"] * 2
    assert PersonTag.objects.count() == 1


def test_a_burst_of_searches_is_counted(community: Community, officer: User) -> None:
    set_privacy_rule(community=community, digit_searches_per_minute=3)
    scope = scope_of(officer)
    search = lambda: find_by_last_digits(by=officer, scope=scope, community=community, digits="1234")  # noqa: E731
    assert refusals(at_once(*[search] * 6)) == ["too_many"] * 3


def _tolerant(deed: Callable[[], Any]) -> Any:
    try:
        return deed()
    except Invalid:
        return None
