"""Imports over HTTP: who may, the report, applying, large files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from twin.access.models import AuditEntry
from twin.access.roles import MAY_EDIT_PLACES, RoleKind
from twin.accounts.models import User
from twin.api import imports
from twin.places import tasks
from twin.places.actions import change_building, found_community
from twin.places.importing import opening
from twin.places.models import Building, Community, Grid, ImportRow, ImportRun
from twin.places.querysets import EDITORS


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def clerk(in_role: Callable[..., User]) -> Client:
    return signed_in(in_role(RoleKind.COMMUNITY_ADMIN))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def houses(count: int = 3, **properties: Any) -> SimpleUploadedFile:
    features = [
        {"type": "Feature", "properties": {"id": f"h{n}", "height": 18, **properties},
         "geometry": shapely.box(122.6001 + n / 2000, 31.0502, 122.6004 + n / 2000, 31.0505).__geo_interface__}
        for n in range(count)
    ]  # fmt: skip
    body = json.dumps({"type": "FeatureCollection", "features": features})
    return SimpleUploadedFile("houses.geojson", body.encode(), content_type="application/geo+json")


def send(client: Client, community: Community, file: Any = None, **asked: Any) -> Any:
    data = {"community": community.pk, "kind": "buildings", "file": file or houses(), **asked}
    return client.post("/api/imports/", data)


def test_a_file_comes_back_as_a_report_and_changes_nothing(clerk: Client, community: Community) -> None:
    answer = send(clerk, community)
    assert answer.status_code == 201
    document = answer.json()
    assert (document["state"], document["source"]) == ("checked", "houses")
    assert (document["counts"]["create"], document["counts"]["refuse"]) == (3, 0)
    assert document["read_as"]["columns"]["height"] == ["height"]
    assert document["rows"]["count"] == 3
    assert document["rows"]["results"][0]["notes"][0]["code"] == "floors_from_height"
    assert not Building.objects.exists()


def test_what_was_reported_is_applied_once(
    clerk: Client, community: Community, west: Grid, own_media: Path
) -> None:
    run = send(clerk, community).json()["id"]
    first = clerk.post(f"/api/imports/{run}/apply/")
    again = clerk.post(f"/api/imports/{run}/apply/")
    assert (first.status_code, first.json()["state"]) == (200, "applied")
    assert (again.status_code, again.json()["applied_at"]) == (200, first.json()["applied_at"])
    assert set(Building.objects.values_list("source_id", "grid__name")) == {
        (f"h{n}", west.name) for n in range(3)
    }
    assert first.json()["rows"]["results"][0]["place_id"] == Building.objects.get(source_id="h0").pk
    assert AuditEntry.objects.filter(action="import.apply").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_file_is_not_kept_once_it_is_in(clerk: Client, community: Community, own_media: Path) -> None:
    run = send(clerk, community).json()["id"]
    assert [p for p in own_media.rglob("*") if p.is_file()]
    clerk.post(f"/api/imports/{run}/apply/")
    assert not [p for p in own_media.rglob("*") if p.is_file()]


def test_a_file_that_is_gone_is_asked_for_again(clerk: Client, community: Community, own_media: Path) -> None:
    run = send(clerk, community).json()["id"]
    rmtree(own_media)
    answer = clerk.post(f"/api/imports/{run}/apply/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "file_is_gone")
    assert not Building.objects.exists()


def test_rows_are_paged_and_chosen(clerk: Client, community: Community) -> None:
    run = send(clerk, community, houses(25)).json()["id"]
    page = clerk.get(f"/api/imports/{run}/", {"page": 2, "page_size": 10}).json()["rows"]
    assert (page["count"], page["pages"], [row["number"] for row in page["results"]]) == (
        25,
        3,
        list(range(11, 21)),
    )
    assert clerk.get(f"/api/imports/{run}/", {"verdict": "refuse"}).json()["rows"]["count"] == 0
    assert clerk.get(f"/api/imports/{run}/", {"code": "floors_from_height"}).json()["rows"]["count"] == 25
    assert clerk.get(f"/api/imports/{run}/", {"verdict": "nonsense"}).status_code == 400


def test_a_world_that_moved_on_asks_to_look_again(clerk: Client, community: Community) -> None:
    clerk.post(f"/api/imports/{send(clerk, community).json()['id']}/apply/")
    run = send(clerk, community, houses(3, name="新名")).json()["id"]
    change_building(building=Building.objects.get(source_id="h1"), name="新名")
    answer = clerk.post(f"/api/imports/{run}/apply/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "plan_changed")
    document = clerk.get(f"/api/imports/{run}/").json()
    assert (document["state"], document["counts"]["change"], document["counts"]["unchanged"]) == (
        "checked",
        2,
        1,
    )
    assert clerk.post(f"/api/imports/{run}/apply/").json()["state"] == "applied"


@pytest.mark.parametrize(
    ("asked", "code", "where"),
    [
        ({"crs": "EPSG:3857"}, "degrees_as_metres", "crs"),
        ({"crs": "mars"}, "unknown_system", "crs"),
        ({"kind": "castles"}, "invalid", "kind"),
        ({"fields": "{"}, "invalid", "fields"),
        ({"fields": '{"height": "nothing"}'}, "no_such_column", "fields"),
        ({"fields": '{"height": [1]}'}, "invalid", None),
        ({"default_floors": "0"}, "invalid", "default_floors"),
        ({"file": ""}, "invalid", "file"),
    ],
)
def test_what_is_wrong_is_said_by_name(
    clerk: Client, community: Community, asked: dict[str, Any], code: str, where: str | None
) -> None:
    answer = clerk.post(
        "/api/imports/", {"community": community.pk, "kind": "buildings", "file": houses(), **asked}
    )
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert where is None or error["where"] == where


def test_a_refused_file_is_remembered_with_its_reason(clerk: Client, community: Community) -> None:
    send(clerk, community, SimpleUploadedFile("x.geojson", b"%PDF-1.7"))
    run = clerk.get("/api/imports/", {"community": community.pk}).json()["results"][0]
    document = clerk.get(f"/api/imports/{run['id']}/").json()
    assert (document["state"], document["error"]["code"]) == ("refused", "other_format")
    answer = clerk.post(f"/api/imports/{run['id']}/apply/")
    assert answer.status_code == 409


def test_an_empty_body_and_a_json_body_are_not_uploads(clerk: Client) -> None:
    assert clerk.post("/api/imports/").status_code in {400, 415}
    assert clerk.post("/api/imports/", "{}", content_type="application/json").status_code == 415


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(
    clerk: Client, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_BYTES", 100)
    answer = send(clerk, community)
    assert (answer.status_code, answer.json()["error"]["where"]) == (413, "file")
    assert not ImportRun.objects.exists()
    assert opening.MOST_BYTES > 100


def test_a_reference_is_sent_along(clerk: Client, community: Community) -> None:
    line = {"type": "LineString", "coordinates": [[122.6, 31.05], [122.61, 31.05]]}
    body = json.dumps(
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": line}]}
    )
    document = send(clerk, community, reference=SimpleUploadedFile("streets.geojson", body.encode())).json()
    assert "shift_cannot_be_judged" in [note["code"] for note in document["notes"]]


def test_what_is_no_longer_in_the_file_ends_when_it_is_asked_for(
    clerk: Client, community: Community, west: Grid
) -> None:
    clerk.post(f"/api/imports/{send(clerk, community).json()['id']}/apply/")
    document = send(clerk, community, houses(2), end_missing="true").json()
    assert document["counts"]["end"] == 1
    listed = clerk.get(f"/api/imports/{document['id']}/", {"verdict": "end"}).json()["rows"]["results"]
    assert [(row["number"], row["source_id"], row["verdict"]) for row in listed] == [(None, "h2", "end")]
    assert clerk.post(f"/api/imports/{document['id']}/apply/").json()["state"] == "applied"
    assert Building.objects.standing().count() == 2


# Who may


@pytest.mark.parametrize("kind", sorted(set(RoleKind) - {RoleKind.STAIRWELL_HEAD}))
def test_only_who_may_edit_the_whole_community_imports_and_reads(
    in_role: Callable[..., User], clerk: Client, community: Community, kind: str
) -> None:
    run = send(clerk, community).json()["id"]
    other = signed_in(in_role(kind))
    may = kind in MAY_EDIT_PLACES
    assert send(other, community).status_code == (201 if may else 404)
    assert other.get(f"/api/imports/{run}/").status_code == (200 if may else 404)
    assert other.post(f"/api/imports/{run}/apply/").status_code == (200 if may else 404)
    assert len(other.get("/api/imports/").json()["results"]) == (2 if may else 0)


def test_an_admin_of_one_grid_is_not_enough(
    in_role: Callable[..., User], community: Community, west: Grid
) -> None:
    assert send(signed_in(in_role(RoleKind.COMMUNITY_ADMIN, grid=west)), community).status_code == 404


def test_an_admin_of_another_community_sees_nothing(clerk: Client, community: Community) -> None:
    assert send(clerk, found_community(name="别处")).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client: Client, community: Community) -> None:
    assert send(client, community).status_code == 401
    assert client.get("/api/imports/").status_code == 401


def test_the_room_below_names_the_same_roles_as_the_table_of_roles() -> None:
    assert EDITORS == MAY_EDIT_PLACES


# Large files


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 0)


def jobs() -> Iterator[tuple[str, int]]:
    for job in ProcrastinateJob.objects.order_by("id"):
        yield job.task_name, job.args["run_id"]


def test_a_large_file_is_worked_on_in_the_background(
    clerk: Client, community: Community, everything_is_large: None
) -> None:
    answer = send(clerk, community)
    run = answer.json()["id"]
    assert (answer.status_code, answer.json()["state"], answer.json()["rows"]["count"]) == (
        202,
        "received",
        0,
    )
    assert list(jobs()) == [("twin.places.tasks.check_import", run)]
    tasks.check_import(run)
    assert clerk.get(f"/api/imports/{run}/").json()["counts"]["create"] == 3
    answer = clerk.post(f"/api/imports/{run}/apply/")
    assert (answer.status_code, answer.json()["state"]) == (202, "applying")
    assert list(jobs())[1] == ("twin.places.tasks.apply_import", run)
    tasks.apply_import(run)
    assert clerk.get(f"/api/imports/{run}/").json()["state"] == "applied"
    assert Building.objects.count() == 3


def test_a_large_file_that_is_refused_says_so_when_asked(
    clerk: Client, community: Community, everything_is_large: None
) -> None:
    run = send(clerk, community, crs="EPSG:3857").json()["id"]
    tasks.check_import(run)
    document = clerk.get(f"/api/imports/{run}/").json()
    assert (document["state"], document["error"]["code"]) == ("refused", "degrees_as_metres")


def test_a_process_that_died_while_applying_is_followed_by_another(
    clerk: Client, community: Community, everything_is_large: None
) -> None:
    run = send(clerk, community).json()["id"]
    tasks.check_import(run)
    ImportRun.objects.filter(pk=run).update(state="applying")
    tasks.apply_import(run)
    assert ImportRun.objects.get().state == "applied"


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_from_outside_while_it_is_applied(
    clerk: Client, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = send(clerk, community).json()["id"]
    seen = []
    write = ImportRun.save

    def look(self: ImportRun, *args: Any, **kwargs: Any) -> None:
        seen.append(ImportRun.objects.values_list("state", "step").get(pk=run))
        write(self, *args, **kwargs)

    monkeypatch.setattr(ImportRun, "save", look)
    clerk.post(f"/api/imports/{run}/apply/")
    assert seen[0][0] == "applying"
    assert seen[0][1] != ""


@pytest.mark.django_db(transaction=True)
def test_uploads_that_nobody_applies_are_forgotten_after_a_month(
    clerk: Client, community: Community, own_media: Path
) -> None:
    kept, old, applied = (send(clerk, community).json()["id"] for _ in range(3))
    clerk.post(f"/api/imports/{applied}/apply/")
    ImportRun.objects.filter(pk__in=[old, applied]).update(created_at=timezone.now() - timedelta(days=31))
    tasks.forget_imports(timestamp=0)
    assert set(ImportRun.objects.values_list("id", flat=True)) == {kept, applied}
    assert len([p for p in own_media.rglob("*") if p.is_file()]) == 1
    assert ImportRow.objects.filter(run=applied).count() == 3
