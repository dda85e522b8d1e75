from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import twin.admin
from tests.patrol.conftest import worker
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.admin.apps import PAGES
from twin.patrol.actions import record_visit
from twin.places.models import Dwelling

__all__ = ["worker"]


def test_every_page_of_the_back_office_is_there() -> None:
    folder = Path(twin.admin.__file__).parent
    registering = {
        ".".join(file.relative_to(folder).with_suffix("").parts)
        for file in folder.rglob("*.py")
        if "site=site)" in file.read_text()
    }
    assert registering <= set(PAGES)


@pytest.mark.django_db
def test_what_was_noted_at_a_door_is_shown_one_visit_at_a_time_and_that_is_noted(
    in_role: Callable[..., User], client: Client, worker: User, flat: Dwelling
) -> None:
    visit = record_visit(dwelling=flat, by=worker, outcome="met", note="血压高")
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    listed = client.get(reverse("admin:patrol_visit_changelist"))
    assert (listed.status_code, "血压高" in listed.text) == (200, False)
    assert not AuditEntry.objects.filter(action="visits.view").exists()
    assert "血压高" in client.get(reverse("admin:patrol_visit_change", args=[visit.pk])).text
    assert AuditEntry.objects.get(action="visits.view").subject == f"places.Dwelling:{flat.pk}"
