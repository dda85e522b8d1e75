"""What a clerk meets who brings places in through pages."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.admin.imports import file_runs, pages
from twin.admin.imports import shapes as map_shapes
from twin.places import tasks
from twin.places.actions import found_community
from twin.places.importing import remedies
from twin.places.importing.messages import MESSAGES
from twin.places.models import Building, Community, Grid, ImportRow, ImportRun

ADD = "admin:places_importrun_add"
PAGE = "admin:places_importrun_change"
SOURCES = Path(__file__).resolve().parents[2] / "twin" / "places" / "importing"


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def clerk(in_role: Callable[..., User]) -> Client:
    client = Client()
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    return client


def houses(
    count: int = 3, *, bad: bool = False, swapped: bool = False, **properties: Any
) -> SimpleUploadedFile:
    features = [
        {"type": "Feature", "properties": {"id": f"h{n}", "height": 18, **properties},
         "geometry": shapely.box(122.6001 + n / 2000, 31.0502, 122.6004 + n / 2000, 31.0505).__geo_interface__}
        for n in range(count)
    ]  # fmt: skip
    if bad:
        point = {"type": "Point", "coordinates": [122.6002, 31.0507]}
        features.append({"type": "Feature", "properties": {"id": "=bad()"}, "geometry": point})
    if swapped:
        for feature in features:
            shape: Any = feature["geometry"]
            shape["coordinates"] = [[(y, x) for x, y in ring] for ring in shape["coordinates"]]
    body = json.dumps({"type": "FeatureCollection", "features": features})
    return SimpleUploadedFile("houses.geojson", body.encode(), content_type="application/geo+json")


def send(client: Client, community: Community, file: Any = None, **asked: Any) -> Any:
    data = {"community": community.pk, "kind": "buildings", "file": file or houses(), **asked}
    return client.post(reverse(ADD), data, follow=True)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_file_becomes_a_report_and_nothing_is_changed(clerk: Client, community: Community) -> None:
    page = send(clerk, community, houses(bad=True))
    run = ImportRun.objects.get()
    assert page.redirect_chain == [(reverse(PAGE, args=[run.pk]), 302)]
    assert "目前尚未作任何更改" in text(page)
    counts = {one["verdict"]: one["count"] for one in page.context["counts"]}
    assert (counts["create"], counts["refuse"]) == (3, 1)
    assert not Building.objects.exists()


def test_a_refused_row_says_why_and_what_helps(clerk: Client, community: Community) -> None:
    send(clerk, community, houses(bad=True))
    page = clerk.get(reverse(PAGE, args=[ImportRun.objects.get().pk]), {"verdict": "refuse"})
    [told] = page.context["rows"]
    assert told["row"].source_id == "=bad()"
    assert "该行是点" in told["notes"][0]["message"]
    assert "楼栋要用轮廓" in told["notes"][0]["remedy"]
    english = clerk.get(reverse(PAGE, args=[ImportRun.objects.get().pk]), headers={"accept-language": "en"})
    assert "of a building its outline, not its middle" in text(english)


def test_what_was_looked_at_is_applied_and_in_the_audit(
    clerk: Client, community: Community, west: Grid
) -> None:
    send(clerk, community, houses(bad=True))
    run = ImportRun.objects.get()
    page = clerk.post(reverse("admin:places_importrun_apply", args=[run.pk]), follow=True)
    assert "导入已完成" in text(page)
    assert set(Building.objects.values_list("source_id", flat=True)) == {"h0", "h1", "h2"}
    assert reverse("admin:places_building_change", args=[Building.objects.get(source_id="h0").pk]) in text(
        page
    )
    assert AuditEntry.objects.filter(action="import.apply").count() == 1


def test_a_file_that_is_wrong_as_a_whole_is_refused_by_name_with_its_remedy(
    clerk: Client, community: Community
) -> None:
    page = send(clerk, community, houses(swapped=True))
    assert page.context["error"]["code"] == "swapped_axes"
    assert "经度和纬度" in page.context["error"]["remedy"]
    assert "未作任何更改" in text(page)


def test_a_refused_file_is_read_in_another_way_without_being_sent_again(
    clerk: Client, community: Community
) -> None:
    page = send(clerk, community, crs="EPSG:3857")
    run = ImportRun.objects.get()
    assert (run.state, page.context["error"]["code"]) == ("refused", "degrees_as_metres")
    page = clerk.post(
        reverse("admin:places_importrun_again", args=[run.pk]), {"crs": "EPSG:4490"}, follow=True
    )
    run.refresh_from_db()
    assert (run.state, run.options["crs"], run.report["counts"]["create"]) == ("checked", "EPSG:4490", 3)
    assert page.context["form"].initial["crs"] == "EPSG:4490"


def test_what_is_applied_is_not_read_anew(clerk: Client, community: Community, west: Grid) -> None:
    send(clerk, community)
    run = ImportRun.objects.get()
    clerk.post(reverse("admin:places_importrun_apply", args=[run.pk]))
    page = clerk.post(reverse("admin:places_importrun_again", args=[run.pk]), {"source": "x"}, follow=True)
    assert "请重新上传文件" in text(page)
    run.refresh_from_db()
    assert run.state == "applied"


def test_a_community_that_moved_on_asks_to_look_again(
    clerk: Client, community: Community, west: Grid
) -> None:
    send(clerk, community)
    first = ImportRun.objects.get()
    send(clerk, community, source="houses")
    clerk.post(reverse("admin:places_importrun_apply", args=[first.pk]))
    second = ImportRun.objects.latest("pk")
    page = clerk.post(reverse("admin:places_importrun_apply", args=[second.pk]), follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "试运行之后社区数据有变化；请先看新的报告，再执行导入。"
    ]
    assert page.context["work"] == {"does": 0, "refused": 0}


def test_columns_are_stated_line_by_line(clerk: Client, community: Community) -> None:
    send(clerk, community, houses(hoehe=30), columns="height = hoehe\n", constants="use ＝ 商业")
    run = ImportRun.objects.get()
    assert (run.options["fields"], run.options["constants"]) == ({"height": "hoehe"}, {"use": "商业"})
    assert run.report["read_as"]["columns"]["height"] == ["hoehe"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "castles"}, "kind"), ({"file": ""}, "file"), ({"crs": "other"}, "crs_text"),
        ({"columns": "height"}, "columns"), ({"default_floors": "0"}, "default_floors"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_form_is_said_beside_it(
    clerk: Client, community: Community, asked: dict[str, Any], field: str
) -> None:
    data = {"community": community.pk, "kind": "buildings", "file": houses(), **asked}
    page = clerk.post(reverse(ADD), data)
    assert field in page.context["form"].errors
    assert not ImportRun.objects.exists()


def test_rows_are_paged_and_chosen(clerk: Client, community: Community) -> None:
    send(clerk, community, houses(file_runs.PAGE + 5, bad=True))
    path = reverse(PAGE, args=[ImportRun.objects.get().pk])
    assert len(clerk.get(path).context["rows"]) == file_runs.PAGE
    assert [one["row"].number for one in clerk.get(path, {"page": 2, "verdict": "create"}).context["rows"]] == [
        51, 52, 53, 54, 55,
    ]  # fmt: skip
    assert len(clerk.get(path, {"code": "point_where_area_is_needed"}).context["rows"]) == 1
    assert clerk.get(path, {"verdict": "nonsense", "code": "'\"<", "page": "x"}).status_code == 200


def test_the_report_goes_into_a_spreadsheet_and_holds_no_formula(clerk: Client, community: Community) -> None:
    send(clerk, community, houses(bad=True))
    answer = clerk.get(reverse("admin:places_importrun_rows", args=[ImportRun.objects.get().pk]))
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(body.splitlines()))
    assert rows[0][:3] == ["行号", "来源编号", "处理"]
    assert rows[4][:3] == ["4", "'=bad()", "拒绝"]
    assert "轮廓" in rows[4][-1]


SHAPES = "admin:places_importrun_shapes"


def shapes(client: Client, run: ImportRun, **asked: Any) -> Any:
    return client.get(reverse(SHAPES, args=[run.pk]), asked).json()


def test_the_map_has_the_shape_of_every_row_and_what_becomes_of_it(
    clerk: Client, community: Community, west: Grid
) -> None:
    send(clerk, community, houses(bad=True))
    run = ImportRun.objects.get()
    drawn = shapes(clerk, run)
    assert {f["properties"]["source_id"]: f["properties"]["verdict"] for f in drawn["features"]} == {
        "h0": "create", "h1": "create", "h2": "create", "=bad()": "refuse",
    }  # fmt: skip
    first = next(f for f in drawn["features"] if f["properties"]["source_id"] == "h0")
    assert shapely.from_geojson(json.dumps(first["geometry"])).bounds == pytest.approx(
        (122.6001, 31.0502, 122.6004, 31.0505)
    )
    assert [f["properties"]["verdict"] for f in shapes(clerk, run, verdict="refuse")["features"]] == [
        "refuse"
    ]


def test_what_was_applied_is_drawn_where_it_stands_now(
    clerk: Client, community: Community, west: Grid
) -> None:
    send(clerk, community)
    run = ImportRun.objects.get()
    clerk.post(reverse("admin:places_importrun_apply", args=[run.pk]))
    drawn = shapes(clerk, run)
    assert {f["properties"]["source_id"] for f in drawn["features"]} == {"h0", "h1", "h2"}
    assert {f["id"] for f in drawn["features"]} == set(ImportRow.objects.values_list("pk", flat=True))


def test_a_map_of_very_many_rows_has_its_page_the_rare_outcomes_and_a_share_of_the_others(
    clerk: Client, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_shapes, "MOST", 10)
    send(clerk, community, houses(file_runs.PAGE + 40, bad=True))
    drawn = shapes(clerk, ImportRun.objects.get(), page=1)
    numbers = {f["properties"]["number"] for f in drawn["features"]}
    assert set(range(1, file_runs.PAGE + 1)) <= numbers
    assert [f["properties"]["verdict"] for f in drawn["features"]].count("refuse") == 1
    assert file_runs.PAGE < drawn["shown"] <= file_runs.PAGE + 10
    assert drawn["total"] == file_runs.PAGE + 41
    assert max(numbers) > file_runs.PAGE + 30, "an even share, not the first ones"


def test_a_row_is_found_on_its_page(clerk: Client, community: Community) -> None:
    send(clerk, community, houses(file_runs.PAGE + 5))
    row = ImportRow.objects.get(number=file_runs.PAGE + 3)
    page = clerk.get(reverse(PAGE, args=[row.run_id]), {"row": row.pk})
    assert page.context["page"].number == 2
    assert f'id="row-{row.pk}"' in text(page)
    assert clerk.get(reverse(PAGE, args=[row.run_id]), {"row": "9" * 30}).context["page"].number == 1


def test_a_large_file_is_checked_and_applied_in_the_background(
    clerk: Client, community: Community, west: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "AT_ONCE_BYTES", 100)
    page = send(clerk, community)
    run = ImportRun.objects.get()
    progress = reverse("admin:places_importrun_progress", args=[run.pk])
    assert "正在检查文件" in text(page)
    assert clerk.get(progress).json()["on_its_way"] is True
    [job] = ProcrastinateJob.objects.filter(task_name=tasks.check_import.name)
    tasks.check_import.func(**job.args)
    assert clerk.get(progress).json()["on_its_way"] is False
    page = clerk.post(reverse("admin:places_importrun_apply", args=[run.pk]), follow=True)
    assert "正在执行导入" in text(page)
    [job] = ProcrastinateJob.objects.filter(task_name=tasks.apply_import.name)
    tasks.apply_import.func(**job.args)
    assert Building.objects.count() == 3


def test_a_failed_import_says_that_nothing_was_changed(clerk: Client, community: Community) -> None:
    send(clerk, community)
    ImportRun.objects.update(state="failed", error={"code": "import_failed"})
    page = clerk.get(reverse(PAGE, args=[ImportRun.objects.get().pk]))
    assert "请再次执行导入" in text(page)
    clerk.post(reverse("admin:places_importrun_apply", args=[ImportRun.objects.get().pk]))
    assert ImportRun.objects.get().state == "applied"


def test_the_clerk_of_another_community_gets_nothing(
    clerk: Client, community: Community, someone: Any
) -> None:
    other = found_community(name="别处")
    run = ImportRun.objects.create(community=other, kind="buildings", file_name="楼.geojson", source="测绘")
    assert "community" in send(clerk, other).context["form"].errors
    for name in ("progress", "apply", "again", "rows", "shapes"):
        assert clerk.post(reverse(f"admin:places_importrun_{name}", args=[run.pk])).status_code == 404
    assert clerk.get(reverse(PAGE, args=[run.pk])).status_code == 302
    assert "楼.geojson" not in text(clerk.get(reverse("admin:places_importrun_changelist")))


@pytest.mark.parametrize("kind", [RoleKind.DUTY_OFFICER, RoleKind.PLANNER, RoleKind.AUDITOR])
def test_who_does_not_edit_places_imports_none(
    in_role: Callable[..., User], community: Community, kind: str
) -> None:
    client = Client()
    client.force_login(in_role(kind))
    run = ImportRun.objects.create(
        community=community, kind="buildings", file_name="楼.geojson", source="测绘"
    )
    for path in (
        reverse(ADD),
        reverse(PAGE, args=[run.pk]),
        reverse("admin:places_importrun_rows", args=[run.pk]),
    ):
        assert client.get(path).status_code in {302, 404}
    assert client.post(reverse("admin:places_importrun_apply", args=[run.pk])).status_code in {302, 404}


# Every refusal has a remedy


def refusing_codes() -> set[str]:
    code = re.compile(r'(?:\.refuse\(|RowRefused\(|FileRefused\(|_refuse\()\s*"([a-z0-9_]+)"')
    return {found for path in SOURCES.rglob("*.py") for found in code.findall(path.read_text("utf-8"))}


NAMED_ELSEWHERE = (
    "swapped_axes", "web_mercator_numbers", "metres_as_degrees", "degrees_as_metres", "wrong_zone", "other_projection",
    "outside_area", "not_numbers", "shift_is_gcj02", "shift_is_bd09", "shift_is_not_there", "import_failed",
    "geometry_cannot_be_read", "line_where_area_is_needed", "area_where_line_is_needed", "point_where_line_is_needed",
)  # fmt: skip
"""Their codes are computed where they are raised."""


@pytest.mark.parametrize("code", sorted(refusing_codes() | set(NAMED_ELSEWHERE)))
def test_every_refusal_says_what_helps(code: str) -> None:
    assert remedies.remedy_of(code)


def test_remedies_are_for_codes_that_exist() -> None:
    assert set(remedies.REMEDIES) <= set(MESSAGES)
