"""Asking for reports over HTTP."""

from __future__ import annotations

from typing import Any

from django.test import Client

from twin.accounts.models import User
from twin.places.models import Community

JSON = "application/json"


def asked(community: Community, fields: list[str], of: str = "person", **said: Any) -> dict[str, Any]:
    return {"community": community.pk, "of": of, "area": {"kind": "community"}, "fields": fields, **said}


def post(client: Client, path: str, body: Any, status: int = 200) -> Any:
    answer = client.post(f"/api/{path}", body, content_type=JSON)
    assert answer.status_code == status, answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def run(client: Client, body: Any) -> Any:
    return post(client, "reports/run/", body).json()


def refused(client: Client, body: Any, path: str = "reports/run/", status: int = 400) -> str:
    return str(post(client, path, body, status).json()["error"].get("where"))


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def question(fields: list[str], of: str = "person", **said: Any) -> dict[str, Any]:
    return {"of": of, "area": {"kind": "community"}, "fields": fields, **said}
