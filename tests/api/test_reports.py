"""Reports over HTTP: fields, pages, files, charts, saved forms."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests.api.reporting import JSON, as_user, asked, post, question, refused, run
from tests.conftest import box
from tests.people.conftest import AddPerson, Settle
from tests.reports.conftest import families, grandmother, grandson, tenant
from twin.access.models import AuditEntry
from twin.access.roles import MAY_MAKE_REPORTS, RoleKind
from twin.accounts.models import User
from twin.people.actions import (
    NewContact,
    add_emergency_contacts,
    add_starter_tags,
    give_tag,
    set_privacy_rule,
)
from twin.people.actions.looking import NOTICE
from twin.people.models import Person, Tag
from twin.places.actions import found_community
from twin.places.models import Community, Dwelling, Grid

__all__ = ["families", "grandmother", "grandson", "tenant"]

InRole = Callable[..., User]


@pytest.fixture
def signed_in(officer: User, client: Client) -> Client:
    client.force_login(officer)
    return client


def test_a_report_of_people_is_masked_and_says_where_to_fly(
    signed_in: Client, community: Community, families: list[Person], flat: Dwelling
) -> None:
    told = run(signed_in, asked(community, ["name", "phone", "identity", "age_band", "room"]))
    assert [column["id"] for column in told["columns"]] == ["name", "phone", "identity", "age_band", "room"]
    assert (told["total"], told["people"], told["households"], told["next"]) == (3, 3, 2, None)
    first = told["rows"][0]
    name, phone, identity, band, room = first["cells"]
    assert (name, phone, band, room) == ("欧阳**", "138****1234", "80–89", "501")
    assert identity.startswith("9****")
    assert (first["dwelling_id"], first["person_id"]) == (flat.pk, families[0].pk)


def test_fields_are_offered_by_right_in_both_languages(
    signed_in: Client, community: Community, in_role: InRole, flat: Dwelling
) -> None:
    told = signed_in.get(f"/api/report-fields/?community={community.pk}").json()
    [phone] = [row for row in told if row["id"] == "phone"]
    assert phone == {
        "id": "phone", "of": "person", "group": "person", "name": {"zh": "电话", "en": "Phone"}, "kind": "text",
        "masked": True, "sortable": False,
    }  # fmt: skip
    head = as_user(in_role(RoleKind.STAIRWELL_HEAD, unit=flat.unit))
    fewer = head.get(f"/api/report-fields/?community={community.pk}").json()
    assert {row["id"] for row in told} - {row["id"] for row in fewer} == {"identity", "identity_kind"}


def test_pages_follow_one_another_and_the_count_is_exact(
    signed_in: Client, community: Community, families: list[Person]
) -> None:
    pages = [run(signed_in, asked(community, ["name"], page=n, page_size=2)) for n in (1, 2, 3)]
    assert [[row["cells"][0] for row in page["rows"]] for page in pages] == [["欧阳**", "李**"], ["王**"], []]
    assert [(page["total"], page["next"]) for page in pages] == [(3, 2), (3, None), (3, None)]


@pytest.mark.parametrize("of", ["person", "household"])
def test_a_page_takes_as_many_queries_for_many_rows_as_for_one(
    signed_in: Client,
    community: Community,
    families: list[Person],
    of: str,
    person: AddPerson,
    settle: Settle,
    tags: Any,
) -> None:
    for n, someone in enumerate(families):
        give_tag(tag=tags["veteran"], subject=someone)
        contact = NewContact(someone.pk, "李小兰", f"1390000567{n}", "女儿")
        add_emergency_contacts(community=community, contacts=[contact])
    fields = [row["id"] for row in offered(signed_in, community) if row["of"] == of]
    body = asked(community, fields, of, tags={"none": [tags["elder_alone"].pk]}, filters={"age_from": 0})
    counts = []
    for size in (1, 1, 50):  # the first asks what every first request asks
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run(signed_in, {**body, "page_size": size})
        counts.append(len(queries))
    assert counts[1] == counts[2] <= 40


def offered(client: Client, community: Community) -> Any:
    return client.get(f"/api/report-fields/?community={community.pk}").json()


@pytest.mark.parametrize("kind", sorted(set(RoleKind.values) - MAY_MAKE_REPORTS - {"resident"}))
def test_staff_who_do_not_work_with_people_are_told_so(
    community: Community, in_role: InRole, kind: str, families: list[Person]
) -> None:
    client = as_user(in_role(kind))
    body = asked(community, ["room"])
    for path, sent in (
        ("reports/run/", body),
        ("reports/export/?format=csv", body),
        ("reports/export/?format=xlsx", body),
        ("reports/charts/", {"community": community.pk, "area": {"kind": "community"}}),
        ("report-forms/", {"community": community.pk, "name": "甲", "question": question(["room"])}),
    ):
        error = post(client, path, sent, 403).json()["error"]
        assert error == {"code": "forbidden", "message": "报表涉及居民信息，您的角色不能制作报表。"}
    assert client.get(f"/api/report-fields/?community={community.pk}").status_code == 403
    assert client.get("/api/report-forms/").json() == []


def test_a_stranger_finds_nothing(community: Community, stranger: User, client: Client) -> None:
    assert client.post("/api/reports/run/", asked(community, ["room"]), content_type=JSON).status_code in {
        401,
        403,
    }
    client.force_login(stranger)
    post(client, "reports/run/", asked(community, ["room"]), 404)
    assert client.get(f"/api/report-fields/?community={community.pk}").status_code == 404


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"fields": ["name", "password"]}, "fields[1]"),
        ({"fields": ["name", "age", "name"]}, "fields[2]"),
        ({"fields": []}, "fields"),
        ({"fields": ["household"]}, "fields[0]"),
        ({"fields": "name"}, "fields"),
        ({"of": "dog"}, "of"),
        ({"of": "household", "fields": ["name"]}, "fields[0]"),
        ({"area": {}}, "area.kind"),
        ({"area": {"kind": "street", "id": 1}}, "area.kind"),
        ({"area": {"kind": "grid"}}, "area.id"),
        ({"area": {"kind": "grid", "id": 999999}}, "area.id"),
        ({"area": {"kind": "building", "id": "x"}}, "area.id"),
        ({"area": {"kind": "community", "id": 999999}}, "area.id"),
        ({"area": {"kind": "polygon"}}, "area.geometry"),
        ({"area": {"kind": "polygon", "geometry": "here"}}, "area.geometry"),
        (
            {
                "area": {
                    "kind": "polygon",
                    "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 999]]]},
                }
            },
            "area.geometry.coordinates[0][1]",
        ),
        ({"tags": {"any": [999999]}}, "tags.any[0]"),
        ({"tags": {"some": [1]}}, "tags.some"),
        ({"tags": {"all": ["x"]}}, "tags.all[0]"),
        ({"filters": {"age": 80}}, "filters.age"),
        ({"filters": {"age_from": -1}}, "filters.age_from"),
        ({"filters": {"age_from": 80, "age_to": 70}}, "filters.age_to"),
        ({"filters": {"sex": ["robot"]}}, "filters.sex[0]"),
        ({"order": "password"}, "order"),
        ({"order": "name"}, "order"),
        ({"order": "--age"}, "order"),
        ({"page": 0}, "page"),
        ({"page_size": 100000}, "page_size"),
        ({"sql": "1"}, "sql"),
        ({"community": "x"}, "community"),
    ],
)
def test_what_is_wrong_with_a_report_is_named(
    signed_in: Client, community: Community, said: dict[str, Any], where: str
) -> None:
    assert refused(signed_in, {**asked(community, ["name"]), **said}) == where


NONSENSE = {
    "nothing": "", "a list": "[]", "half": "{", "null": "null", "a text": '"x"', "infinite": '{"community": 1e999}',
    "deep": "[" * 20_000, "no number": '{"fields": NaN}',
}  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused(signed_in: Client, body: str) -> None:
    for path in ("reports/run/", "reports/export/?format=csv", "reports/charts/", "report-forms/"):
        answer = signed_in.post(f"/api/{path}", body, content_type=JSON)
        assert answer.status_code == 400, (path, body)
        assert answer.json()["error"]["message"]


def test_places_and_tags_of_another_community_are_not_there(signed_in: Client, community: Community) -> None:
    other = found_community(name="对岸社区", boundary=box(122.700, 31.050, 122.704, 31.052))
    theirs = add_starter_tags(community=other)["veteran"]
    body = asked(community, ["name"])
    assert refused(signed_in, {**body, "area": {"kind": "grid", "id": other.root.pk}}) == "area.id"
    assert refused(signed_in, {**body, "tags": {"none": [theirs.pk]}}) == "tags.none[0]"
    post(signed_in, "reports/run/", asked(other, ["name"]), 404)


def from_xlsx(answer: Any) -> list[list[Any]]:
    page = load_workbook(BytesIO(answer.content)).worksheets[0]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_a_spreadsheet_says_what_where_who_and_that_it_is_masked(
    signed_in: Client, community: Community, west: Grid, families: list[Person], officer: User
) -> None:
    body = asked(community, ["name", "age", "since"], area={"kind": "grid", "id": west.pk}, title="花名册")
    answer = post(signed_in, "reports/export/?format=xlsx", body)
    name = quote(f"花名册 {community.today()}.xlsx")
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    rows = from_xlsx(answer)
    assert [row[0] for row in rows[:2]] == ["花名册", "海棠湾社区 · 第1网格 · 共 2 行"]
    assert rows[2][0].startswith(f"制表人：{officer.name}")
    assert "脱敏" in rows[3][0]
    assert rows[5] == ["姓名", "年龄", "起始日期"]
    assert [row[0] for row in rows[6:]] == ["欧阳**", "李**"]


def test_csv_has_header_and_rows_and_opens_as_utf_8(
    signed_in: Client, community: Community, families: list[Person]
) -> None:
    answer = post(
        signed_in, "reports/export/?format=csv", asked(community, ["name", "actual"], page=1, page_size=1)
    )
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [["姓名", "实有人数"], ["欧阳**", "2"], ["李**", "2"], ["王**", "1"]]


def test_a_name_that_is_a_formula_leaves_as_text(
    signed_in: Client, community: Community, person: AddPerson, settle: Settle, flat: Dwelling
) -> None:
    settle(person("=1+1"), flat)
    body = asked(community, ["name"])
    rows = list(
        csv.reader(StringIO(post(signed_in, "reports/export/?format=csv", body).content.decode("utf-8-sig")))
    )
    assert rows[1] == ["'=**"]
    book = load_workbook(BytesIO(post(signed_in, "reports/export/?format=xlsx", body).content))
    cell = book.worksheets[0].cell(7, 1)
    assert (cell.value, cell.data_type) == ("=**", "s")


def test_a_file_is_refused_that_would_be_too_long(
    signed_in: Client, community: Community, families: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.api.reports.MOST_EXPORTED", 2)
    error = post(signed_in, "reports/export/?format=csv", asked(community, ["name"]), 413).json()["error"]
    assert (error["code"], error["where"]) == ("too_large", "area")
    assert "3" in error["message"]
    monkeypatch.undo()
    monkeypatch.setattr("twin.api.reports.MOST_CELLS", 5)
    error = post(signed_in, "reports/export/?format=csv", asked(community, ["name", "age"]), 413).json()[
        "error"
    ]
    assert (error["code"], error["where"]) == ("too_large", "fields")
    post(signed_in, "reports/export/?format=csv", asked(community, ["name"]))
    AuditEntry.objects.get(action="report.export")


def test_a_format_that_there_is_not_is_named(signed_in: Client, community: Community) -> None:
    for wanted in ("", "?format=pdf", "?format=json"):
        assert refused(signed_in, asked(community, ["name"]), f"reports/export/{wanted}") == "format"


def test_every_page_and_every_file_is_in_the_audit(
    signed_in: Client, community: Community, families: list[Person], officer: User
) -> None:
    body = asked(community, ["name"], filters={"age_to": 60}, page_size=1)
    run(signed_in, body)
    post(signed_in, "reports/export/?format=csv", body)
    page, file = AuditEntry.objects.filter(action__startswith="report.").order_by("pk")
    assert (page.action, page.by, page.community) == ("report.run", officer, community)
    assert page.detail == {
        "of": "person", "area": {"kind": "community", "id": community.pk}, "fields": ["name"], "tags": {},
        "filters": {"age_to": 60}, "rows": 2, "households": 2, "people": 2, "shown": 1, "page": 1,
    }  # fmt: skip
    assert (file.action, file.detail["shown"], file.detail["format"]) == ("report.export", 2, "csv")


def test_who_was_on_a_list_can_be_asked_by_each_of_them(
    signed_in: Client, community: Community, families: list[Person], officer: User, in_role: InRole
) -> None:
    [first] = run(signed_in, asked(community, ["name"], page_size=1))["rows"]
    post(signed_in, "reports/export/?format=xlsx", asked(community, ["name"]))
    others = [person.pk for person in families if person.pk != first["person_id"]]
    auditor = as_user(in_role(RoleKind.AUDITOR))

    def looks(subject: str) -> list[str]:
        return [look["action"] for look in auditor.get(f"/api/looks/?subject={subject}").json()["results"]]

    assert looks(f"people.Person:{first['person_id']}") == ["report.export", "report.run"]
    assert looks(f"people.Household:{first['household_id']}") == ["report.export", "report.run"]
    assert [looks(f"people.Person:{person}") for person in others] == [["report.export"]] * len(others)
    assert looks("people.Person:999999") == []
    assert looks("people.Person:x") == []


def test_lists_count_towards_the_notice_of_many_views(
    signed_in: Client, community: Community, families: list[Person], officer: User, in_role: InRole
) -> None:
    set_privacy_rule(community=community, views_before_notice=5)
    run(signed_in, asked(community, ["name"]))
    assert not AuditEntry.objects.filter(action=NOTICE).exists()
    post(signed_in, "reports/export/?format=csv", asked(community, ["name"]))
    assert AuditEntry.objects.get(action=NOTICE).detail == {"views": 6}
    looks = as_user(in_role(RoleKind.AUDITOR)).get("/api/looks/?action=report.export").json()["results"]
    assert [(look["by_name"], look["shown"]) for look in looks] == [(officer.name, 3)]


def test_a_report_speaks_the_readers_language(
    signed_in: Client, community: Community, families: list[Person]
) -> None:
    body = asked(community, ["role", "state"])
    told = signed_in.post(
        "/api/reports/run/", body, content_type=JSON, headers={"accept-language": "en"}
    ).json()
    assert told["rows"][0]["cells"] == ["head of household", "lives and is registered here"]


def charts(client: Client, community: Community, **area: Any) -> Any:
    return post(
        client, "reports/charts/", {"community": community.pk, "area": area or {"kind": "community"}}
    ).json()


def test_charts_count_ages_tags_and_residence_kinds(
    signed_in: Client,
    community: Community,
    west: Grid,
    east: Grid,
    families: list[Person],
    tags: dict[str, Tag],
) -> None:
    give_tag(tag=tags["veteran"], subject=families[0])
    told = charts(signed_in, community)
    steps = {(step["from"], step["to"]): step for step in told["pyramid"]}
    assert sum(step["male"] + step["female"] + step["unknown"] for step in steps.values()) == 3
    assert [step["female"] for (begin, _), step in steps.items() if begin == 85] == [1]
    assert (100, None) in steps
    assert [(tag["tag_id"], tag["name"]["zh"], tag["count"]) for tag in told["tags"]] == [
        (tags["veteran"].pk, tags["veteran"].name, 1)
    ]
    kinds = {
        row["grid"]: {kind: n for kind, n in row["counts"].items() if n} for row in told["kinds_per_grid"]
    }
    assert kinds == {west.pk: {"own": 2}, east.pk: {"rent": 1}}


def test_charts_of_a_grid_and_of_a_worker_count_only_what_is_there(
    community: Community,
    west: Grid,
    east: Grid,
    families: list[Person],
    in_role: InRole,
    tags: dict[str, Tag],
) -> None:
    give_tag(tag=tags["veteran"], subject=families[2])
    worker = as_user(in_role(RoleKind.GRID_WORKER, grid=west))
    for area in ({}, {"kind": "grid", "id": east.pk}):
        told = charts(worker, community, **area)
        assert told["tags"] == []
        assert [row["grid"] for row in told["kinds_per_grid"]] == ([] if area else [west.pk])
        people = sum(step["male"] + step["female"] + step["unknown"] for step in told["pyramid"])
        assert people == (0 if area else 2)
