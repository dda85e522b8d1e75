"""A report as a spreadsheet or as comma-separated values: what offices exchange.

Whatever people were allowed to type may stand in a cell, also `=HYPERLINK(...)`. No cell that is written here is ever a
formula to the program that opens it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from twin.reports.field import Cell

BOM: Final = "\ufeff"
BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""Also full-width, which spreadsheets in East Asia take for the same."""
LONGEST: Final = 32_000
"""Characters in a cell; Excel opens no more than 32 767."""
TEXT = "@"
HEADER_FILL = PatternFill("solid", start_color="FFDCE6F1")


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with BOM, so that Excel knows; every text in quotes, none of which begins a formula."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in (header, *_each(rows)):
        writer.writerow([_csv_cell(value) for value in row])
    return (BOM + out.getvalue()).encode("utf-8")


def as_xlsx(
    title: str,
    notes: Sequence[str],
    header: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[Cell]],
) -> bytes:
    """One sheet: title, notes, an empty row, the header, which stays in sight, and the rows."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_name(title))
    for n, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(n)].width = width
    page.freeze_panes = f"A{len(notes) + 4}"
    page.append([_styled(page, title, font=Font(bold=True, size=14))])
    for note in notes:
        page.append([_cell(page, note)])
    page.append([])
    page.append([_styled(page, name, font=Font(bold=True), fill=HEADER_FILL) for name in header])
    for row in rows:
        page.append([_cell(page, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def plain(text: str) -> str:
    """One line without characters that no spreadsheet takes, and not too long for a cell."""
    kept = ILLEGAL_CHARACTERS_RE.sub("", text.encode("utf-8", "ignore").decode("utf-8"))
    return " ".join(kept.split())[:LONGEST]


def file_name(title: str) -> str:
    """A title without what some system does not allow in the name of a file."""
    kept = "".join(" " if char in '/\\:*?"<>|' else char for char in plain(title))
    return " ".join(kept.split()).strip(". ") or "report"


def _each(rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield from rows


def _csv_cell(value: Cell) -> Any:
    """Numbers as they are; an apostrophe before a text that would begin a formula."""
    if isinstance(value, int) or value is None:
        return "" if value is None else value
    text = value.isoformat() if isinstance(value, date) else plain(value)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def _cell(page: Any, value: Cell) -> Any:
    """Only a text that could be taken for something else needs a cell of its own: they are slow to make."""
    if not isinstance(value, str):
        return value
    text = plain(value)
    if not text.startswith((*BEGINS_A_FORMULA, "#")):
        return text
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"  # never a formula, whatever it begins with
    cell.number_format = TEXT
    cell.quotePrefix = True  # and not when somebody edits it, either
    return cell


def _styled(page: Any, value: str, font: Font, fill: PatternFill | None = None) -> Any:
    cell = WriteOnlyCell(page, value=plain(value))
    cell.data_type = "s"
    cell.font = font
    cell.alignment = Alignment(vertical="center")
    if fill is not None:
        cell.fill = fill
    return cell


def _sheet_name(title: str) -> str:
    """At most 31 characters, without those that Excel does not allow in a name."""
    kept = "".join(" " if char in "[]:*?/\\'" else char for char in plain(title))
    return kept.strip()[:31] or "1"
