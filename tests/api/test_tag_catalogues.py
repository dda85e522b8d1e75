"""Catalogues of tags over HTTP: who may, the report, applying, and the file to start from."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.people.catalogue.many import MANY, as_xlsx, many_tags
from twin.access.models import AuditEntry
from twin.access.roles import MAY_EDIT_PEOPLE, RoleKind
from twin.accounts.models import User
from twin.people.models import Tag
from twin.places.actions import found_community
from twin.places.models import Community

Tags = dict[str, Tag]
InRole = Callable[..., User]
LOWER = [("标签编码", "标签名称", "等级"), ("gravely_ill", "重病", "L2")]


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def clerk(in_role: InRole) -> Client:
    return signed_in(in_role(RoleKind.COMMUNITY_ADMIN))


def send(client: Client, community: Community, data: bytes | None = None, **asked: Any) -> Any:
    file = SimpleUploadedFile("标签目录.xlsx", as_xlsx(many_tags()) if data is None else data)
    return client.post("/api/tag-catalogues/", {"community": community.pk, "file": file, **asked})


def test_286_tags_are_told_then_applied_and_a_second_time_unchanged(
    clerk: Client, community: Community
) -> None:
    answer = send(clerk, community)
    assert (answer.status_code, answer.json()["state"]) == (201, "checked")
    assert (answer.json()["counts"]["create"], Tag.objects.count()) == (MANY, 0)
    applied = clerk.post(f"/api/tag-catalogues/{answer.json()['id']}/apply/")
    assert (applied.status_code, applied.json()["state"], Tag.objects.count()) == (200, "applied", MANY)
    assert send(clerk, community).json()["counts"]["unchanged"] == MANY
    assert AuditEntry.objects.filter(action="tags.apply").count() == 1


def test_a_level_that_would_fall_is_refused_with_row_column_and_remedy(
    clerk: Client, community: Community, tags: Tags
) -> None:
    [row] = send(clerk, community, as_xlsx(LOWER)).json()["rows"]["results"]
    note = row["notes"][0]
    assert (row["number"], row["verdict"], note["code"], note["details"]["letter"]) == (
        2, "refuse", "tag_level_would_fall", "C",
    )  # fmt: skip
    assert "more people are told" in note["message"]


def test_it_falls_when_it_is_named_with_a_reason(clerk: Client, community: Community, tags: Tags) -> None:
    assert send(clerk, community, as_xlsx(LOWER), lower=["gravely_ill"]).status_code == 400
    run = send(clerk, community, as_xlsx(LOWER), lower=["gravely_ill"], why="上级通知").json()
    assert run["counts"]["lowered"] == 1
    clerk.post(f"/api/tag-catalogues/{run['id']}/apply/")
    entry = AuditEntry.objects.get(action="tag.lower")
    assert (Tag.objects.get(code="gravely_ill").level, entry.reason, str(entry.by)) == (
        2,
        "上级通知",
        run["by"],
    )


def test_the_file_to_start_from_changes_nothing(clerk: Client, community: Community, tags: Tags) -> None:
    answer = clerk.get("/api/tag-catalogues/example/", {"community": community.pk})
    data = answer.content
    assert load_workbook(BytesIO(data)).sheetnames == ["标签", "标签分类", "填写说明"]
    counts = send(clerk, community, data).json()["counts"]
    assert counts["unchanged"] == counts["rows"]


@pytest.mark.parametrize("kind", sorted(set(RoleKind) - MAY_EDIT_PEOPLE - {RoleKind.STAIRWELL_HEAD}))
def test_for_others_there_is_nothing_here(
    kind: RoleKind, in_role: InRole, clerk: Client, community: Community
) -> None:
    run = send(clerk, community).json()["id"]
    other = signed_in(in_role(kind))
    assert send(other, community).status_code == 404
    assert other.get(f"/api/tag-catalogues/{run}/").status_code == 404
    assert other.post(f"/api/tag-catalogues/{run}/apply/").status_code == 404
    assert other.get("/api/tag-catalogues/example/", {"community": community.pk}).status_code == 404


def test_nor_in_another_community(clerk: Client) -> None:
    other = found_community(name="别处", name_en="Elsewhere")
    assert send(clerk, other).status_code == 404
    assert clerk.get("/api/tag-catalogues/example/", {"community": other.pk}).status_code == 404


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old", b"<html>", b"a,b\n1,2"])
def test_what_is_no_catalogue_is_refused_in_words(data: bytes, clerk: Client, community: Community) -> None:
    answer = send(clerk, community, data or b" ")
    assert (answer.status_code, answer.json()["error"]["where"]) == (400, "file")
