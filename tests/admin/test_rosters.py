"""Rosters in the back office: what came of them, and the queue of doubtful addresses, where a clerk decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.people.roster.conftest import HEADER, Import, bring_in, home, lives, xlsx, yard
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.admin.imports import roster_pages
from twin.people import tasks
from twin.people.models import Person, RosterAddress, RosterRun
from twin.places.actions import found_community
from twin.places.models import AddressAlias, Building, Community

__all__ = ["bring_in", "yard"]
InRole = Callable[..., User]
QUEUE = reverse("admin:people_rosteraddress_changelist")
ROSTERS = reverse("admin:people_rosterrun_changelist")


@pytest.fixture
def waiting(bring_in: Import) -> RosterAddress:
    bring_in(xlsx(HEADER, ("2", "示三", "户主", "", "", "", "家属院2栋1单元502")))
    return RosterAddress.objects.get()


@pytest.fixture
def clerk(in_role: InRole) -> Client:
    client = Client()
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    return client


def page_of(address: RosterAddress) -> str:
    return reverse("admin:people_rosteraddress_change", args=[address.pk])


def test_the_queue_tells_why_and_where_it_may_be(
    clerk: Client, waiting: RosterAddress, yard: list[Building]
) -> None:
    page = clerk.get(QUEUE).content.decode()
    assert "家属院2栋1单元502" in page
    assert f"环岛路1576号船厂大院2栋1单元502室 ({round(100 * waiting.candidates[0]['confidence'])}%)" in page
    assert f"→ {home(yard[1], '1', '502').pk}" in page


def test_a_decision_brings_the_rows_in_and_is_remembered(
    clerk: Client, waiting: RosterAddress, yard: list[Building]
) -> None:
    there = home(yard[1], "1", "502")
    answer = clerk.post(page_of(waiting), {"dwelling": there.pk, "learn": "compound"})
    assert answer.status_code == 302, answer.content.decode()
    assert lives("示三") == ["船厂大院2栋/1/502"]
    alias = AddressAlias.objects.get()
    assert (alias.text, alias.compound_id) == ("家属院", yard[1].compound_id)
    assert clerk.get(page_of(waiting)).status_code == 200


def test_what_cannot_be_learned_is_said_on_the_form(
    clerk: Client, waiting: RosterAddress, yard: list[Building]
) -> None:
    answer = clerk.post(page_of(waiting), {"dwelling": home(yard[0], "1", "502").pk, "learn": "compound"})
    assert "从这个地址学不到这一点" in answer.content.decode()
    assert lives("示三") == []


def test_no_addresses_of_the_community_are_left_out_together(clerk: Client, waiting: RosterAddress) -> None:
    clerk.post(QUEUE, {"action": "end", "_selected_action": [waiting.pk]})
    waiting.refresh_from_db()
    assert waiting.state == "left_out"


def test_what_came_of_a_roster_is_listed(clerk: Client, waiting: RosterAddress) -> None:
    page = clerk.get(ROSTERS).content.decode()
    assert "花名册.xlsx" in page
    assert "? 1 待认定地址" in page


def test_only_who_may_edit_all_people_gets_there(
    client: Client, in_role: InRole, waiting: RosterAddress
) -> None:
    client.force_login(in_role(RoleKind.GRID_WORKER))
    for address in (QUEUE, ROSTERS, page_of(waiting)):
        assert client.get(address).status_code in (302, 403)


# Sending one, on pages

ADD = reverse("admin:people_rosterrun_add")
FAULTY = ("2", "示三", "户主", "不详男", "", "", "船厂大院2栋1单元502")
REFUSED = ("3", "示四4", "户主", "男", "", "", "船厂大院3栋1单元302")
GOOD = ("1", "示大", "户主", "男", "", "", "船厂大院1栋1单元101")
DOUBTFUL = ("4", "示五", "户主", "女", "", "", "家属院2栋1单元502")


def send(client: Client, community: Community, *rows: Sequence[str], **asked: Any) -> Any:
    file = SimpleUploadedFile("花名册.xlsx", xlsx(HEADER, *(rows or (GOOD, FAULTY, REFUSED, DOUBTFUL))))
    return client.post(ADD, {"community": community.pk, "file": file, **asked}, follow=True)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def page(run: RosterRun, name: str = "change") -> str:
    return reverse(f"admin:people_rosterrun_{name}", args=[run.pk])


def test_a_roster_becomes_a_report_and_nobody_comes_in(
    clerk: Client, community: Community, yard: list[Building]
) -> None:
    told = send(clerk, community)
    run = RosterRun.objects.get()
    assert told.redirect_chain == [(page(run), 302)]
    assert "目前尚未作任何更改" in text(told)
    assert {one["verdict"]: one["count"] for one in told.context["counts"]} == {
        "create": 2, "change": 0, "unchanged": 0, "wait": 1, "refuse": 1,
    }  # fmt: skip
    assert not Person.objects.exists()


def test_the_report_tells_which_column_became_what(
    clerk: Client, community: Community, yard: list[Building]
) -> None:
    told = text(send(clerk, community))
    assert "工作表 名册，表头在第 1 行" in told
    assert "与户主关系 ← 与户主关系 (C)" in told
    assert "地址 ← 现住址 (G)" in told


def test_a_column_that_is_stated_is_read(clerk: Client, community: Community, yard: list[Building]) -> None:
    send(clerk, community, columns="phone = E\nidentity =")
    read = RosterRun.objects.get().report["read_as"]["sheets"][0]["columns"]
    assert read["phone"].endswith("(E)")
    assert "identity" not in read


def test_a_refused_row_says_what_mends_it(clerk: Client, community: Community, yard: list[Building]) -> None:
    send(clerk, community)
    told = clerk.get(page(RosterRun.objects.get()), {"verdict": "refuse"})
    [row] = told.context["rows"]
    assert (row["row"].sheet, row["row"].number) == ("名册", 4)
    assert "只写姓名" in text(told)


def test_what_a_cell_says_is_masked_unless_it_is_an_address(
    clerk: Client, community: Community, yard: list[Building]
) -> None:
    misplaced = ("2", "示三", "户主", "310101199001310000", "", "", "船厂大院2栋1单元502")
    told = text(send(clerk, community, misplaced, DOUBTFUL))
    assert "310101199001310000" not in told
    assert "“3**”" in told
    assert "家属院2栋1单元502" in told


def test_applying_brings_people_in_and_leads_to_the_addresses_that_wait(
    clerk: Client, community: Community, yard: list[Building]
) -> None:
    send(clerk, community)
    run = RosterRun.objects.get()
    told = clerk.post(page(run, "apply"), follow=True)
    assert "导入已完成" in text(told)
    assert lives("示大") == ["船厂大院1栋/1/101"]
    assert AuditEntry.objects.filter(action="roster.apply").count() == 1
    queue = clerk.get(told.context["queue_address"])
    assert [address.text for address in queue.context["cl"].result_list] == ["家属院2栋1单元502"]
    person = Person.objects.order_by("pk").first()
    assert person is not None
    assert reverse("admin:people_person_change", args=[person.pk]) in text(told)


def test_the_faults_go_back_to_whoever_sent_the_roster_only(
    clerk: Client, community: Community, yard: list[Building], in_role: InRole
) -> None:
    send(clerk, community)
    run = RosterRun.objects.get()
    answer = clerk.get(page(run, "faults"))
    sheet = load_workbook(BytesIO(answer.content))["名册"]
    assert "只写姓名" in sheet["H4"].value
    other = Client()
    other.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    assert other.get(page(run)).status_code == 200
    assert other.get(page(run, "faults")).status_code == 404


def test_a_roster_that_is_no_longer_kept_is_asked_for_anew(
    clerk: Client, community: Community, yard: list[Building]
) -> None:
    send(clerk, community)
    run = RosterRun.objects.get()
    RosterRun.objects.update(file_sealed=None)
    assert "请重新上传" in text(clerk.get(page(run, "faults"), follow=True))


def test_a_file_that_is_no_roster_is_refused_by_name(clerk: Client, community: Community) -> None:
    file = SimpleUploadedFile("花名册.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    told = clerk.post(ADD, {"community": community.pk, "file": file}, follow=True)
    assert told.context["error"]["code"] == "roster_is_old_excel"
    assert "未作任何更改" in text(told)


def test_the_mended_roster_is_sent_with_the_same_settings(
    clerk: Client, community: Community, yard: list[Building]
) -> None:
    send(clerk, community, source="派出所", columns="identity =")
    told = clerk.get(ADD, {"like": RosterRun.objects.get().pk})
    assert told.context["form"]["source"].value() == "派出所"
    assert told.context["form"]["columns"].value() == "identity = "


def test_a_large_roster_is_checked_and_applied_in_the_background(
    clerk: Client, community: Community, yard: list[Building], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_pages, "AT_ONCE_BYTES", 0)
    told = send(clerk, community)
    run = RosterRun.objects.get()
    assert "正在检查文件" in text(told)
    assert clerk.get(page(run, "progress")).json()["on_its_way"] is True
    [job] = ProcrastinateJob.objects.filter(task_name=tasks.check_sent_roster.name)
    tasks.check_sent_roster.func(**job.args)
    assert "正在执行导入" in text(clerk.post(page(run, "apply"), follow=True))
    [job] = ProcrastinateJob.objects.filter(task_name=tasks.apply_sent_roster.name)
    tasks.apply_sent_roster.func(**job.args)
    assert clerk.get(page(run, "progress")).json()["on_its_way"] is False
    assert lives("示大") == ["船厂大院1栋/1/101"]


@pytest.mark.parametrize(
    "kind", [RoleKind.DUTY_OFFICER, RoleKind.PLANNER, RoleKind.AUDITOR, RoleKind.GRID_HEAD]
)
def test_who_does_not_edit_people_brings_no_roster_in(
    clerk: Client, community: Community, yard: list[Building], in_role: InRole, kind: str
) -> None:
    send(clerk, community)
    run = RosterRun.objects.get()
    client = Client()
    client.force_login(in_role(kind))
    for name in ("change", "progress", "faults"):
        assert client.get(page(run, name)).status_code in {302, 404}
    assert client.post(page(run, "apply")).status_code in {302, 404}
    send(client, community)
    assert RosterRun.objects.count() == 1
    assert not Person.objects.exists()


def test_the_clerk_of_another_community_gets_nothing_of_a_roster(
    clerk: Client, community: Community, yard: list[Building]
) -> None:
    other = found_community(name="别处")
    run = RosterRun.objects.create(community=other, file_name="别处.xlsx", source="册")
    assert "community" in send(clerk, other).context["form"].errors
    for name in ("progress", "apply", "faults"):
        assert clerk.post(page(run, name)).status_code == 404
    assert clerk.get(ADD, {"like": run.pk}).status_code == 404
    assert "别处.xlsx" not in text(clerk.get(ROSTERS))
