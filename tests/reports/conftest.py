"""Two families, one in each grid: a grandmother of 88 with her grandson in the west, a tenant in the east."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.people.conftest import (
    AddPerson,
    Settle,
    east_flat,
    flat,
    household,
    other_flat,
    person,
    settle,
    tags,
)
from tests.people.identities import a_number
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.people.actions import NewHousehold, add_household
from twin.people.models import Household, Person
from twin.places.models import Community, Dwelling
from twin.reports.asking import Asked, Question, question_of
from twin.reports.telling import Line, page_of

__all__ = ["east_flat", "flat", "household", "other_flat", "person", "settle", "tags"]

Ask = Callable[..., Question]
NUMBER = a_number(date(1938, 4, 12), serial=24)


@pytest.fixture
def grandmother(person: AddPerson, settle: Settle, flat: Dwelling, household: Household) -> Person:
    """Head of the household in 1-501 of the west building; lives and is registered there."""
    someone = person("欧阳小梅", identity=NUMBER, phone="13800001234")
    settle(someone, flat, household_id=household.pk, role="head", tenure="own")
    settle(someone, flat, household_id=household.pk, role="head", basis="registered")
    return someone


@pytest.fixture
def grandson(person: AddPerson, settle: Settle, flat: Dwelling, household: Household) -> Person:
    """Lives there too, and is registered nowhere here."""
    someone = person("李小明", sex="male", birth_date=date(2015, 5, 5))
    settle(someone, flat, household_id=household.pk, role="child", tenure="own")
    return someone


@pytest.fixture
def tenant(community: Community, person: AddPerson, settle: Settle, east_flat: Dwelling) -> Person:
    """Rents 201 of the east building, in a household of one."""
    home = add_household(community=community, household=NewHousehold(east_flat.pk, kind="sharers"))
    someone = person("王大力", sex="male", birth_date=date(1990, 1, 1), phone="13900005678")
    settle(someone, east_flat, household_id=home.pk, role="head", tenure="rent")
    return someone


@pytest.fixture
def families(grandmother: Person, grandson: Person, tenant: Person) -> list[Person]:
    return [grandmother, grandson, tenant]


@pytest.fixture
def ask(community: Community, officer: User) -> Ask:
    """A question about the whole community by the duty officer, unless it says otherwise."""

    def of(fields: list[str], *, of: str = "person", by: User | None = None, **said: Any) -> Question:
        told = {"of": of, "area": {"kind": "community"}, "fields": fields, **said}
        return question_of(Asked.from_json(told), community, scope_of(by or officer))

    return of


def cells(question: Question) -> list[tuple[Any, ...]]:
    return [line.cells for line in lines(question)]


def lines(question: Question) -> list[Line]:
    return page_of(question, 1, 100)
