"""The start page offers work, and only to whom its page opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from twin.access.models import Role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.admin.start import GROUPS
from twin.places.models import Community


def offered(client: Client) -> list[str]:
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 200
    return [offer.address for _, offers in answer.context["offers"] for offer in offers]


@pytest.mark.parametrize("kind", [RoleKind.COMMUNITY_ADMIN, RoleKind.AUDITOR])
def test_every_page_that_is_offered_opens(in_role: Callable[..., User], client: Client, kind: str) -> None:
    client.force_login(in_role(kind))
    addresses = offered(client)
    assert addresses
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_an_admin_is_offered_everything_but_what_only_auditors_read(
    in_role: Callable[..., User], client: Client
) -> None:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    assert len(offered(client)) >= sum(len(tasks) for _, tasks in GROUPS) - 1


def test_who_only_reads_is_not_offered_to_bring_something_in(
    in_role: Callable[..., User], client: Client
) -> None:
    client.force_login(in_role(RoleKind.AUDITOR))
    assert not [address for address in offered(client) if address.endswith("/add/")]


def test_pages_tell_the_time_of_the_community(
    in_role: Callable[..., User], client: Client, community: Community
) -> None:
    change_zone(community, "America/New_York")
    role = in_role(RoleKind.COMMUNITY_ADMIN).roles.get()
    Role.objects.filter(pk=role.pk).update(starts_at=datetime(2026, 1, 1, 2, 30, tzinfo=UTC))
    client.force_login(role.user)
    told = client.get(reverse("admin:access_role_change", args=[role.pk])).content.decode()
    assert "2025年12月31日 21:30" in told


def test_a_room_lists_its_tables(in_role: Callable[..., User], client: Client) -> None:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    told = client.get(reverse("admin:app_list", args=["places"])).content.decode()
    assert reverse("admin:places_grid_changelist") in told
    assert "<details" not in told.partition('id="content-main"')[2]


def change_zone(community: Community, zone: str) -> None:
    Community.objects.filter(pk=community.pk).update(time_zone=zone)
