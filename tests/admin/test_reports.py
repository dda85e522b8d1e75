"""Saved reports in the back office: looked through, and ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.places.models import Community
from twin.reports.actions import save_form
from twin.reports.asking import Asked
from twin.reports.models import ReportForm

PAGE = "admin:reports_reportform_changelist"


@pytest.fixture
def office(in_role: Callable[..., User], client: Client) -> Client:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    return client


def a_form(community: Community, by: User, name: str, shared: bool) -> ReportForm:
    asked = Asked("person", {"kind": "community"}, ("name", "age"))
    return save_form(community=community, name=name, asked=asked, by=by, shared=shared)


def test_a_clerk_sees_what_is_shared_and_what_it_asks(
    office: Client, community: Community, officer: User
) -> None:
    form = a_form(community, officer, "老人名册", shared=True)
    a_form(community, officer, "私人名册", shared=False)
    listed = office.get(reverse(PAGE)).content.decode()
    assert "老人名册" in listed
    assert "姓名、年龄" in listed
    assert "私人名册" not in listed
    assert (
        "姓名、年龄"
        in office.get(reverse("admin:reports_reportform_change", args=[form.pk])).content.decode()
    )


def test_a_clerk_ends_a_shared_one_that_nobody_looks_after(
    office: Client, community: Community, officer: User
) -> None:
    form = a_form(community, officer, "老人名册", shared=True)
    office.post(reverse(PAGE), {"action": "end", "_selected_action": [form.pk]})
    form.refresh_from_db()
    assert form.ended_at is not None
    assert "老人名册" not in office.get(reverse(PAGE)).content.decode()


def test_nobody_makes_one_there(office: Client, community: Community) -> None:
    assert office.get(reverse("admin:reports_reportform_add")).status_code == 403
