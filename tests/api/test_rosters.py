"""Rosters over HTTP: who may, the report, applying, the roster handed back, and deciding about doubtful addresses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.people.identities import a_number
from tests.people.roster.conftest import HEADER, home, lives, xlsx, yard
from twin.access.models import AuditEntry
from twin.access.roles import MAY_EDIT_PEOPLE, RoleKind
from twin.accounts.models import User
from twin.api import rosters
from twin.people import tasks
from twin.people.models import Person, RosterAddress, RosterRun
from twin.places.actions import found_community
from twin.places.models import AddressAlias, Building, Community

__all__ = ["yard"]

A, B, C = a_number(date(1960, 5, 1), 11), a_number(date(1962, 7, 9), 12), a_number(date(1985, 1, 2), 13)
ROWS = (
    ("1", "示大", "户主", "男", A, "19900001111", "船厂大院1栋1单元101"),
    ("", "示二", "妻", "女", B[:-1] + ("1" if B[-1] != "1" else "2"), "", ""),
    ("2", "示三", "户主", "男", C, "", "家属院2栋1单元502"),
)


@pytest.fixture
def admin(in_role: Callable[..., User]) -> User:
    return in_role(RoleKind.COMMUNITY_ADMIN)


@pytest.fixture
def clerk(admin: User, yard: list[Building]) -> Client:
    return signed_in(admin)


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def send(client: Client, community: Community, data: bytes | None = None, **asked: Any) -> Any:
    file = SimpleUploadedFile("花名册.xlsx", xlsx(HEADER, *ROWS) if data is None else data)
    return client.post("/api/rosters/", {"community": community.pk, "file": file, **asked})


def sent(client: Client, community: Community, data: bytes | None = None) -> int:
    run: int = send(client, community, data).json()["id"]
    return run


def applied(client: Client, community: Community, data: bytes | None = None) -> int:
    run = sent(client, community, data)
    assert client.post(f"/api/rosters/{run}/apply/").status_code == 200
    return run


def test_a_roster_comes_back_as_a_report_and_changes_nothing(clerk: Client, community: Community) -> None:
    answer = send(clerk, community)
    document = answer.json()
    assert (answer.status_code, document["state"], document["source"]) == (201, "checked", "花名册")
    counts = document["counts"]
    assert [counts[name] for name in ("rows", "create", "refuse", "wait", "addresses")] == [3, 1, 1, 1, 1]
    assert not Person.objects.exists()


def test_a_fault_names_row_column_and_remedy(clerk: Client, community: Community) -> None:
    run = sent(clerk, community)
    [row] = clerk.get(f"/api/rosters/{run}/", {"verdict": "refuse"}).json()["rows"]["results"]
    fault = row["notes"][0]
    assert (row["sheet"], row["number"], fault["code"], fault["details"]["letter"]) == (
        "名册", 3, "identity_check", "E",
    )  # fmt: skip
    assert fault["message"].startswith("身份证号码 (E): ")
    assert fault["message"].endswith("Correct it.")


def test_what_was_reported_is_applied_once(clerk: Client, community: Community) -> None:
    run = sent(clerk, community)
    first, again = (clerk.post(f"/api/rosters/{run}/apply/") for _ in range(2))
    assert (first.status_code, first.json()["state"]) == (200, "applied")
    assert (again.status_code, again.json()["applied_at"]) == (200, first.json()["applied_at"])
    assert list(Person.objects.values_list("name", flat=True)) == ["示大"]
    assert AuditEntry.objects.filter(action="roster.apply").count() == 1


def test_names_and_births_that_change_are_told_masked(clerk: Client, community: Community) -> None:
    header, row = (*HEADER[:6], "出生日期", "现住址"), ("1", "示大", "户主", "男", "", "")
    applied(clerk, community, xlsx(header, (*row, "1960-05-01", "船厂大院1栋1单元101")))
    Person.objects.update(birth_date=None)
    run = sent(clerk, community, xlsx(header, (*row, "1960-05-02", "船厂大院1栋1单元101")))
    [told] = clerk.get(f"/api/rosters/{run}/").json()["rows"]["results"]
    assert told["changes"] == {"birth_date": ["", "…"]}


def test_the_roster_is_handed_back_with_its_faults_to_who_sent_it(
    clerk: Client, community: Community
) -> None:
    run = sent(clerk, community)
    answer = clerk.get(f"/api/rosters/{run}/faults/")
    page = load_workbook(BytesIO(answer.content))["名册"]
    assert page["E3"].comment.text.endswith("Correct it.")
    assert page["H4"].value
    assert AuditEntry.objects.filter(action="roster.faults").count() == 1


def test_nobody_else_is_handed_the_roster(
    clerk: Client, community: Community, in_role: Callable[..., User]
) -> None:
    run = sent(clerk, community)
    colleague = signed_in(in_role(RoleKind.COMMUNITY_ADMIN))
    assert colleague.get(f"/api/rosters/{run}/").status_code == 200
    assert colleague.get(f"/api/rosters/{run}/faults/").status_code == 404


def test_a_world_that_moved_on_asks_to_look_again(clerk: Client, community: Community) -> None:
    first = sent(clerk, community)
    applied(clerk, community)
    answer = clerk.post(f"/api/rosters/{first}/apply/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "plan_changed")
    assert clerk.get(f"/api/rosters/{first}/").json()["counts"]["unchanged"] == 1


@pytest.mark.parametrize(
    ("asked", "code", "where"),
    [
        ({"fields": "{"}, "invalid", "fields"),
        ({"fields": '{"name": "nothing"}'}, "roster_no_such_column", "fields"),
        ({"fields": '{"colour": "A"}'}, "roster_no_such_field", "fields"),
        ({"sheet": "别的"}, "roster_no_such_sheet", "sheet"),
        ({"compound": "月球"}, "roster_no_such_compound", "compound"),
        ({"file": ""}, "invalid", "file"),
    ],
)
def test_what_is_wrong_with_a_request_is_said_by_name(
    clerk: Client, community: Community, asked: dict[str, Any], code: str, where: str
) -> None:
    error = send(clerk, community, **asked).json()["error"]
    assert (error["code"], error["where"]) == (code, where)


def test_a_file_that_is_no_roster_is_remembered_with_its_reason(clerk: Client, community: Community) -> None:
    answer = send(clerk, community, b"%PDF-1.7 \x00")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "roster_is_no_spreadsheet")
    [run] = clerk.get("/api/rosters/").json()["results"]
    assert (run["state"], RosterRun.objects.get().file_sealed) == ("refused", None)
    assert clerk.get(f"/api/rosters/{run['id']}/faults/").status_code == 409


def test_a_large_roster_is_worked_on_in_the_background(
    clerk: Client, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "AT_ONCE_BYTES", 0)
    answer = send(clerk, community)
    run = answer.json()["id"]
    assert (answer.status_code, answer.json()["state"]) == (202, "received")
    tasks.check_sent_roster(run)
    assert clerk.get(f"/api/rosters/{run}/").json()["counts"]["create"] == 1
    answer = clerk.post(f"/api/rosters/{run}/apply/")
    assert (answer.status_code, answer.json()["state"]) == (202, "applying")
    tasks.apply_sent_roster(run)
    assert clerk.get(f"/api/rosters/{run}/").json()["state"] == "applied"
    assert [job.task_name for job in ProcrastinateJob.objects.order_by("id")] == [
        "twin.people.tasks.check_sent_roster", "twin.people.tasks.apply_sent_roster",
    ]  # fmt: skip


def test_a_large_roster_that_is_refused_says_so_when_asked(
    clerk: Client, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "AT_ONCE_BYTES", 0)
    run = sent(clerk, community, b"no header here")
    tasks.check_sent_roster(run)
    document = clerk.get(f"/api/rosters/{run}/").json()
    assert (document["state"], document["error"]["code"]) == ("refused", "roster_header_not_found")


def test_the_nightly_job_forgets_the_files(clerk: Client, community: Community) -> None:
    run = applied(clerk, community)
    RosterRun.objects.update(created_at=timezone.now() - timedelta(days=31))
    tasks.forget_roster_files(timestamp=0)
    assert clerk.get(f"/api/rosters/{run}/faults/").status_code == 409


# Doubtful addresses


def test_doubtful_addresses_are_listed_with_reasons_and_candidates(
    clerk: Client, community: Community, yard: list[Building]
) -> None:
    applied(clerk, community)
    [waiting] = clerk.get(
        "/api/roster-addresses/", {"run__community": community.pk, "state": "waiting"}
    ).json()["results"]
    assert (waiting["text"], waiting["rows"]) == ("家属院2栋1单元502", 1)
    assert waiting["reasons"][0]["code"] == "name_unknown"
    likeliest = waiting["candidates"][0]
    assert (likeliest["dwelling"], likeliest["title"]) == (
        home(yard[1], "1", "502").pk, "环岛路1576号船厂大院2栋1单元502室",
    )  # fmt: skip


def test_a_decision_teaches_and_brings_the_rows_in(
    clerk: Client, community: Community, yard: list[Building], admin: User
) -> None:
    applied(clerk, community)
    address, there = RosterAddress.objects.get(), home(yard[1], "1", "502")
    offered = clerk.get(f"/api/roster-addresses/{address.pk}/lessons/", {"dwelling": there.pk}).json()
    assert [one["learn"] for one in offered] == ["compound", "building", "address"]
    body = {"dwelling": there.pk, "learn": "compound"}
    answer = clerk.post(f"/api/roster-addresses/{address.pk}/decide/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["state"], answer.json()["decided_by"]) == (
        200,
        "decided",
        str(admin),
    )
    assert lives("示三") == ["船厂大院2栋/1/502"]
    [alias] = clerk.get("/api/address-aliases/").json()["results"]
    assert (alias["text"], alias["compound"], alias["ended_at"]) == ("家属院", yard[1].compound_id, None)
    assert clerk.post(f"/api/roster-addresses/{address.pk}/leave_out/").status_code == 409


def test_an_address_that_is_none_is_left_out(clerk: Client, community: Community) -> None:
    run = applied(clerk, community)
    address = RosterAddress.objects.get()
    answer = clerk.post(f"/api/roster-addresses/{address.pk}/leave_out/")
    assert answer.json()["state"] == "left_out"
    assert clerk.get(f"/api/rosters/{run}/").json()["counts"]["refuse"] == 2


def test_a_lesson_that_was_a_mistake_ends(clerk: Client, community: Community, yard: list[Building]) -> None:
    applied(clerk, community)
    address = RosterAddress.objects.get()
    body = json.dumps({"dwelling": home(yard[1], "1", "502").pk, "learn": "compound"})
    clerk.post(f"/api/roster-addresses/{address.pk}/decide/", body, content_type="application/json")
    alias = AddressAlias.objects.get()
    assert clerk.post(f"/api/address-aliases/{alias.pk}/end/").json()["ended_at"]
    again = sent(clerk, community)
    assert clerk.get(f"/api/rosters/{again}/").json()["counts"]["wait"] == 1


def test_a_dwelling_of_another_community_is_not_there(
    clerk: Client, community: Community, yard: list[Building]
) -> None:
    applied(clerk, community)
    address = RosterAddress.objects.get()
    body = json.dumps({"dwelling": 2**40})
    answer = clerk.post(f"/api/roster-addresses/{address.pk}/decide/", body, content_type="application/json")
    assert answer.status_code == 404


# Who may


@pytest.mark.parametrize("kind", sorted(set(RoleKind) - {RoleKind.STAIRWELL_HEAD}))
def test_only_who_may_edit_all_people_of_the_community_imports_reads_and_decides(
    in_role: Callable[..., User], clerk: Client, community: Community, kind: str
) -> None:
    run = applied(clerk, community)
    address = RosterAddress.objects.get()
    other = signed_in(in_role(kind))
    may = kind in MAY_EDIT_PEOPLE
    assert send(other, community).status_code == (201 if may else 404)
    assert other.get(f"/api/rosters/{run}/").status_code == (200 if may else 404)
    assert other.post(f"/api/rosters/{run}/apply/").status_code == (200 if may else 404)
    assert other.get(f"/api/roster-addresses/{address.pk}/").status_code == (200 if may else 404)
    assert len(other.get("/api/rosters/").json()["results"]) == (2 if may else 0)
    assert other.post(f"/api/roster-addresses/{address.pk}/leave_out/").status_code == (200 if may else 404)


def test_an_admin_of_another_community_sees_nothing(clerk: Client) -> None:
    assert send(clerk, found_community(name="别处")).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client: Client, community: Community) -> None:
    assert send(client, community).status_code == 401
    for path in ("rosters", "roster-addresses", "address-aliases"):
        assert client.get(f"/api/{path}/").status_code == 401
