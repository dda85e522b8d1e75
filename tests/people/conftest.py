from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from tests.devices.homes import a_dwelling
from twin.base import events
from twin.base.events import Event, listen
from twin.people import events as people_events
from twin.people.actions import (
    NewHousehold,
    NewPerson,
    NewResidence,
    add_household,
    add_person,
    add_starter_tags,
    start_residence,
)
from twin.people.models import Household, Person, Residence, Tag
from twin.places.models import Building, Community, Dwelling

AddPerson = Callable[..., Person]
Settle = Callable[..., Residence]


@pytest.fixture
def flat(west_building: Building) -> Dwelling:
    """1-501 of the west building."""
    return a_dwelling(west_building)


@pytest.fixture
def other_flat(west_building: Building) -> Dwelling:
    """2-301 of the west building: another stairwell."""
    return a_dwelling(west_building, "301", unit="2", floor=3)


@pytest.fixture
def east_flat(east_building: Building) -> Dwelling:
    return a_dwelling(east_building, "201", floor=2)


@pytest.fixture
def person(community: Community) -> AddPerson:
    def add(name: str = "王小明", **said: Any) -> Person:
        return add_person(community=community, person=NewPerson(name, **said))

    return add


@pytest.fixture
def household(flat: Dwelling) -> Household:
    return add_household(community=flat.community, household=NewHousehold(flat.pk))


@pytest.fixture
def settle() -> Settle:
    """Somebody lives, or is registered, in a dwelling from now on."""

    def start(who: Person, where: Dwelling, **said: Any) -> Residence:
        return start_residence(community=where.community, residence=NewResidence(who.pk, where.pk, **said))

    return start


@pytest.fixture
def tags(community: Community) -> dict[str, Tag]:
    return add_starter_tags(community=community)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The events of the room from here on, in the order in which they are told."""
    within = {kind: list(listeners) for kind, listeners in events._within.items()}
    monkeypatch.setattr(events, "_within", defaultdict(list, within))
    heard: list[Event] = []
    for kind in vars(people_events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            listen(kind, within=True)(heard.append)
    return heard
