"""Saved reports over HTTP: kept, shared, run by each with their own rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.reporting import JSON, as_user, post, question, refused, run
from tests.reports.conftest import families, grandmother, grandson, tenant
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.people.actions import add_tag
from twin.people.models import Household, Person, Tag, TagClass
from twin.places.actions import end_building
from twin.places.models import Building, Community, Dwelling, Grid

__all__ = ["families", "grandmother", "grandson", "tenant"]

InRole = Callable[..., User]


@pytest.fixture
def signed_in(officer: User, client: Client) -> Client:
    client.force_login(officer)
    return client


def save(client: Client, community: Community, name: str = "名册", **said: Any) -> Any:
    body = {"community": community.pk, "name": name, "question": question(["name", "identity"]), **said}
    return post(client, "report-forms/", body, 201).json()


def test_a_saved_report_is_run_as_it_comes_back(
    signed_in: Client, community: Community, families: list[Person]
) -> None:
    kept = save(signed_in, community, question=question(["name"], order="-age", filters={"age_from": 20}))
    told = signed_in.get(f"/api/report-forms/{kept['id']}/").json()
    assert (told["own"], told["left_out"], told["problem"]) == (True, [], None)
    rows = run(signed_in, {**told["question"], "community": community.pk})["rows"]
    assert [row["cells"][0] for row in rows] == ["欧阳**", "王**"]


def test_a_shared_report_is_others_to_run_with_their_own_rights(
    signed_in: Client, community: Community, in_role: InRole, flat: Dwelling, families: list[Person]
) -> None:
    shared, private = save(signed_in, community, shared=True), save(signed_in, community, "私人")
    head = as_user(in_role(RoleKind.STAIRWELL_HEAD, unit=flat.unit))
    [form] = head.get(f"/api/report-forms/?community={community.pk}").json()
    assert (form["id"], form["own"]) == (shared["id"], False)
    assert form["question"]["fields"] == ["name"]
    assert form["left_out"] == [{"id": "identity", "name": {"zh": "证件号码", "en": "Identity number"}}]
    rows = run(head, {**form["question"], "community": community.pk})["rows"]
    assert len(rows) == 2, "of the own stairwell"
    assert head.get(f"/api/report-forms/{private['id']}/").status_code == 404
    for client, pk in ((head, shared["id"]), (head, private["id"])):
        assert client.patch(f"/api/report-forms/{pk}/", {"name": "夺"}, content_type=JSON).status_code == 404
        assert client.delete(f"/api/report-forms/{pk}/").status_code == 404


def test_a_saved_report_says_why_it_cannot_be_run(
    signed_in: Client,
    community: Community,
    in_role: InRole,
    west: Grid,
    west_building: Building,
    tags: dict[str, Tag],
) -> None:
    there = {"kind": "building", "id": west_building.pk}
    by_place = save(signed_in, community, "按楼", question={**question(["name"]), "area": there})
    care = TagClass.objects.get(community=community, code="care")
    l4 = add_tag(tag_class=care, code="l4", level=4, name="甲", purpose="为何", basis="据何")
    by_tag = save(
        signed_in, community, "按标签", shared=True, question=question(["name"], tags={"none": [l4.pk]})
    )
    assert (by_place["problem"], by_tag["problem"]) == (None, None)
    end_building(building=west_building)
    assert signed_in.get(f"/api/report-forms/{by_place['id']}/").json()["problem"]["where"] == "area.id"
    worker = as_user(in_role(RoleKind.GRID_WORKER, grid=west))
    problem = worker.get(f"/api/report-forms/{by_tag['id']}/").json()["problem"]
    assert problem == {"where": "tags.none[0]", "message": "您无权查看谁有标签“甲”。"}


def test_a_name_is_used_once_by_its_owner_and_free_again_when_it_ends(
    signed_in: Client, community: Community, in_role: InRole
) -> None:
    kept = save(signed_in, community)
    body = {"community": community.pk, "name": " 名册 ", "question": question(["age"])}
    assert refused(signed_in, body, "report-forms/", 409) == "name"
    save(as_user(in_role(RoleKind.COMMUNITY_ADMIN)), community)
    assert signed_in.delete(f"/api/report-forms/{kept['id']}/").status_code == 204
    assert signed_in.get(f"/api/report-forms/{kept['id']}/").status_code == 404
    save(signed_in, community)


def test_a_saved_report_is_changed_by_its_owner(signed_in: Client, community: Community) -> None:
    kept = save(signed_in, community)
    path = f"/api/report-forms/{kept['id']}/"
    changed = signed_in.patch(path, {"name": "新名", "shared": True}, content_type=JSON).json()
    assert (changed["name"], changed["shared"], changed["question"]["fields"]) == (
        "新名",
        True,
        ["name", "identity"],
    )
    changed = signed_in.patch(path, {"question": question(["age"])}, content_type=JSON).json()
    assert changed["question"]["fields"] == ["age"]
    answer = signed_in.patch(path, {"question": question(["password"])}, content_type=JSON)
    assert (answer.status_code, answer.json()["error"]["where"]) == (400, "fields[0]")


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"name": ""}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"question": {}}, "question.of"),
        ({"question": None}, "question"),
        ({"owner": 1}, "owner"),
        ({"community": 0}, "community"),
    ],
)
def test_what_is_wrong_with_a_form_is_named(
    signed_in: Client, community: Community, said: dict[str, Any], where: str
) -> None:
    body = {"community": community.pk, "name": "名册", "question": question(["name"]), **said}
    assert refused(signed_in, body, "report-forms/") == where


def test_the_list_of_forms_takes_as_many_queries_for_many_as_for_one(
    signed_in: Client, community: Community, household: Household
) -> None:
    counts = []
    for n in range(3):
        save(signed_in, community, f"名册{n}")
        with CaptureQueriesContext(connection) as queries:
            assert len(signed_in.get(f"/api/report-forms/?community={community.pk}").json()) == n + 1
        counts.append(len(queries))
    assert counts[1] == counts[2]
