"""Reading addresses, without any names known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from twin.places.addresses import Address, normalise, read_address
from twin.places.addresses.numerals import number_of

LABELLED: dict[str, tuple[str, str, str]] = {
    "K8栋3单元1302": ("K8", "3", "1302"), "11-802": ("11", "", "802"), "24号602室": ("24", "", "602"),
    "3号楼2单元1303": ("3", "2", "1303"), "4-3-2": ("4", "3", "2"), "2号楼1单元3层": ("2", "1", ""),
    "08栋3组401号": ("8", "3", "401"), "11楼3门501": ("11", "3", "501"), "3-2-1": ("3", "2", "1"),
    "1号楼": ("1", "", ""), "1号302室": ("1", "", "302"), "31-1-101": ("31", "1", "101"), "4-1-102": ("4", "1", "102"),
    "5-4": ("5", "", "4"),
}  # fmt: skip
"""Building, unit and room of the labelled addresses, by the label's text."""


def read(text: str) -> Address:
    found = read_address(text)
    assert found is not None, text
    return found


def parts(text: str) -> tuple[str, str, str]:
    found = read(text)
    return found.building, found.unit, found.room


@pytest.mark.sample_data
def test_the_labelled_addresses_are_read_as_labelled_or_say_what_they_do_not_understand(
    sample_data: Path,
) -> None:
    document = json.loads(
        (sample_data / "addresses" / "chinese_addresses_mit.json").read_text(encoding="utf-8")
    )
    assert len(document["samples"]) == 18
    doubtful = [sample["raw"] for sample in document["samples"] if not _as_labelled(sample)]
    assert [text for text in doubtful if not read(text).rest] == []
    assert len(doubtful) == 1, doubtful


def _as_labelled(sample: dict[str, Any]) -> bool:
    """The label's road may have a street office before it (泡崖街玉境路): the library that made them keeps both."""
    found = read(sample["raw"])
    road, number, local = (sample[name] or "" for name in ("road", "road_num", "building_unit_room"))
    same_road = road.endswith(found.road) and bool(found.road) == bool(road)
    same_number = found.number == (read(f"某路{number}").number if number else "")
    same_local = (found.building, found.unit, found.room) == LABELLED.get(local, ("", "", ""))
    return same_road and same_number and same_local and (local in LABELLED or not local)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12号楼3单元502", ("12", "3", "502")),
        ("6-3-502", ("6", "3", "502")),
        ("玉兰路12号3单元502室", ("", "3", "502")),
        ("玉兰路100弄12号502室", ("12", "", "502")),
        ("十二号楼 三单元 五〇二", ("12", "3", "502")),
        ("１２幢３－５０２", ("12", "3", "502")),
        ("A座1802", ("A", "", "1802")),
        ("甲3号楼2门601", ("3甲", "2", "601")),
        ("12号甲502", ("12甲", "", "502")),
        ("12号附3号", ("12附3", "", "")),
        ("3栋B101", ("3", "", "B101")),
        ("3号楼1单元-101", ("3", "1", "101")),
        ("3号楼1单元负101", ("3", "1", "-101")),
        ("东单元301", ("", "东", "301")),
        ("0502室", ("", "", "502")),
        ("三门路12号", ("", "", "")),
        ("四号路5号楼", ("5", "", "")),
        ("9-18号4单元201", ("9-18", "4", "201")),
        ("6一3一502", ("6", "3", "502")),
        ("七号楼一单元一千零二", ("7", "1", "1002")),
    ],
)
def test_building_unit_and_room_are_told_apart(text: str, expected: tuple[str, str, str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "floor", "flat"),
    [
        ("3号楼1单元5楼2号", 5, "2"),
        ("3号楼1单元五层03室", 5, "3"),
        ("3号楼负一层", -1, ""),
        ("A座地下二层", -2, ""),
    ],
)
def test_a_floor_may_stand_for_a_room_number(text: str, floor: int, flat: str) -> None:
    found = read(text)
    assert (found.floor, found.flat, found.room) == (floor, flat, "")


def test_a_room_that_may_be_below_ground_says_so() -> None:
    assert read("3号楼1单元-101").dashed
    assert not read("3-1-101").dashed


def test_what_is_not_understood_is_kept() -> None:
    assert read("玉兰路62弄1号楼北侧平房").rest == "北侧平房"
    assert read("1号楼301（旁边平房）").remarks == ("旁边平房",)


def test_where_it_is_comes_before_the_building() -> None:
    found = read("海棠市海湾区海棠湾街道玉兰路62弄芦花新村1号楼301")
    assert (found.division, found.road, found.number) == ("海棠市海湾区海棠湾街道", "玉兰路", "62弄")
    assert [name.text for name in found.names] == ["芦花新村"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("十二", "12"), ("二十", "20"), ("一百零三", "103"), ("两百", "200"), ("五〇二", "502"), ("十一二", None),
     ("百零二", None), ("路", None), ("", None)],
)  # fmt: skip
def test_chinese_numerals(text: str, number: str | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "🏠" * 500, "(((", "%", "-", "号", "弄弄弄", "9" * 5000, "附", "‐-—"]
)
def test_nonsense_is_no_address_and_breaks_nothing(text: str) -> None:
    found = read_address(text)
    assert found is None or found.room or found.building


def test_normal_text_is_half_width_without_blanks_and_with_one_kind_of_dash() -> None:
    assert normalise("　１２號樓—３ 單元（乙）502 ") == "12号楼-3单元乙502"
