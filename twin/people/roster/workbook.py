"""Opening a spreadsheet: XLSX or CSV, told by what is in it. Cells come as values; formulas are not worked out here."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any
from zlib import error as ZlibError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from twin.base.notes import FileRefused

MIB = 1024 * 1024
MOST_BYTES = 32 * MIB
MOST_UNPACKED_BYTES = 512 * MIB
MOST_ROWS, MOST_COLUMNS = 100_000, 200
LONGEST_CELL = 500
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",\t;"
SHEET_OF_CSV = "CSV"

Cells = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: (number as the spreadsheet shows it, cells), without rows that are empty."""

    name: str
    rows: list[tuple[int, Cells]]


@dataclass(frozen=True, slots=True)
class Workbook:
    """hidden: names of sheets that are there and were not read, because nobody sees them."""

    format: str
    sheets: list[Sheet]
    encoding: str = ""
    hidden: tuple[str, ...] = ()


def open_workbook(data: bytes, *, encoding: str | None = None) -> Workbook:
    """Raises FileRefused for what is no spreadsheet of these kinds, and for one that is too large."""
    if len(data) > MOST_BYTES:
        raise FileRefused("roster_too_large", where="file", most=MOST_BYTES // MIB)
    if data[:4] == OLD_OFFICE:
        raise FileRefused("roster_is_old_excel", where="file")
    if data[:2] == b"PK":
        return _xlsx(data)
    if data.lstrip()[:1] == b"<" or b"\x00" in data[:4096]:
        raise FileRefused("roster_is_no_spreadsheet", where="file")
    return _csv(data, encoding)


def _xlsx(data: bytes) -> Workbook:
    try:
        _require_small(data)
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        hidden = tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible")
        sheets, left = [], MOST_ROWS
        for sheet in seen:
            sheet.reset_dimensions()  # what the file says of its size is often wrong
            rows = list(_filled(sheet.iter_rows(values_only=True), left))
            left -= len(rows)
            sheets.append(Sheet(sheet.title, rows))
        book.close()
    except FileRefused:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, ZlibError, SyntaxError,
            TypeError, AttributeError, IndexError) as error:  # fmt: skip
        raise FileRefused("roster_is_damaged", where="file", reason=type(error).__name__) from error
    return Workbook("XLSX", sheets, hidden=hidden)


def _require_small(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            raise FileRefused("roster_is_no_spreadsheet", where="file")
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_BYTES:
            raise FileRefused("roster_too_large", where="file", most=MOST_BYTES // MIB)


def _csv(data: bytes, encoding: str | None) -> Workbook:
    for name in (encoding,) if encoding else ENCODINGS:
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        head = text[:4096]
        delimiter = max(DELIMITERS, key=head.count)
        try:
            rows = list(_filled(csv.reader(StringIO(text, newline=""), delimiter=delimiter), MOST_ROWS))
        except csv.Error as error:
            raise FileRefused("roster_is_damaged", where="file", reason=str(error)) from error
        return Workbook("CSV", [Sheet(SHEET_OF_CSV, rows)], encoding=name.removesuffix("-sig"))
    raise FileRefused("roster_encoding_unknown", where="encoding")


def _filled(rows: Iterator[Any], most: int) -> Iterator[tuple[int, Cells]]:
    """Rows with anything in them, and their numbers. Raises FileRefused when there are too many."""
    found = 0
    for number, row in enumerate(rows, start=1):
        if not any(value is not None and str(value).strip() for value in row):
            continue
        found += 1
        if found > most:
            raise FileRefused("roster_has_too_many_rows", where="file", most=MOST_ROWS)
        yield number, _trimmed(row)


def _trimmed(row: Sequence[Any]) -> Cells:
    """Without the empty cells behind the last one, and without the rest of very long texts."""
    cells = [value[:LONGEST_CELL] if isinstance(value, str) else value for value in row[:MOST_COLUMNS]]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)
