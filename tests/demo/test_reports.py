"""The demo's saved reports are useful: each can be run by its readers, and tells of somebody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from twin.access.models import Role
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.demo.load import load_demo
from twin.reports.asking import Asked, question_of
from twin.reports.forms import opened_and_tried
from twin.reports.models import ReportForm
from twin.reports.rights import reporting
from twin.reports.telling import count, page_of

pytestmark = pytest.mark.django_db


def test_every_saved_report_of_the_demo_tells_of_somebody(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_PASSWORD = settings.DEMO_PASSWORD or "long enough 1"
    community = load_demo(limit=400).community
    forms = ReportForm.objects.filter(community=community, shared=True)
    assert {"高龄老人花名册", "租住户登记", "网格人口一览"} <= set(forms.values_list("name", flat=True))
    head = Role.objects.filter(community=community, kind=RoleKind.GRID_HEAD).earliest("pk").user
    officer = Role.objects.get(community=community, kind=RoleKind.DUTY_OFFICER).user
    for form in forms:
        question = question_of(Asked.from_json(form.question), community, scope_of(officer))
        assert count(question).rows > 0, form.name
        for line in page_of(question, 1, 50):
            assert any(line.cells[-4:]) or line.cells[0], form.name
        found = opened_and_tried(form, reporting(scope_of(head), community))
        assert (found.left_out, found.problem) == ((), None)
