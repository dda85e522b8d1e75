"""Many buildings cut into homes, on pages: chosen, counted, started, stopped and taken up again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.conftest import a_building
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.admin import cutting
from twin.places import tasks
from twin.places.actions import change_building, found_community
from twin.places.actions.cut_runs import cut_all, cut_next, plan_cutting, stop_cutting
from twin.places.models import Building, Community, CutRow, CutRun, Dwelling, Grid

ADD = reverse("admin:places_cutrun_add")


@pytest.fixture
def clerk(in_role: Callable[..., User]) -> Client:
    client = Client()
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    return client


@pytest.fixture
def row_of_houses(community: Community, west: Grid) -> list[Building]:
    """Three that can be cut; the last says that it has nine names for its units."""
    houses = [a_building(community, 122.6002 + 0.0005 * n, name=f"{n}号楼") for n in (1, 2, 3)]
    change_building(building=houses[2], unit_names=[f"{n}号" for n in range(9)])
    return houses


def page(run: CutRun, name: str = "change") -> str:
    return reverse(f"admin:places_cutrun_{name}", args=[run.pk])


def asked(community: Community, button: str = "start", **more: Any) -> dict[str, Any]:
    return {"community": community.pk, "which": "all", button: "", **more}


def test_a_clerk_sees_how_many_there_are_before_anything_is_cut(
    clerk: Client, community: Community, row_of_houses: list[Building]
) -> None:
    answer = clerk.post(ADD, asked(community, "count"))
    assert answer.context["counted"] == {"new": 3, "again": 0}
    assert not CutRun.objects.exists()


def test_buildings_are_cut_and_what_cannot_be_says_why(
    clerk: Client, community: Community, row_of_houses: list[Building]
) -> None:
    answer = clerk.post(ADD, asked(community), follow=True)
    assert answer.context["state"] == "done"
    assert answer.context["done"]["cut"] == 2
    assert answer.context["done"]["dwellings"] == Dwelling.objects.standing().count() > 0
    [(row, why)] = answer.context["rows"]
    assert row.building == row_of_houses[2]
    assert "3号楼" in why
    assert "9" in why
    english = clerk.get(page(CutRun.objects.get()), headers={"accept-language": "en"})
    assert "names for 9" in english.content.decode()
    assert AuditEntry.objects.filter(action="cutting.start").count() == 1


def test_only_those_of_the_grid_are_cut(
    clerk: Client, community: Community, west: Grid, east: Grid, row_of_houses: list[Building]
) -> None:
    answer = clerk.post(ADD, asked(community, which="grid", grid=east.pk))
    assert "which" in answer.context["form"].errors, "there is none in the east"
    clerk.post(ADD, asked(community, which="grid", grid=west.pk))
    assert CutRow.objects.count() == 3
    assert "grid" in clerk.post(ADD, asked(community, which="grid")).context["form"].errors


def test_a_long_cutting_goes_on_in_the_background(
    clerk: Client, community: Community, row_of_houses: list[Building], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "AT_ONCE", 0)
    answer = clerk.post(ADD, asked(community), follow=True)
    run = CutRun.objects.get()
    assert answer.context["state"] == "moving"
    told = clerk.get(page(run, "progress")).json()
    assert (told["on_its_way"], told["done"], told["total"]) == (True, 0, 3)
    [job] = ProcrastinateJob.objects.filter(task_name=tasks.cut_buildings_of.name)
    tasks.cut_buildings_of.func(**job.args)
    assert clerk.get(page(run, "progress")).json()["on_its_way"] is False
    assert Building.objects.exclude(cut=Building.Cut.NONE).count() == 2


def test_what_was_stopped_goes_on_where_it_was(
    clerk: Client, community: Community, row_of_houses: list[Building]
) -> None:
    run = plan_cutting(community=community, buildings=Building.objects.all(), what="x")
    assert cut_next(run_id=run.pk)
    clerk.post(page(run, "stop"))
    assert not cut_next(run_id=run.pk)
    first = Dwelling.objects.order_by("pk").first()
    answer = clerk.get(page(run))
    assert (answer.context["state"], answer.context["step"]["done"]) == ("stopped", 1)
    answer = clerk.post(page(run, "go_on"), follow=True)
    assert (answer.context["state"], answer.context["done"]["cut"]) == ("done", 2)
    assert first is not None
    first.refresh_from_db()
    assert first.ended_at is None, "nothing is cut twice"


def test_a_cutting_that_does_not_move_says_so(
    clerk: Client, community: Community, row_of_houses: list[Building]
) -> None:
    run = plan_cutting(community=community, buildings=Building.objects.all(), what="x")
    CutRun.objects.update(moved_at=timezone.now() - timedelta(minutes=5))
    assert clerk.get(page(run)).context["state"] == "still"
    assert clerk.get(page(run, "progress")).json()["on_its_way"] is False


def test_homes_are_cut_again_only_when_that_is_asked(
    clerk: Client, community: Community, row_of_houses: list[Building]
) -> None:
    clerk.post(ADD, asked(community))
    before = set(Dwelling.objects.standing().values_list("pk", flat=True))
    clerk.post(ADD, asked(community))
    assert set(Dwelling.objects.standing().values_list("pk", flat=True)) == before
    clerk.post(ADD, asked(community, again="on"))
    after = set(Dwelling.objects.standing().values_list("pk", flat=True))
    assert after
    assert not after & before


def test_homes_in_which_people_live_are_not_cut_again(
    clerk: Client,
    community: Community,
    row_of_houses: list[Building],
    settle: Callable[..., Any],
    person: Callable[..., Any],
) -> None:
    clerk.post(ADD, asked(community))
    home = Dwelling.objects.standing().filter(building=row_of_houses[0]).order_by("pk")[0]
    settle(person(), home)
    answer = clerk.post(ADD, asked(community, again="on"), follow=True)
    assert {row.building_id for row, _ in answer.context["rows"]} == {
        row_of_houses[0].pk,
        row_of_houses[2].pk,
    }
    assert "1 人" in answer.context["rows"][0][1]
    home.refresh_from_db()
    assert home.ended_at is None


def test_a_cutting_that_is_through_does_not_go_on(
    clerk: Client, community: Community, row_of_houses: list[Building]
) -> None:
    clerk.post(ADD, asked(community))
    run = CutRun.objects.get()
    stop_cutting(run=run)
    cut_all(run.pk)
    answer = clerk.post(page(run, "go_on"), follow=True)
    assert answer.context["state"] == "done"
    assert "已处理完毕" in answer.content.decode()


def test_many_that_are_ticked_in_the_list_are_cut_in_the_background(
    clerk: Client, community: Community, row_of_houses: list[Building], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.admin.places.AT_ONCE", 2)
    chosen = [house.pk for house in row_of_houses]
    answer = clerk.post(
        reverse("admin:places_building_changelist"), {"action": "cut", "_selected_action": chosen}
    )
    assert answer.headers["Location"] == page(CutRun.objects.get())
    assert CutRow.objects.count() == 3


@pytest.mark.parametrize(
    "kind", [RoleKind.DUTY_OFFICER, RoleKind.PLANNER, RoleKind.AUDITOR, RoleKind.GRID_HEAD]
)
def test_who_does_not_edit_places_cuts_nothing(
    in_role: Callable[..., User], community: Community, row_of_houses: list[Building], kind: str
) -> None:
    run = plan_cutting(community=community, buildings=Building.objects.all(), what="x")
    client = Client()
    client.force_login(in_role(kind))
    assert client.get(page(run)).status_code in {302, 404}
    for name in ("stop", "go_on"):
        assert client.post(page(run, name)).status_code in {302, 404}
    client.post(ADD, asked(community))
    assert CutRun.objects.count() == 1
    assert not Dwelling.objects.exists()


def test_a_clerk_cuts_nothing_in_another_community(clerk: Client, community: Community) -> None:
    other = found_community(name="别处")
    assert "community" in clerk.post(ADD, asked(other)).context["form"].errors
    run = CutRun.objects.create(community=other, what="x")
    assert clerk.get(page(run, "progress")).status_code == 404
    assert clerk.post(page(run, "go_on")).status_code == 404
