"""What a clerk has decided is remembered with who and when, used from then on, and never changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.db import IntegrityError, transaction
from django.test import Client

from tests.conftest import a_building, box
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.places.actions import (
    add_compound,
    cut_building,
    describe_community,
    end_alias,
    end_building,
    end_place,
    found_community,
    learn_alias,
)
from twin.places.addresses.deciding import Lesson, lessons_of
from twin.places.addresses.gazetteer import gazetteer_of
from twin.places.addresses.reconciling import Match, reconcile
from twin.places.models import AddressAlias, Building, Community, Dwelling, Grid


@pytest.fixture
def yard(community: Community, west: Grid) -> list[Building]:
    """Two buildings of a compound; 2 units, 6 floors, 2 flats each."""
    ground: MultiPolygon = box(122.6002, 31.0503, 122.6018, 31.0518)
    compound = add_compound(community=community, name="船厂大院", geometry=ground)
    made = [
        a_building(community, 122.6003 + 0.0006 * n, compound=compound, name=f"船厂大院{n}栋", number=f"{n}栋",
                   address=f"环岛路1576号船厂大院{n}栋")
        for n in (1, 2)
    ]  # fmt: skip
    for building in made:
        cut_building(building=building)
    return made


def home(building: Building, unit: str, room: str) -> Dwelling:
    return Dwelling.objects.get(building=building, unit__number=unit, room=room)


def match(text: str, community: Community, source: str = "") -> Match:
    return reconcile(text, gazetteer_of(community), source=source)


def lesson(text: str, dwelling: Dwelling, covers: str) -> Lesson:
    """The widest that may be learned of this kind: "compound", "building" or "address"."""
    found = lessons_of(text, dwelling.pk, gazetteer_of(dwelling.community))
    return next(one for one in found if getattr(one, f"{covers.replace('address', 'dwelling')}_id"))


def test_a_name_learned_for_a_compound_holds_for_all_its_buildings(
    community: Community, yard: list[Building], officer: User
) -> None:
    text = "家属院2栋1单元502"
    assert not match(text, community).is_right
    learned = learn_alias(
        community=community, lesson=lesson(text, home(yard[1], "1", "502"), "compound"), by=officer
    )
    assert (learned.text, learned.compound, learned.decided_by) == ("家属院", yard[0].compound, officer)
    found = match("家属院1栋2单元601", community)
    assert found.dwelling_id == home(yard[0], "2", "601").pk
    assert [reason.code for reason in found.reasons] == ["name_decided"]


def test_a_name_learned_for_a_building_holds_for_its_rooms_only(
    community: Community, yard: list[Building]
) -> None:
    learn_alias(
        community=community, lesson=lesson("供销社宿舍1单元502", home(yard[1], "1", "502"), "building")
    )
    assert match("供销社宿舍2单元101", community).dwelling_id == home(yard[1], "2", "101").pk
    assert not match("供销社宿舍3号楼2单元101", community).is_right


def test_an_address_learned_holds_for_itself(community: Community, yard: list[Building]) -> None:
    text, dwelling = "码头边老王家楼上", home(yard[0], "1", "301")
    learn_alias(community=community, lesson=lesson(text, dwelling, "address"), source="甲册")
    assert match(" 码头边 老王家楼上 ", community, source="甲册").dwelling_id == dwelling.pk
    assert not match(text, community, source="乙册").is_right
    assert not match("码头边老王家楼下", community, source="甲册").is_right


def test_an_address_that_names_no_place_is_only_learned_for_one_roster(
    community: Community, yard: list[Building]
) -> None:
    add_compound(community=community, name="另一小区")
    other = a_building(community, 122.6030, name="甲楼", number="1栋", address="玉兰路1号")
    cut_building(building=other)
    only = lesson("1栋1单元502", home(yard[0], "1", "502"), "address")
    with pytest.raises(Invalid, match="one roster"):
        learn_alias(community=community, lesson=only)
    learn_alias(community=community, lesson=only, source="船厂花名册")
    assert match("1栋1单元502", community, source="船厂花名册").is_right
    assert not match("1栋1单元502", community).is_right


def test_a_later_decision_ends_the_earlier_one_and_both_can_be_read(
    community: Community, yard: list[Building], officer: User, stranger: User
) -> None:
    text = "家属院2栋1单元502"
    first = learn_alias(
        community=community, lesson=lesson(text, home(yard[1], "1", "502"), "address"), by=officer
    )
    again = learn_alias(
        community=community, lesson=lesson(text, home(yard[1], "1", "502"), "address"), by=stranger
    )
    assert again == first
    second = learn_alias(
        community=community, lesson=lesson(text, home(yard[1], "2", "502"), "address"), by=stranger
    )
    first.refresh_from_db()
    assert first.ended_by == stranger
    assert first.ended_at is not None
    assert list(AddressAlias.objects.in_force()) == [second]
    assert match(text, community).dwelling_id == home(yard[1], "2", "502").pk


def test_an_alias_that_has_ended_means_nothing_and_does_not_end_again(
    community: Community, yard: list[Building]
) -> None:
    text = "家属院2栋1单元502"
    alias = learn_alias(community=community, lesson=lesson(text, home(yard[1], "1", "502"), "compound"))
    end_alias(alias=alias)
    assert not match(text, community).is_right
    with pytest.raises(Conflict):
        end_alias(alias=alias)


def test_an_alias_of_a_home_that_is_no_more_is_doubtful_again(
    community: Community, yard: list[Building]
) -> None:
    text = "家属院2栋1单元502"
    alias = learn_alias(community=community, lesson=lesson(text, home(yard[1], "1", "502"), "address"))
    cut_building(building=yard[1], again=True)
    assert not match(text, community).is_right
    assert_ended_by_nobody(alias)


def assert_ended_by_nobody(alias: AddressAlias) -> None:
    alias.refresh_from_db()
    assert alias.ended_at is not None
    assert alias.ended_by is None


@pytest.mark.parametrize("covers", ["address", "building"])
def test_a_name_ends_with_the_building_that_it_was_learned_for(
    community: Community, yard: list[Building], covers: str
) -> None:
    text = "供销社宿舍1单元502"
    of_another = learn_alias(
        community=community, lesson=lesson("家属院1栋1单元502", home(yard[0], "1", "502"), "address")
    )
    alias = learn_alias(community=community, lesson=lesson(text, home(yard[1], "1", "502"), covers))
    end_building(building=yard[1])
    assert_ended_by_nobody(alias)
    assert list(AddressAlias.objects.in_force()) == [of_another]


def test_a_name_ends_with_its_compound(community: Community, yard: list[Building]) -> None:
    text = "家属院2栋1单元502"
    alias = learn_alias(community=community, lesson=lesson(text, home(yard[1], "1", "502"), "compound"))
    compound = alias.compound
    assert compound is not None
    end_place(place=compound)
    assert_ended_by_nobody(alias)


def test_an_alias_does_not_cross_to_another_community(community: Community, yard: list[Building]) -> None:
    other = found_community(name="别处")
    with pytest.raises(Invalid, match="no such place"):
        learn_alias(
            community=other, lesson=lesson("家属院2栋1单元502", home(yard[1], "1", "502"), "compound")
        )


def test_the_database_refuses_an_alias_of_nothing_and_of_two_places(
    community: Community, yard: list[Building]
) -> None:
    for fields in (
        {"covers": "name"},
        {"covers": "address", "building": yard[0]},
        {"covers": "name", "building": yard[0], "compound": yard[0].compound},
    ):
        with pytest.raises(IntegrityError, match="an_alias_covers_what_it_names"), transaction.atomic():
            AddressAlias.objects.create(community=community, text="某处", **fields)


def test_a_known_name_is_not_offered_to_be_learned(community: Community, yard: list[Building]) -> None:
    offered = lessons_of("船厂大院2栋502", home(yard[1], "1", "502").pk, gazetteer_of(community))
    assert [one.covers for one in offered] == ["address"]


def test_a_clerk_reads_and_ends_aliases_in_the_back_office(
    community: Community, yard: list[Building], in_role: Any, client: Client
) -> None:
    clerk = in_role(RoleKind.COMMUNITY_ADMIN)
    alias = learn_alias(
        community=community,
        lesson=lesson("家属院2栋1单元502", home(yard[1], "1", "502"), "address"),
        by=clerk,
    )
    client.force_login(clerk)
    listed = client.get("/admin/places/addressalias/").content.decode()
    assert "家属院2栋1单元502" in listed
    assert "船厂大院2栋1单元502" in listed
    client.post("/admin/places/addressalias/", {"action": "end", "_selected_action": [alias.pk]})
    alias.refresh_from_db()
    assert alias.ended_by == clerk


def test_a_clerk_says_in_which_district_the_community_lies(
    community: Community, in_role: Any, client: Client
) -> None:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    page = f"/admin/places/community/{community.pk}/change/"
    assert client.post(page, {"division": "  海棠市   海湾区 "}).status_code == 302
    community.refresh_from_db()
    assert community.division == "海棠市 海湾区"


def test_the_district_is_written_with_single_blanks(community: Community) -> None:
    assert describe_community(community=community, division=" 海棠市  海湾区 ").division == "海棠市 海湾区"
