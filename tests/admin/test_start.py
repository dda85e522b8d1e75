"""The start page offers work, and only to whom its page opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.admin.start import GROUPS


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
