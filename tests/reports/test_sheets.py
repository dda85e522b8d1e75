"""No cell that leaves is a formula, whatever somebody typed."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from twin.reports.sheets import BEGINS_A_FORMULA, BOM, as_csv, as_xlsx, file_name, plain

EVIL = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    '=HYPERLINK("http://x","y")',
    "'=1",
    '"=1',
)
starts = st.sampled_from(
    ["", *BEGINS_A_FORMULA, "\t", "\r", "\n", "\0", "\ufeff", " ", "'", '"', ",", ";", "\x1b", "\u2028"]
)
texts = st.builds(lambda a, b, c: a + b + c, starts, starts, st.text(max_size=30))


def from_csv(file: bytes) -> list[list[str]]:
    text = file.decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.reader(StringIO(text.removeprefix(BOM), newline="")))


def from_xlsx(file: bytes) -> Any:
    return load_workbook(BytesIO(file)).worksheets[0]


@settings(deadline=None)
@given(texts)
@example("=1+1")
@example("\t=cmd|' /C calc'!A0")
@example("\ud800=1")
def test_no_text_in_csv_begins_a_formula_and_every_text_is_kept(text: str) -> None:
    [_, [cell, after]] = from_csv(as_csv(["甲", "乙"], [[text, "之后"]]))
    assert not cell.startswith((*BEGINS_A_FORMULA, "\t", "\r", "\n", " "))
    assert cell in (plain(text), f"'{plain(text)}")
    assert after == "之后", "it stayed in its cell"


@settings(deadline=None)
@given(texts)
@example("=1+1")
@example("_x0041_")
def test_no_text_in_a_spreadsheet_is_a_formula(text: str) -> None:
    page = from_xlsx(as_xlsx("表", ["注"], ["甲", "乙"], [10, 10], [[text, "之后"]]))
    cell = page.cell(5, 1)
    assert cell.data_type != "f"
    assert (cell.value or "") == plain(text)
    assert page.cell(5, 2).value == "之后"


@pytest.mark.parametrize("text", EVIL)
def test_a_header_or_a_title_is_no_formula_either(text: str) -> None:
    page = from_xlsx(as_xlsx(text, [text], [text], [10], []))
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value} == {"s"}
    [[cell]] = from_csv(as_csv([text], []))
    assert not cell.startswith(BEGINS_A_FORMULA)


def test_a_text_stays_one_when_it_is_edited() -> None:
    page = from_xlsx(as_xlsx("表", [], ["甲"], [10], [["=1+1"], ["王**"]]))
    assert (page.cell(4, 1).quotePrefix, page.cell(5, 1).quotePrefix) == (True, False)


def test_numbers_and_days_are_what_they_are() -> None:
    rows = [[-5, date(2026, 5, 14), None]]
    page = from_xlsx(as_xlsx("表", [], ["分", "日", "无"], [8, 12, 8], rows))
    assert page.cell(4, 1).value == -5
    assert page.cell(4, 2).value.date() == date(2026, 5, 14)
    assert page.cell(4, 3).value is None
    assert from_csv(as_csv(["分", "日", "无"], rows))[1] == ["-5", "2026-05-14", ""]


def test_the_header_stays_in_sight_below_title_and_notes() -> None:
    page = from_xlsx(as_xlsx("高龄老人", ["海棠湾", "制表人"], ["姓名"], [14], [["王**"]]))
    assert [page.cell(n, 1).value for n in range(1, 7)] == [
        "高龄老人",
        "海棠湾",
        "制表人",
        None,
        "姓名",
        "王**",
    ]
    assert page.freeze_panes == "A6"
    assert page.column_dimensions["A"].width == 14
    assert page.title == "高龄老人"


@pytest.mark.parametrize(
    ("title", "name"),
    [("花名册", "花名册"), ("../../etc", "etc"), ('a"b\r\nc', "a b c"), ("?", "report"), ("", "report")],
)
def test_a_file_is_called_after_its_title(title: str, name: str) -> None:
    assert file_name(title) == name


@pytest.mark.parametrize("title", ["", "a/b:c*d?[e]", "'", "长" * 60, "=1"])
def test_any_title_makes_a_sheet(title: str) -> None:
    assert from_xlsx(as_xlsx(title, [], ["甲"], [10], [])).title
