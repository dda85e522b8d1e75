"""Spreadsheets as offices have them: titles, merged headers, blank rows, cells that continue from above."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.people.identities import a_number
from tests.people.roster.conftest import HEADER, Import, codes, csv_of, verdicts, xlsx
from twin.base.notes import FileRefused
from twin.people.roster.dates import NotADate, read_date

A_MOMENT = datetime(1990, 1, 31)  # noqa: DTZ001  (spreadsheets know no zones)
A, B = a_number(date(1960, 5, 1), 11), a_number(date(1962, 7, 9), 12)
FAMILY = (
    ("1", "示大", "户主", "男", A, "19900001111", "船厂大院1栋1单元101"),
    ("", "示二", "妻", "女", B, "", ""),
)


def names(plan: Any) -> list[str]:
    return [row.said.name for row in plan.rows]


def test_a_plain_roster_is_read(plan: Import) -> None:
    made = plan(xlsx(HEADER, *FAMILY))
    assert verdicts(made) == ["create", "create"]
    assert [row.said.relation for row in made.rows] == ["head", "spouse"]
    assert codes(made)[1] == ["address_continued"]
    assert made.counts["households"] == 1


def test_titles_above_the_header_and_blank_rows_are_passed_over(plan: Import) -> None:
    made = plan(
        xlsx(("海棠湾社区居民花名册",), (), ("制表日期", "2024年3月"), HEADER, *FAMILY, (), ("合计", "2人"))
    )
    assert names(made) == ["示大", "示二"]
    assert [row.number for row in made.rows] == [5, 6]
    assert made.read_as["sheets"][0]["header_row"] == 4


def test_a_header_of_two_rows_with_merged_headings_is_read(plan: Import) -> None:
    top = ("序号", "户号", "户籍信息", None, None, "家庭成员", None, "现居住地址")
    below = (None, None, "户主姓名", "户籍地址", "是否本地", "姓名", "身份证号", None)
    made = plan(xlsx(top, below, (1, "1", "示大", "某省某市", "是", "示大", A, "船厂大院1栋1单元101")))
    columns = made.read_as["sheets"][0]["columns"]
    assert columns["name"] == "姓名 (F)"
    assert columns["address"] == "现居住地址 (H)"
    assert columns["head_name"] == "户主姓名 (C)"
    assert made.rows[0].said.relation == "head"
    assert made.rows[0].number == 3


def test_a_name_under_the_heading_of_the_head_is_not_that_of_the_member(plan: Import) -> None:
    top = ("户主信息", None, "成员信息", None, "地址")
    below = ("姓名", "身份证号", "姓名", "身份证号", None)
    made = plan(xlsx(top, below, ("示大", A, "示二", B, "船厂大院1栋1单元101")))
    assert (made.rows[0].said.name, made.rows[0].said.identity) == ("示二", B)


def test_the_header_on_every_printed_page_is_passed_over_and_told(plan: Import) -> None:
    made = plan(xlsx(HEADER, FAMILY[0], HEADER, FAMILY[1]))
    assert names(made) == ["示大", "示二"]
    assert codes(made)[1] == ["address_continued"]
    assert "roster_header_repeated" in [one.code for one in made.notes]


def test_all_sheets_with_a_header_are_read_and_the_others_told(plan: Import) -> None:
    made = plan(
        xlsx(
            sheets={
                "一号楼": (HEADER, FAMILY[0]),
                "说明": (("填写说明",), ("不填",)),
                "二号楼": (HEADER, FAMILY[1]),
            }
        )
    )
    assert [(row.sheet, row.number) for row in made.rows] == [("一号楼", 2), ("二号楼", 2)]
    assert codes(made)[1] == ["address_missing"]
    assert "roster_sheet_left_out" in [one.code for one in made.notes]
    assert (
        len(plan(xlsx(sheets={"一": (HEADER, FAMILY[0]), "二": (HEADER, FAMILY[0])}), sheet="二").rows) == 1
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_either_encoding(plan: Import, encoding: str) -> None:
    assert names(plan(csv_of(HEADER, *FAMILY, encoding=encoding))) == ["示大", "示二"]


def test_columns_may_be_stated_by_name_and_by_letter(plan: Import) -> None:
    header = ("户号", "称呼", "关系", "性别", "身份证号码", "电话", "门牌信息")
    with pytest.raises(FileRefused) as refused:
        plan(xlsx(header, *FAMILY))
    assert refused.value.code == "roster_header_not_found"
    made = plan(
        xlsx(("甲", "乙"), *FAMILY), fields={"name": "B", "relation": "C", "address": "G", "identity": "E"}
    )
    assert names(made)[-1] == "示二"
    named = ("户号", "姓名", "关系", "性别", "身份证号码", "电话", "门牌信息")
    assert verdicts(plan(xlsx(named, FAMILY[0]), fields={"address": "门牌信息"})) == ["create"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0 old", "roster_is_old_excel"),
        (b"<html><table>", "roster_is_no_spreadsheet"),
        (b"PK\x03\x04 broken", "roster_is_damaged"),
        (b"\xff\xfe\x00\x00", "roster_is_no_spreadsheet"),
        (b"", "roster_header_not_found"),
        (csv_of(("说明",), ("没有表头",)), "roster_header_not_found"),
        (csv_of(("姓名", "性别"), ("示大", "男")), "roster_has_no_address"),
        (csv_of(("姓名", "手机", "手机", "住址"), ("示大", "1", "2", "3")), "roster_column_is_twice"),
    ],
)
def test_what_is_no_roster_is_refused_by_name(plan: Import, data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        plan(data)
    assert refused.value.code == code
    assert refused.value.message


def test_an_address_in_columns_of_its_own_is_put_together(plan: Import) -> None:
    header = ("小区", "楼栋", "单元", "室号", "姓名", "与户主关系")
    rows = [
        ("船厂大院", "1", "1", "101", "示大", "户主"),
        (None, None, None, "102", "示三", "户主"),
        (None, None, "2", "101.0", "示四", "户主"),
        (None, "２栋", "二单元", 301.0, "示五", "户主"),
        (None, None, None, None, "示六", "妻"),
    ]
    made = plan(xlsx(header, *rows))
    assert [row.said.address for row in made.rows] == [
        "1号楼1单元101室", "1号楼1单元102室", "1号楼2单元101室", "2栋二单元301室", "2栋二单元301室",
    ]  # fmt: skip
    assert verdicts(made) == ["create"] * 5
    assert {row.said.compound for row in made.rows} == {"船厂大院"}


def test_a_row_below_a_blank_one_does_not_continue_the_household_above(plan: Import) -> None:
    made = plan(xlsx(HEADER, FAMILY[0], (), FAMILY[1]))
    assert codes(made)[1] == ["address_missing"]


def test_a_head_without_an_address_does_not_move_in_with_the_household_above(plan: Import) -> None:
    made = plan(xlsx(HEADER, FAMILY[0], ("", "示三", "户主", "女", "", "", "")))
    assert codes(made)[1] == ["address_missing"]


def test_the_title_tells_where_addresses_lie_that_name_no_place(plan: Import) -> None:
    made = plan(xlsx(("船厂大院居民名册",), HEADER, ("1", "示大", "户主", "男", A, "", "2栋1单元301")))
    assert verdicts(made) == ["create"]
    assert "roster_place_from_title" in [one.code for one in made.notes]


def test_the_sender_may_say_where_addresses_lie(plan: Import, yard: Any) -> None:
    roster = xlsx(HEADER, ("1", "示大", "户主", "男", A, "", "2栋1单元301"))
    assert verdicts(plan(roster, compound="船厂大院")) == ["create"]
    with pytest.raises(FileRefused) as refused:
        plan(roster, compound="没有的小区")
    assert refused.value.code == "roster_no_such_compound"


@pytest.mark.parametrize(
    "value",
    [A_MOMENT, date(1990, 1, 31), 32904, "32904", 19900131, "19900131", "1990-1-31", "1990/01/31", "1990.1.31",
     "1990年1月31日", "１９９０－０１－３１", "1990-01-31 00:00:00", " 1990 年 1 月 31 日 ", "一九九〇年一月三十一日",
     "1990·1·31", "'1990-01-31"],
)  # fmt: skip
def test_dates_in_many_forms(value: Any) -> None:
    assert read_date(value) == date(1990, 1, 31)


@pytest.mark.parametrize(
    ("value", "only"),
    [("1990-02-30", "never"), ("1990-13-01", "never"), (19901301, "never"), ("1990年5月", "month"), (199005, "month"),
     ("1990", "month"), (1990, "month"), ("90.1.31", ""), ("3/4/1990", ""), ("不详年", ""), (12.5, ""), (True, "")],
)  # fmt: skip
def test_what_is_no_date_is_not_guessed(value: Any, only: str) -> None:
    with pytest.raises(NotADate) as refused:
        read_date(value)
    assert refused.value.only == only
