"""From sheets to rows: which sheets, which columns, and what every row says; cells that continue from above are filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from twin.base.notes import FileRefused, Note, note
from twin.base.runs import Progress
from twin.people.roster import cells, synonyms
from twin.people.roster.continuing import Above, continue_row
from twin.people.roster.header import Header, find_header, line_of, plain_title
from twin.people.roster.rows import Row
from twin.people.roster.workbook import Cells, Sheet, Workbook
from twin.places.importing.numbers import is_nothing

FOOTERS = ("合计", "总计", "小计", "制表", "填表", "审核", "备注", "注:", "说明", "统计", "负责人", "打印")
TOLD_EVERY = 1000


@dataclass(slots=True)
class Roster:
    """rows: of all sheets. read_as: how the file was read. titles: what stands above the headers and names the sheets."""

    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    read_as: dict[str, Any] = field(default_factory=dict)


def read_roster(
    book: Workbook, *, sheet: str | None, fields: Mapping[str, str], today: date, progress: Progress
) -> Roster:
    """Raises FileRefused for a file in which no sheet has a header, and for one whose columns tell no address."""
    roster = Roster()
    headers = [(one, header) for one in _sheets(book, sheet) if (header := find_header(one, fields))]
    if not headers:
        raise FileRefused("roster_header_not_found", where="file")
    left_out = [one.name for one in book.sheets if one.rows and one not in [s for s, _ in headers]]
    roster.notes += [note("roster_sheet_left_out", sheet=name) for name in left_out if sheet is None]
    roster.notes += [note("roster_sheet_hidden", sheet=name) for name in book.hidden]
    total = sum(len(one.rows) for one, _ in headers)
    for one, header in headers:
        if not ({"address"} & header.of.keys() or {"building", "room"} <= header.of.keys()):
            raise FileRefused("roster_has_no_address", where="fields")
        _read_sheet(roster, one, header, today, lambda: progress("read_rows", len(roster.rows), total))
    roster.read_as = _read_as(book, headers)
    unread = list(dict.fromkeys(title for _, header in headers for title in header.unread))
    if unread:
        roster.notes.append(note("roster_columns_not_read", columns=", ".join(unread)))
    if not roster.rows:
        roster.notes.append(note("roster_has_no_rows"))
    elif all("relation" not in header.of and "head_name" not in header.of for _, header in headers):
        roster.notes.append(note("roster_has_no_relations"))
    return roster


def _sheets(book: Workbook, wanted: str | None) -> list[Sheet]:
    if wanted is None:
        return book.sheets
    found = [one for one in book.sheets if one.name == wanted]
    if not found:
        names = ", ".join(one.name for one in book.sheets) or "-"
        raise FileRefused("roster_no_such_sheet", where="sheet", sheet=wanted, sheets=names)
    return found


def _read_as(book: Workbook, headers: list[tuple[Sheet, Header]]) -> dict[str, Any]:
    return {
        "format": book.format,
        "encoding": book.encoding,
        "sheets": [
            {
                "name": sheet.name,
                "header_row": header.number,
                "columns": {name: column.label for name, column in header.of.items()},
            }
            for sheet, header in headers
        ],
    }


def _read_sheet(roster: Roster, sheet: Sheet, header: Header, today: date, told: Any) -> None:
    above, repeated = Above(), 0
    roster.titles += [sheet.name, *header.above]
    for number, values in sheet.rows:
        if number <= header.number:
            continue
        if _is_header(values, header):
            above.skip(number)
            repeated += 1
            continue
        if _is_footer(values, header):
            continue
        row = _read_row(sheet.name, number, values, header, today)
        said = {name: _cell(values, column.index) for name, column in header.of.items()}
        continue_row(row, {n: value for n, value in said.items() if not cells.is_error(value)}, above)
        roster.rows.append(row)
        if len(roster.rows) % TOLD_EVERY == 0:
            told()
    if repeated:
        roster.notes.append(note("roster_header_repeated", count=repeated))


def _is_header(values: Cells, header: Header) -> bool:
    """Lists that are printed have their header, or all rows of it, on every page."""
    line = line_of(values)
    if len(line) >= 2 and line in header.lines:
        return True
    same = [column for column in header.of.values() if _cell(values, column.index) is not None
            and plain_title(_cell(values, column.index)) == plain_title(column.title)]  # fmt: skip
    return len(same) >= 2


def _is_footer(values: Cells, header: Header) -> bool:
    """合计, 制表人: and what else stands below a list, without a person's number."""
    said = [cells.text_of_cell(value) for value in values if not is_nothing(value)]
    if not said or not said[0].replace(" ", "").startswith(FOOTERS):
        return False
    return "identity" not in header.of or is_nothing(_cell(values, header.of["identity"].index))


def _cell(values: Cells, index: int) -> Any:
    return values[index] if index < len(values) else None


def _read_row(sheet: str, number: int, values: Cells, header: Header, today: date) -> Row:
    row = Row(sheet, number, header.of)
    found: dict[str, Any] = {}
    for name, column in header.of.items():
        value = _cell(values, column.index)
        if cells.is_error(value):
            row.note("cell_is_an_error", name, text=str(value).strip())
            value = None
        found[name] = value
    cells.read_name(row, found.get("name"))
    cells.read_sex(row, found.get("sex"))
    cells.read_birth(row, found.get("birth_date"), today)
    cells.read_identity(row, found.get("identity"), found.get("identity_kind"), today)
    cells.read_phone(row, found.get("phone"))
    cells.read_since(row, found.get("since"), today)
    relation = cells.read_word(row, "relation", found.get("relation"), synonyms.RELATIONS)
    row.said.relation = relation or row.said.relation or ("other" if _says(found, "relation") else "")
    row.said.tenure = cells.read_word(row, "tenure", found.get("tenure"), synonyms.TENURES) or ""
    row.said.bases = cells.read_word(row, "residence", found.get("residence"), synonyms.BASES) or ()
    row.said.registered_address = cells.text_of_cell(found.get("registered_address"))
    head = cells.text_of_cell(found.get("head_name")).replace(" ", "")
    if head and not row.said.relation and head == row.said.name:
        row.said.relation = "head"
    return row


def _says(found: Mapping[str, Any], name: str) -> bool:
    return not is_nothing(found.get(name))
