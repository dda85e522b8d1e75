"""Who holds a role in one community and another role in a second one: what follows from the one ends at its border."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import box
from twin.access.actions import grant_role
from twin.access.models import AuditEntry, Role, Token
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.actions import found_community
from twin.places.models import Building, Community, Grid


@pytest.fixture
def elsewhere(db: None) -> Community:
    return found_community(name="对岸社区", boundary=box(122.700, 31.050, 122.704, 31.052))


@pytest.fixture
def clerk(in_role: Callable[..., User], elsewhere: Community, client: Client) -> User:
    """Plans in our community, and is admin of the other one."""
    clerk = in_role(RoleKind.PLANNER)
    grant_role(user=clerk, kind=RoleKind.COMMUNITY_ADMIN, community=elsewhere)
    client.force_login(clerk)
    return clerk


def a_role(user: User, community: Community) -> dict[str, object]:
    return {
        "user": user.pk, "kind": "community_admin", "community": community.pk, "starts_at_0": "2026-01-01",
        "starts_at_1": "00:00",
    }  # fmt: skip


def test_a_clerk_grants_no_role_where_they_only_look(
    clerk: User, community: Community, elsewhere: Community, client: Client
) -> None:
    answer = client.post(reverse("admin:access_role_add"), a_role(clerk, community))
    assert "community" in answer.context["adminform"].form.errors
    assert not Role.objects.filter(community=community, kind="community_admin").exists()
    answer = client.post(reverse("admin:access_role_add"), a_role(clerk, elsewhere))
    assert answer.status_code == 302, "in their own community they do"


def test_a_clerk_draws_nothing_where_they_only_look(
    clerk: User, community: Community, west: Grid, client: Client
) -> None:
    form = {
        "community": community.pk, "name": "飞地", "use": "residential", "height_m": 10, "floors_above": 3, "floors_below": 0,
        "base_m": 0, "numbering": "unit", "footprint": box(122.601, 31.051, 122.6011, 31.0511).json,
    }  # fmt: skip
    answer = client.post(reverse("admin:places_building_add"), form)
    assert "community" in answer.context["adminform"].form.errors
    assert not Building.objects.filter(name="飞地").exists()


def test_a_clerk_draws_no_grid_below_one_of_another_community(
    clerk: User, elsewhere: Community, root: Grid, client: Client
) -> None:
    form = {"community": elsewhere.pk, "parent": root.pk, "name": "飞地", "kind": "grid", "colour": "#37d5ff",
            "geometry": box(122.601, 31.051, 122.6011, 31.0511).json}  # fmt: skip
    answer = client.post(reverse("admin:places_grid_add"), form)
    assert "parent" in answer.context["adminform"].form.errors


def test_a_clerk_issues_no_token_where_they_only_look(
    clerk: User, community: Community, client: Client
) -> None:
    form = {"community": community.pk, "kind": "gis", "name": "QGIS", "user": clerk.pk}
    answer = client.post(reverse("admin:access_token_add"), form)
    assert "community" in answer.context["adminform"].form.errors
    assert not Token.objects.exists()


def test_an_admin_of_one_grid_gets_no_back_office(
    in_role: Callable[..., User], west: Grid, client: Client
) -> None:
    """It edits the community as a whole, and hands out roles for all of it."""
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN, grid=west))
    assert client.get("/admin/").status_code == 302
    assert client.get(reverse("admin:access_role_changelist")).status_code == 302


def test_the_audit_tells_which_clerk_granted_and_ended(
    clerk: User, elsewhere: Community, stranger: User, client: Client
) -> None:
    client.post(reverse("admin:access_role_add"), a_role(stranger, elsewhere))
    role = Role.objects.get(user=stranger)
    assert role.granted_by == clerk
    client.post(reverse("admin:access_role_changelist"), {"action": "end", "_selected_action": [role.pk]})
    client.post(
        reverse("admin:access_token_add"), {"community": elsewhere.pk, "kind": "device", "name": "网关"}
    )
    token = Token.objects.get()
    client.post(reverse("admin:access_token_changelist"), {"action": "end", "_selected_action": [token.pk]})
    by = AuditEntry.objects.filter(by=clerk).values_list("action", flat=True).order_by("pk")
    assert list(by) == ["role.grant", "role.end", "token.issue", "token.revoke"]
