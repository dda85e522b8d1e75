from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest

from tests.points.homes import a_household, a_resident, a_rule
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base import events
from twin.base.events import Event, listen
from twin.people.models import Household
from twin.places.models import Building, Community
from twin.points import events as points_events
from twin.points.actions import add_reward
from twin.points.models import Reward, Rule


@pytest.fixture
def household(west_building: Building) -> Household:
    return a_household(west_building)


@pytest.fixture
def neighbours(west_building: Building) -> Household:
    return a_household(west_building, "502")


@pytest.fixture
def across(east_building: Building) -> Household:
    """A household of the other grid."""
    return a_household(east_building, "301")


@pytest.fixture
def resident(household: Household) -> User:
    return a_resident(household)


@pytest.fixture
def clerk(in_role: Callable[..., User]) -> User:
    return in_role(RoleKind.COMMUNITY_ADMIN)


@pytest.fixture
def clean_up(community: Community) -> Rule:
    """2 points, after an audit."""
    return a_rule(community, "clean_up", 2)


@pytest.fixture
def merit(community: Community) -> Rule:
    """3 to 160 points."""
    return a_rule(community, "merit", (3, 160))


@pytest.fixture
def sorting(community: Community) -> Rule:
    """1 point by itself, at most three times a week."""
    return a_rule(community, "sorting", 1, needs_audit=False, cap_times=3, cap_period="week")


@pytest.fixture
def ebike(community: Community) -> Rule:
    """A breach that costs 5."""
    return a_rule(community, "ebike", -5)


@pytest.fixture
def rice(community: Community) -> Reward:
    return add_reward(
        community=community, code="rice", name="大米", name_en="Rice", price=15, stock=10, by=None
    )


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The events of the room from here on, in the order in which they are told."""
    within = {kind: list(listeners) for kind, listeners in events._within.items()}
    monkeypatch.setattr(events, "_within", defaultdict(list, within))
    heard: list[Event] = []
    for kind in vars(points_events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            listen(kind, within=True)(heard.append)
    return heard
