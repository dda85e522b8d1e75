"""The roster handed back, read with another program than ours would be: openpyxl as any spreadsheet."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import override
from openpyxl import load_workbook

from tests.people.identities import a_number
from tests.people.roster.conftest import HEADER, Import, codes, csv_of, xlsx
from twin.people.roster.marking import BLUE, RED, YELLOW, mark, noted_rows
from twin.people.roster.plan import RosterPlan
from twin.people.roster.workbook import open_workbook

A_DAY = datetime(2020, 1, 2)  # noqa: DTZ001  (spreadsheets know no zones)
A = a_number(date(1960, 5, 1), 11)
ROWS = (
    ("海棠湾社区花名册",),
    HEADER,
    ("1", "示大", "户主", "男", A, "19900001111", "船厂大院1栋1单元101"),
    (),
    ("2", "示二", "户主", "女", A[:-1], "1", "船厂大院1栋2单元101"),
    ("3", "=1+1", "户主", "", "", "", "老供销社"),
)


def handed_back(made: RosterPlan, data: bytes) -> Any:
    headers = {sheet["name"]: sheet["header_row"] for sheet in made.read_as["sheets"]}
    return load_workbook(BytesIO(mark(open_workbook(data), noted_rows(made.rows), headers)))


def test_every_fault_is_on_its_cell_with_a_remedy(plan: Import) -> None:
    data = xlsx(*ROWS)
    with override("en"):
        page = handed_back(plan(data), data)["名册"]
    assert page["E5"].fill.start_color == RED.start_color
    assert page["E5"].comment.text.endswith("Correct it.")
    assert page["F5"].fill.start_color == YELLOW.start_color
    assert page["G6"].fill.start_color == BLUE.start_color
    assert page["H2"].value == "导入结果"
    assert page["H5"].value
    assert not page["H3"].value
    assert page["E3"].fill.fill_type is None


def test_rows_keep_their_numbers_and_cells_their_values(plan: Import) -> None:
    data = xlsx(*ROWS, ("4", "示三", "户主", "", A_DAY, 13.5, "船厂大院1栋2单元201"))
    page = handed_back(plan(data), data)["名册"]
    assert page["A1"].value == "海棠湾社区花名册"
    assert page["E3"].value == A
    assert page["A4"].value is None
    assert (page["E7"].value, page["F7"].value) == (A_DAY, 13.5)


def test_no_formula_is_handed_back(plan: Import) -> None:
    data = csv_of(*ROWS[1:])
    page = handed_back(plan(data), data)["CSV"]
    assert (page["B5"].value, page["B5"].data_type) == ("=1+1", "s")


def test_the_roster_that_was_handed_back_is_read_like_the_first(plan: Import) -> None:
    data = xlsx(*ROWS)
    made = plan(data)
    book = handed_back(made, data)
    out = BytesIO()
    book.save(out)
    again = plan(out.getvalue())
    assert codes(again) == codes(made)
    assert [row.number for row in again.rows] == [row.number for row in made.rows]
    twice = handed_back(again, out.getvalue())["名册"]
    assert (twice["H2"].value, twice["I2"].value) == ("导入结果", None)
