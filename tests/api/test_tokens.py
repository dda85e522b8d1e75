"""What a token in the Authorization header opens: less than its user's log-in does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import box
from twin.access.actions import grant_role, issue_token
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.actions import found_community
from twin.places.models import Building, Community, Grid


def bearing(client: Client, secret: str) -> Client:
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


@pytest.fixture
def token_from_elsewhere(officer: User, client: Client) -> Client:
    """Issued by another community, for somebody who has rights there and with us."""
    elsewhere = found_community(name="对岸社区", boundary=box(122.700, 31.050, 122.704, 31.052))
    grant_role(user=officer, kind=RoleKind.DUTY_OFFICER, community=elsewhere)
    _, secret = issue_token(community=elsewhere, kind="gis", name="QGIS", user=officer)
    return bearing(client, secret)


@pytest.mark.parametrize(
    "path",
    [
        "/api/communities/{community}/", "/api/buildings/{building}/", "/layers/{community}/manifest.json",
        "/layers/{community}/features/buildings/",
    ],
)  # fmt: skip
def test_a_token_opens_nothing_of_another_community(
    path: str, token_from_elsewhere: Client, community: Community, west_building: Building
) -> None:
    place = path.format(community=community.pk, building=west_building.pk)
    assert token_from_elsewhere.get(place).status_code == 404


@pytest.mark.parametrize(("kind", "status"), [("gis", 401), ("wall", 401), ("worker", 201)])
def test_only_a_workers_token_writes(
    kind: str, status: int, in_role: Callable[..., User], community: Community, west: Grid, client: Client
) -> None:
    worker = in_role(RoleKind.GRID_WORKER, grid=west)
    _, secret = issue_token(community=community, kind=kind, name="令牌", user=worker)
    bearing(client, secret)
    assert client.get("/api/shifts/").status_code == 200
    said = {"community": community.pk, "grid": west.pk}
    answer = client.post("/api/shifts/", said, content_type="application/json")
    assert answer.status_code == status
