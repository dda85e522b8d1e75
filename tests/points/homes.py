"""Households with people in them, and rules to give them points by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.devices.homes import a_dwelling
from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.people.actions import (
    NewHousehold,
    NewPerson,
    NewResidence,
    add_household,
    add_person,
    start_residence,
)
from twin.people.models import Household, Person
from twin.places.models import Building, Community
from twin.points.actions import publish_rule
from twin.points.models import Entry, Rule, RuleClass

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MAY = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""


def a_household(building: Building, room: str = "501", unit: str = "1") -> Household:
    dwelling = a_dwelling(building, room, unit=unit, floor=int(room[0]))
    return add_household(community=building.community, household=NewHousehold(dwelling.pk))


def a_resident(household: Household, name: str = "王小明", role: str = "head", **said: Any) -> User:
    """Somebody who lives there and can sign in."""
    user = User.objects.create_user(
        username=f"resident{User.objects.count()}", password="long enough 1", name=name
    )
    person = add_person(community=household.community, person=NewPerson(name, user_id=user.pk, **said))
    start_residence(
        community=household.community,
        residence=NewResidence(
            person.pk, household.dwelling_id, household_id=household.pk, role=role, since=LONG_AGO
        ),
    )
    grant_role(user=user, kind=RoleKind.RESIDENT, community=household.community)
    return user


def person_of(user: User) -> Person:
    return Person.objects.get(user=user)


def a_class(community: Community, code: str = "volunteering") -> RuleClass:
    kind, _ = RuleClass.objects.get_or_create(community=community, code=code, defaults={"name": code})
    return kind


def a_rule(
    community: Community, code: str = "clean_up", points: int | tuple[int, int] = 2, **terms: Any
) -> Rule:
    """A rule that has been in force for long."""
    least, most = (points, points) if isinstance(points, int) else points
    said = {"name": code, "valid_from": LONG_AGO, "by": None, **terms}
    return publish_rule(
        community=community, code=code, kind=a_class(community), least=least, most=most, **said
    ).rule


def ledger(household: Household) -> list[int]:
    """The points of its entries, in order."""
    return list(Entry.objects.filter(household=household).order_by("number").values_list("points", flat=True))


def balance(household: Household) -> int:
    from twin.points.models import Account

    return sum(Account.objects.filter(household=household).values_list("balance", flat=True))
