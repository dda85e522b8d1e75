"""Rosters in the back office: what came of them, and the queue of doubtful addresses, where a clerk decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.people.roster.conftest import HEADER, Import, bring_in, home, lives, xlsx, yard
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.people.models import RosterAddress
from twin.places.models import AddressAlias, Building

__all__ = ["bring_in", "yard"]
InRole = Callable[..., User]
QUEUE = reverse("admin:people_rosteraddress_changelist")
ROSTERS = reverse("admin:people_rosterrun_changelist")


@pytest.fixture
def waiting(bring_in: Import) -> RosterAddress:
    bring_in(xlsx(HEADER, ("2", "示三", "户主", "", "", "", "家属院2栋1单元502")))
    return RosterAddress.objects.get()


@pytest.fixture
def clerk(in_role: InRole) -> Client:
    client = Client()
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    return client


def page_of(address: RosterAddress) -> str:
    return reverse("admin:people_rosteraddress_change", args=[address.pk])


def test_the_queue_tells_why_and_where_it_may_be(
    clerk: Client, waiting: RosterAddress, yard: list[Building]
) -> None:
    page = clerk.get(QUEUE).content.decode()
    assert "家属院2栋1单元502" in page
    assert f"环岛路1576号船厂大院2栋1单元502室 ({round(100 * waiting.candidates[0]['confidence'])}%)" in page
    assert f"→ {home(yard[1], '1', '502').pk}" in page


def test_a_decision_brings_the_rows_in_and_is_remembered(
    clerk: Client, waiting: RosterAddress, yard: list[Building]
) -> None:
    there = home(yard[1], "1", "502")
    answer = clerk.post(page_of(waiting), {"dwelling": there.pk, "learn": "compound"})
    assert answer.status_code == 302, answer.content.decode()
    assert lives("示三") == ["船厂大院2栋/1/502"]
    alias = AddressAlias.objects.get()
    assert (alias.text, alias.compound_id) == ("家属院", yard[1].compound_id)
    assert clerk.get(page_of(waiting)).status_code == 200


def test_what_cannot_be_learned_is_said_on_the_form(
    clerk: Client, waiting: RosterAddress, yard: list[Building]
) -> None:
    answer = clerk.post(page_of(waiting), {"dwelling": home(yard[0], "1", "502").pk, "learn": "compound"})
    assert "从这个地址学不到这一点" in answer.content.decode()
    assert lives("示三") == []


def test_no_addresses_of_the_community_are_left_out_together(clerk: Client, waiting: RosterAddress) -> None:
    clerk.post(QUEUE, {"action": "end", "_selected_action": [waiting.pk]})
    waiting.refresh_from_db()
    assert waiting.state == "left_out"


def test_what_came_of_a_roster_is_listed(clerk: Client, waiting: RosterAddress) -> None:
    page = clerk.get(ROSTERS).content.decode()
    assert "花名册.xlsx" in page
    assert "待认定地址 1" in page


def test_only_who_may_edit_all_people_gets_there(
    client: Client, in_role: InRole, waiting: RosterAddress
) -> None:
    client.force_login(in_role(RoleKind.GRID_WORKER))
    for address in (QUEUE, ROSTERS, page_of(waiting)):
        assert client.get(address).status_code in (302, 403)
