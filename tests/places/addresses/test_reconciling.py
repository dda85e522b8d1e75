"""The rules by which an address is right or doubtful, on places made for one rule each. No tables are needed."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from twin.places.addresses.doors import Doors, counted_doors, named_doors
from twin.places.addresses.gazetteer import Gazetteer, Inside, KnownBuilding, KnownDwelling
from twin.places.addresses.lexicon import Lexicon, NameKind
from twin.places.addresses.reconciling import Match, reconcile

ROADS, DIVISIONS = ("玉兰路", "桂花路"), ("海棠市", "海棠湾社区")


def a_building(building_id: int, **known: Any) -> KnownBuilding:
    facts = {
        "title": f"楼{building_id}", "compound_id": 1, "road": "玉兰路", "road_number": "62弄",
        "names": frozenset({"芦花新村"}), "numbers": frozenset({str(building_id)}), "doors": Doors(), "floors_below": 0,
    }  # fmt: skip
    return KnownBuilding(id=building_id, **{**facts, **known})


def rooms(building_id: int, *written: str) -> Inside:
    """`1/502` is room 502 of unit 1; floors below ground are written as B101."""
    inside = Inside()
    for n, one in enumerate(written):
        unit, room = one.split("/")
        floor = -1 if room.startswith("B") else int(room[:-2])
        unit_id = inside.units.setdefault(unit, building_id * 10 + len(inside.units))
        inside.rooms.setdefault(room, []).append(
            KnownDwelling(building_id * 1000 + n, unit_id, unit, floor, room)
        )
    return inside


def places(*known: tuple[KnownBuilding, Inside | None], says_division: bool = True) -> Gazetteer:
    words = [(road, NameKind.ROAD) for road in ROADS] + [(word, NameKind.DIVISION) for word in DIVISIONS]
    words += [(name, NameKind.COMPOUND) for building, _ in known for name in building.names]
    buildings = {building.id: building for building, _ in known}
    made = Gazetteer(
        Lexicon(words), buildings, {b.id: inside for b, inside in known if inside}, says_division
    )
    for building, inside in known:
        for number in [*building.numbers, *building.doors.unit_of]:
            made.by_number.setdefault(number, set()).add(building.id)
        for dwelling in inside.dwellings if inside else ():
            made.where_is[dwelling.id] = (building.id, dwelling)
    return made


def codes(match: Match) -> list[str]:
    return [reason.code for reason in match.reasons]


ONE = (a_building(1), rooms(1, "1/101", "1/502", "2/101", "2/502", "2/602"))
TWO = (
    a_building(2, names=frozenset({"银杏小区"}), compound_id=2, road="桂花路", road_number="8号"),
    rooms(2, "/502"),
)


def test_what_agrees_in_all_that_is_written_is_right() -> None:
    match = reconcile("海棠市玉兰路62弄芦花新村1号楼2单元502室", places(ONE, TWO))
    assert (match.dwelling_id, match.confidence, codes(match)) == (1003, 1.0, ["address_agrees"])


def test_without_a_place_a_number_means_nothing_where_there_are_several_places() -> None:
    match = reconcile("1号楼2单元502", places(ONE, TWO))
    assert not match.is_right
    assert codes(match) == ["no_place_named"]
    assert [found.dwelling_id for found in match.candidates] == [1003]


def test_without_a_place_it_is_right_where_there_is_one_place_only() -> None:
    match = reconcile("1号楼2单元502", places(ONE))
    assert (match.dwelling_id, codes(match)) == (1003, ["one_place_only"])


def test_without_a_place_it_is_right_where_the_place_was_told_apart() -> None:
    match = reconcile("1号楼2单元502", places(ONE, TWO), compound_id=1)
    assert (match.dwelling_id, codes(match)) == (1003, ["place_from_context"])


def test_a_place_that_contradicts_the_one_told_apart_is_doubtful() -> None:
    assert not reconcile("银杏小区2幢502", places(ONE, TWO), compound_id=1).is_right


@pytest.mark.parametrize(
    "text", ["玉兰路62弄银杏小区2幢502", "芦花新村桂花路8号2幢502", "玉兰路62号1号楼2单元502"]
)
def test_what_contradicts_itself_is_doubtful_with_the_likely_ones(text: str) -> None:
    match = reconcile(text, places(ONE, TWO))
    assert not match.is_right
    assert codes(match) == ["no_such_building"]
    assert match.candidates


def test_a_room_that_only_one_unit_has_needs_no_unit() -> None:
    assert codes(reconcile("芦花新村1号楼602", places(ONE, TWO))) == ["one_such_room"]
    several = reconcile("芦花新村1号楼502", places(ONE, TWO))
    assert codes(several) == ["several_rooms"]
    assert {found.dwelling_id for found in several.candidates} == {1001, 1003}


def test_a_building_without_units_has_a_first_unit_and_no_second() -> None:
    assert codes(reconcile("银杏小区2幢1单元502", places(ONE, TWO))) == ["unit_of_one"]
    assert codes(reconcile("银杏小区2幢2单元502", places(ONE, TWO))) == ["no_such_unit"]


@pytest.mark.parametrize(
    "text",
    [
        "芦花新村3号楼负一层01室",
        "芦花新村3号楼B101",
        "芦花新村3号楼负101",
        "芦花新村3--101",
        "芦花新村3号楼地下101室",
    ],
)
def test_a_room_below_ground_is_found_in_its_forms(text: str) -> None:
    cellar = (a_building(3, floors_below=1), rooms(3, "/B101", "/101"))
    assert reconcile(text, places(cellar)).dwelling_id == 3000


def test_a_dash_before_a_room_is_doubtful_where_there_is_a_cellar() -> None:
    cellar = (a_building(3, floors_below=1), rooms(3, "/101"))
    assert codes(reconcile("芦花新村3号楼-101", places(cellar))) == ["may_be_below_ground"]
    assert reconcile("芦花新村3号楼-101", places((a_building(3), rooms(3, "/101")))).is_right


def test_a_door_of_a_row_is_its_unit_as_long_as_there_are_as_many() -> None:
    row = a_building(9, numbers=frozenset({"9-11"}), doors=counted_doors("9-11"))
    match = reconcile("芦花新村10号101", places((row, rooms(9, "1/101", "2/101", "3/101"))))
    assert (match.dwelling_id, codes(match)) == (9001, ["door_of_a_row"])
    assert not reconcile("芦花新村10号101", places((row, rooms(9, "1/101", "2/101")))).is_right
    assert not reconcile("芦花新村10号1单元101", places((row, rooms(9, "1/101", "2/101", "3/101")))).is_right


def test_a_door_is_the_unit_that_is_called_so_however_they_are_counted() -> None:
    called = named_doors([("1", "11号"), ("2", "10号"), ("3", "9号甲")])
    row = a_building(9, numbers=frozenset({"9-11"}), doors=called)
    inside = rooms(9, "1/101", "2/101", "3/101")
    assert reconcile("芦花新村11号101", places((row, inside))).dwelling_id == 9000
    assert reconcile("芦花新村10号101", places((row, inside))).dwelling_id == 9001
    assert not reconcile("芦花新村9号101", places((row, inside))).is_right


def test_a_letter_or_stem_makes_another_building() -> None:
    both = places(
        (a_building(4), rooms(4, "/101")), (a_building(5, numbers=frozenset({"4甲"})), rooms(5, "/101"))
    )
    for text in ("芦花新村4号甲101", "芦花新村甲4号101", "芦花新村4甲号楼101"):
        assert reconcile(text, both).dwelling_id == 5000, text
    assert reconcile("芦花新村4号101", both).dwelling_id == 4000
    assert not reconcile("芦花新村4乙号101", both).is_right


def test_a_building_that_was_not_cut_is_found_but_not_a_home_in_it() -> None:
    uncut = places((a_building(1), None), TWO)
    assert reconcile("芦花新村1号楼", uncut).is_right
    assert codes(reconcile("芦花新村1号楼502", uncut)) == ["not_cut"]


def test_a_district_is_checked_against_where_the_community_lies() -> None:
    assert reconcile("海棠市芦花新村1号楼602", places(ONE)).is_right
    assert codes(reconcile("青岛市芦花新村1号楼2单元602", places(ONE))) == ["other_division"]
    unsaid = places(ONE, says_division=False)
    assert codes(reconcile("青岛市芦花新村1号楼2单元602", unsaid)) == ["division_unknown"]


@pytest.mark.parametrize("text", ["新芦花新村1号楼602", "芦花新村东区1号楼602", "芦花新村1号楼602对面"])
def test_a_word_that_is_not_understood_is_a_doubt(text: str) -> None:
    match = reconcile(text, places(ONE))
    assert not match.is_right
    assert match.candidates[0].dwelling_id == 1004


def test_a_word_that_says_nothing_is_none() -> None:
    assert reconcile("芦花新村小区1号楼602（出租）", places(ONE)).is_right


def test_reasons_are_said_in_both_languages() -> None:
    match = reconcile("芦花新村1号楼502", places(ONE))
    with override("en"):
        assert match.reasons[0].message == "2 rooms agree; the unit is not stated."
    with override("zh-hans"):
        assert match.reasons[0].message == "没有写单元，有 2 个房间都符合。"
