"""The demo's ledgers and visits: believable, proven, the same for the same seed."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from twin.access.scopes import scope_of
from twin.demo.load import load_demo
from twin.patrol.models import Visit
from twin.people.actions import enter_by_invitation
from twin.people.models import Household
from twin.places.models import Community
from twin.points.boards import bands_by_household, board_of
from twin.points.models import Account, Claim, Entry, FamilyVote, Redemption
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
    vote = FamilyVote.objects.get()
    assert vote.candidates.count() == 8
    some_time_ago = timezone.now() - timedelta(days=60)  # early in January there is hardly a year yet
    assert len(board_of(demo, Period.YEAR, some_time_ago).lines) > 10
    bands = {band.code for band in bands_by_household(demo, some_time_ago).values()}
    assert {"beginning", "active"} <= bands


def test_a_year_of_visits_goes_to_the_old_most_of_all_and_to_some_doors_never(demo: Community) -> None:
    visits = Visit.objects.standing()
    assert dict(visits.values_list("outcome").annotate(n=Count("id"))).keys() == set(Visit.Outcome.values)
    assert not visits.exclude(service="").exclude(outcome="met").exists()
    assert {visit.worker.roles.get().grid_id for visit in visits.select_related("worker")} == set(
        visits.values_list("dwelling__building__grid", flat=True)
    )
    often = visits.values("household").annotate(n=Count("id")).order_by("-n")
    assert often.first()["n"] >= 10
    homes = Household.objects.filter(community=demo)
    assert 0 < homes.exclude(visits__isnull=False).count() < homes.count() / 2


def test_the_demo_tells_a_code_that_opens_a_home_with_points(demo: Community, settings: Any) -> None:
    settings.DEMO = True
    for _ in range(2):  # each run of the demo tells a fresh one
        said = StringIO()
        call_command("demo_logins", stdout=said)
        line = next(line for line in said.getvalue().splitlines() if "/r/" in line)
        user = enter_by_invitation(code=line.partition("居民")[0])
        assert Account.objects.visible_to(scope_of(user)).get().balance >= 30
