"""Reports over HTTP: fields, pages, files, charts, forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.reports.conftest import families, grandmother, grandson, tenant
from twin.accounts.models import User
from twin.people.models import Person
from twin.places.models import Community, Dwelling

__all__ = ["families", "grandmother", "grandson", "tenant"]

InRole = Callable[..., User]


@pytest.fixture
def signed_in(officer: User, client: Client) -> Client:
    client.force_login(officer)
    return client


def asked(community: Community, fields: list[str], of: str = "person", **said: Any) -> dict[str, Any]:
    return {"community": community.pk, "of": of, "area": {"kind": "community"}, "fields": fields, **said}


def post(client: Client, path: str, body: Any, status: int = 200) -> Any:
    answer = client.post(f"/api/{path}", body, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def run(client: Client, body: Any) -> Any:
    return post(client, "reports/run/", body).json()


def refused(client: Client, body: Any, path: str = "reports/run/", status: int = 400) -> tuple[str, str]:
    error = post(client, path, body, status).json()["error"]
    return error.get("where"), error["message"]


def test_a_report_of_people_is_masked_and_says_where_to_fly(
    signed_in: Client, community: Community, families: list[Person], flat: Dwelling
) -> None:
    told = run(signed_in, asked(community, ["name", "phone", "identity", "age_band", "room"]))
    assert [column["id"] for column in told["columns"]] == ["name", "phone", "identity", "age_band", "room"]
    assert (told["total"], told["people"], told["households"], told["next"]) == (3, 3, 2, None)
    first = told["rows"][0]
    assert first["cells"] == ["欧阳**", "138****1234", "9****************2", "80–89", "501"] or first
    assert first["dwelling_id"] == flat.pk
    assert "小梅" not in str(told)
