from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.points.homes import a_household, a_resident
from tests.points.test_votes import HOUR, let_it
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.people.models import Household
from twin.places.models import Building, Community
from twin.points.models import FamilyVote


@pytest.fixture
def homes(west_building: Building) -> list[Household]:
    found = [a_household(west_building, room) for room in ("401", "402")]
    for home, name in zip(found, ("赵一", "欧阳二三"), strict=True):
        a_resident(home, name)
    return found


def send(client: Client, address: str, **said: Any) -> Any:
    return client.post(f"/api/points/votes/{address}", said, content_type="application/json")


@pytest.fixture
def vote(client: Client, community: Community, homes: list[Household], clerk: User) -> FamilyVote:
    """Announced and with two families, over HTTP; then its hour has come."""
    now = timezone.now()
    times = {
        "opens_at": now + HOUR, "closes_at": now + 48 * HOUR, "counts_from": now - 365 * 24 * HOUR, "counts_until": now,
    }  # fmt: skip
    client.force_login(clerk)
    made = send(client, "", community=community.pk, title="2026年文明家庭", **times)
    assert made.status_code == 201
    named = send(client, f"{made.json()['id']}/nominate/", families=[
        {"household": homes[0].pk, "story": "照看  独居邻居"}, {"household": homes[1].pk},
    ])  # fmt: skip
    stand = [(candidate["called"], candidate["story"]) for candidate in named.json()["candidates"]]
    assert stand == [("赵**", "照看 独居邻居"), ("欧阳**", "")]
    return let_it(FamilyVote.objects.get(), opens_at=-HOUR)


def test_a_resident_votes_and_learns_nothing_but_that_it_counted(
    client: Client, vote: FamilyVote, resident: User
) -> None:
    client.force_login(resident)
    before = client.get(f"/api/points/votes/{vote.pk}/").json()
    assert (before["voted"], before["turnout"]) == (False, 0)
    chosen = [before["candidates"][1]["id"]]
    after = send(client, f"{vote.pk}/cast/", candidates=chosen).json()
    assert (after["voted"], after["turnout"]) == (True, 1)
    assert [candidate["votes"] for candidate in after["candidates"]] == [None, None]
    again = send(client, f"{vote.pk}/cast/", candidates=chosen)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "has_voted")


def test_once_counted_everybody_may_read_the_result(
    client: Client, vote: FamilyVote, resident: User, clerk: User
) -> None:
    client.force_login(resident)
    chosen = vote.candidates.order_by("pk").last()
    assert chosen is not None
    send(client, f"{vote.pk}/cast/", candidates=[chosen.pk])
    assert send(client, f"{vote.pk}/count/").status_code == 404
    client.force_login(clerk)
    assert send(client, f"{vote.pk}/count/").json()["error"]["code"] == "vote_is_open"
    let_it(vote, closes_at=timedelta(seconds=-1))
    assert send(client, f"{vote.pk}/count/").json()["closed_at"] is not None
    client.force_login(resident)
    [first, second] = client.get(f"/api/points/votes/{vote.pk}/").json()["candidates"]
    assert (first["id"], first["votes"], first["place"], first["score"]) == (chosen.pk, 1, 1, 50.0)
    assert (second["votes"], second["place"]) == (0, 2)


def test_a_family_of_nowhere_cannot_be_put_up(client: Client, vote: FamilyVote, clerk: User) -> None:
    client.force_login(clerk)
    assert send(client, f"{vote.pk}/nominate/", families=[{"household": 999_999}]).status_code == 404


@pytest.mark.parametrize("kind", [RoleKind.GRID_HEAD, RoleKind.PLANNER, RoleKind.RESIDENT])
def test_members_read_votes_and_hold_none(
    client: Client, vote: FamilyVote, community: Community, in_role: Callable[..., User], kind: str
) -> None:
    client.force_login(in_role(kind))
    [listed] = client.get(f"/api/points/votes/?community={community.pk}").json()["results"]
    assert listed["title"] == "2026年文明家庭"
    now = timezone.now()
    times = {"opens_at": now, "closes_at": now + HOUR, "counts_from": now, "counts_until": now + HOUR}
    assert send(client, "", community=community.pk, title="x", **times).status_code == 404
    assert send(client, f"{vote.pk}/count/").status_code == 404


def test_strangers_see_no_vote(client: Client, vote: FamilyVote, stranger: User) -> None:
    client.force_login(stranger)
    assert client.get(f"/api/points/votes/{vote.pk}/").status_code == 404
