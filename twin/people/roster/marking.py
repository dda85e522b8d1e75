"""The roster handed back: as it was, with every fault marked on its cell and told in a column of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook as Book
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter

from twin.base.notes import Note
from twin.people.roster.messages import REFUSES, REMARKS
from twin.people.roster.rows import Row
from twin.people.roster.synonyms import OUR_OWN
from twin.people.roster.workbook import Sheet, Workbook

RED = PatternFill("solid", start_color="FFF4B6B6")
YELLOW = PatternFill("solid", start_color="FFFFF0B3")
BLUE = PatternFill("solid", start_color="FFBFDDF5")
WAITS = frozenset({"address_doubtful", "address_is_no_home"})
RESULT_WIDTH = 60
TEXT = "@"

Noted = Mapping[tuple[str, int], Sequence[Note]]


def noted_rows(rows: Iterable[Row]) -> dict[tuple[str, int], list[Note]]:
    return {(row.sheet, row.number): row.notes for row in rows if row.notes}


def mark(book: Workbook, noted: Noted, header_rows: Mapping[str, int]) -> bytes:
    """An XLSX. header_rows: of each sheet that was read, the number of the last row of its header.

    Formulas are not handed back: a text that looks like one stays a text.
    """
    made = Book(write_only=True)
    for sheet in book.sheets:
        if sheet.name in header_rows:
            _write_sheet(made, sheet, noted, header_rows[sheet.name])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _write_sheet(made: Any, sheet: Sheet, noted: Noted, header_row: int) -> None:
    page = made.create_sheet(sheet.name)
    width = max((len(cells) for _, cells in sheet.rows), default=0)
    width -= any(
        cells[-1:] == OUR_OWN for _, cells in sheet.rows if len(cells) == width
    )  # it was handed back before
    page.column_dimensions[get_column_letter(width + 1)].width = RESULT_WIDTH
    page.freeze_panes = f"A{header_row + 1}"
    last = 0
    for number, cells in sheet.rows:
        for _gap in range(number - last - 1):
            page.append([])
        last = number
        notes = [one for one in noted.get((sheet.name, number), ()) if one.code not in REMARKS]
        row = [plain_cell(page, cells[at] if at < len(cells) else None) for at in range(width)]
        for one in notes:
            _mark_cell(row, one)
        row.append(
            plain_cell(page, OUR_OWN[0] if number == header_row else " ".join(one.message for one in notes))
        )
        row[-1].alignment = Alignment(wrap_text=True, vertical="top")
        page.append(row)


def plain_cell(page: Any, value: Any) -> Any:
    if not isinstance(value, str | int | float | bool | date | datetime | time) and value is not None:
        value = str(value)
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
        cell.number_format = TEXT
    return cell


def _mark_cell(row: list[Any], one: Note) -> None:
    letter = one.details.get("letter")
    at = column_index_from_string(letter) - 1 if letter else None
    if at is None or at >= len(row):
        return
    row[at].fill = BLUE if one.code in WAITS else RED if one.code in REFUSES else YELLOW
    said = f"{row[at].comment.text}\n{one.message}" if row[at].comment else one.message
    row[at].comment = Comment(said, _("import"), height=120, width=300)
