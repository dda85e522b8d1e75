"""The demo's ledgers: believable, proven, the same for the same seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count

from twin.demo.load import load_demo
from twin.places.models import Community
from twin.points.boards import bands_by_household, board_of
from twin.points.models import Claim, Entry, Redemption
from twin.points.periods import Period
from twin.points.proving import prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Community:
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO_PASSWORD = settings.DEMO_PASSWORD or "long enough 1"
    return load_demo(limit=400).community


def test_a_year_of_points_is_believable_and_proven(demo: Community) -> None:
    assert prove(demo) == []
    kinds = dict(Entry.objects.values_list("kind").annotate(n=Count("id")))
    assert kinds["award"] > 20 * kinds["breach"] > 0
    assert 0 < Redemption.objects.waiting().count() < Redemption.objects.count() == kinds["redemption"]
    assert Claim.objects.waiting().filter(photos__isnull=False).exists()
    now = Entry.objects.latest("happened_at").happened_at
    assert len(board_of(demo, Period.YEAR, now).lines) > 10
    assert {"owing", "beginning", "active", "good"} <= {
        b.code for b in bands_by_household(demo, now).values()
    }
