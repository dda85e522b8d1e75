from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.conftest import line
from twin.accounts.models import User
from twin.places.actions import add_street, cut_building
from twin.places.models import Building, Community


@pytest.fixture
def search(community: Community, west_building: Building, officer: User, client: Client) -> Any:
    cut_building(building=west_building)
    add_street(community=community, name="听涛路", geometry=line((122.6, 31.05), (122.604, 31.05)))
    client.force_login(officer)

    def ask(text: str) -> list[dict[str, Any]]:
        answer = client.get("/api/search/", {"community": community.pk, "q": text})
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = answer.json()
        return found

    return ask


@pytest.mark.parametrize(
    "text",
    [
        "1号楼2单元502",
        "1-2-502",
        "1栋2单元502室",
        "１号楼２单元５０２",
        "海棠路100弄1号2单元502室",
        "1幢 2单元 502",
        "1座2单元502",
    ],
)
def test_an_address_in_any_common_form_finds_the_dwelling(search: Any, text: str) -> None:
    first = search(text)[0]
    assert first["kind"] == "dwelling"
    assert first["title"] == "海棠路100弄1号楼2单元502室"
    assert first["height_m"] == pytest.approx(4.5 * 2.9)


def test_a_room_without_its_unit_finds_that_room_in_every_unit(search: Any) -> None:
    assert [r["title"][-8:] for r in search("1号楼502")[:2]] == ["楼1单元502室", "楼2单元502室"]


@pytest.mark.parametrize(("text", "kind"), [("听涛", "street"), ("西楼", "building"), ("第1网格", "grid")])
def test_a_name_finds_the_place(search: Any, text: str, kind: str) -> None:
    assert kind in {result["kind"] for result in search(text)}


@pytest.mark.parametrize(
    "text", ["", "   ", "没有这个地方", "%", "_", "' or 1=1 --", "\x00", "🏠" * 500, "(((", "\\"]
)
def test_nonsense_finds_nothing_and_breaks_nothing(search: Any, text: str) -> None:
    assert search(text) == []


def test_instead_of_a_room_that_is_not_there_its_neighbours_and_the_building_are_offered(
    search: Any, west_building: Building
) -> None:
    found = search("1号楼2单元509")
    assert [result["kind"] for result in found] == ["dwelling"] * 3 + ["building"]
    assert {result["room_missing"] for result in found} == {"509"}
    assert found[0]["title"] == "海棠路100弄1号楼2单元502室"
    assert found[-1]["id"] == west_building.pk


def test_a_unit_that_is_not_there_leads_to_the_building(search: Any, west_building: Building) -> None:
    assert [(one["kind"], one["id"]) for one in search("1号楼9单元501")] == [("building", west_building.pk)]


def test_of_a_building_that_is_not_there_nothing_is_offered(search: Any) -> None:
    assert search("77号楼2单元509") == []


def test_a_room_that_is_there_is_not_said_to_be_missing(search: Any) -> None:
    assert {result["room_missing"] for result in search("1号楼2单元502")} == {""}
