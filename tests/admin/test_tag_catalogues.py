"""Catalogues of tags in the back office: the file to start from, the report row by row, and bringing it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.people.catalogue.many import MANY, as_xlsx, many_tags
from tests.people.conftest import tags
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.people.models import Tag, TagCatalogueRun
from twin.places.actions import found_community
from twin.places.models import Community

__all__ = ["tags"]
InRole = Callable[..., User]
Tags = dict[str, Tag]
ADD = reverse("admin:people_tagcataloguerun_add")
LOWER = [("标签编码", "标签名称", "等级"), ("gravely_ill", "重病", "L2"), ("veteran", "退役老兵", "L2")]


@pytest.fixture
def clerk(in_role: InRole) -> Client:
    client = Client()
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    return client


def send(client: Client, community: Community, data: bytes, **asked: Any) -> Any:
    file = SimpleUploadedFile("标签目录.xlsx", data)
    return client.post(ADD, {"community": community.pk, "file": file, **asked}, follow=True)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def page(name: str = "change") -> str:
    return reverse(f"admin:people_tagcataloguerun_{name}", args=[TagCatalogueRun.objects.get().pk])


def test_a_catalogue_becomes_a_report_and_then_tags(clerk: Client, community: Community) -> None:
    told = send(clerk, community, as_xlsx(many_tags()))
    assert "目前尚未作任何更改" in text(told)
    assert {one["verdict"]: one["count"] for one in told.context["counts"]} == {
        "create": MANY, "change": 0, "unchanged": 0, "refuse": 0,
    }  # fmt: skip
    assert not Tag.objects.exists()
    assert "导入已完成" in text(clerk.post(page("apply"), follow=True))
    assert Tag.objects.count() == MANY


def test_the_report_names_row_column_and_remedy(clerk: Client, community: Community, tags: Tags) -> None:
    told = text(send(clerk, community, as_xlsx(LOWER)))
    assert "等级 (C)" in told
    assert "如确需降级" in told
    assert "<del>退役军人</del> → <ins>退役老兵</ins>" in told


def test_levels_that_may_fall_are_named_with_a_reason(
    clerk: Client, community: Community, tags: Tags
) -> None:
    told = send(clerk, community, as_xlsx(LOWER), lower="gravely_ill")
    assert "why" in told.context["form"].errors
    send(clerk, community, as_xlsx(LOWER), lower="gravely_ill", why="上级通知")
    clerk.post(page("apply"))
    assert AuditEntry.objects.get(action="tag.lower").reason == "上级通知"


def test_a_level_that_a_clerk_lowers_on_the_tags_page_is_audited(clerk: Client, tags: Tags) -> None:
    address = reverse("admin:people_tag_change", args=[tags["gravely_ill"].pk])
    form = clerk.get(address).context["adminform"].form
    said = {name: value for name, value in form.initial.items() if value is not None}
    assert clerk.post(address, {**said, "level": 3}).status_code == 302
    entry = AuditEntry.objects.get(action="tag.lower")
    assert (entry.detail, entry.by is not None) == ({"from": 4, "to": 3}, True)


def test_the_example_file_is_for_the_own_community(clerk: Client, community: Community, tags: Tags) -> None:
    [(_, address)] = clerk.get(ADD).context["examples"]
    assert clerk.get(address).content[:2] == b"PK"
    other = found_community(name="别处", name_en="Elsewhere")
    assert clerk.get(reverse("admin:people_tagcataloguerun_example", args=[other.pk])).status_code == 404
