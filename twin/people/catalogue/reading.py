"""From sheets to rows: what every cell says. An empty cell says nothing, so it changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from twin.base.notes import FileRefused, Note, note
from twin.people.catalogue import columns as words
from twin.people.catalogue.rows import CatalogueRow, Kind
from twin.people.roster.cells import is_error, text_of_cell, word_of_cell
from twin.people.roster.header import Header, Vocabulary, find_header
from twin.people.roster.workbook import Cells, Sheet, Workbook

CODE = re.compile(r"[\w.\-]{1,40}")
COLOUR = re.compile(r"#?([0-9a-f]{6})")
LASTS = re.compile(r"(\d{1,5})(天|日|days?|d|个?月|months?|年|years?)?")
DAYS = {"月": 30, "年": 365, "m": 30, "y": 365}
MOST = 32767
"""What a small number of the database holds: of days, almost ninety years."""
LONGEST_CLASS = 40
BETWEEN_CLASSES = re.compile(r"\s*(?:/|>|›|→|\\)\s*")
FOOTERS = ("合计", "总计", "填表", "制表", "备注", "注:", "说明")


@dataclass(slots=True)
class Catalogue:
    """rows: of all sheets. read_as: how the file was read."""

    rows: list[CatalogueRow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    read_as: dict[str, Any] = field(default_factory=dict)


def read_catalogue(book: Workbook, *, sheet: str | None, fields: Mapping[str, str]) -> Catalogue:
    """Raises FileRefused for a file in which no sheet names the column of the codes."""
    found = Catalogue(read_as={"format": book.format, "encoding": book.encoding, "sheets": []})
    if sheet is not None and sheet not in {one.name for one in book.sheets}:
        names = ", ".join(one.name for one in book.sheets) or "-"
        raise FileRefused("roster_no_such_sheet", where="sheet", sheet=sheet, sheets=names)
    unread: list[str] = []
    for one in book.sheets:
        if sheet not in (None, one.name):
            continue
        kind, header = _header(one, fields)
        if header is None:
            if one.rows and sheet is None:
                found.notes.append(note("roster_sheet_left_out", sheet=one.name))
            continue
        unread += header.unread
        labels = {name: column.label for name, column in header.of.items()}
        found.read_as["sheets"].append({"name": one.name, "header_row": header.number, "columns": labels})
        _read_sheet(found, one, header, kind)
    if not found.read_as["sheets"]:
        raise FileRefused("tags_header_not_found", where="file")
    found.notes += [note("roster_sheet_hidden", sheet=name) for name in book.hidden]
    if unread:
        found.notes.append(note("roster_columns_not_read", columns=", ".join(dict.fromkeys(unread))))
    if not found.rows:
        found.notes.append(note("tags_have_no_rows"))
    return found


def _header(sheet: Sheet, fields: Mapping[str, str]) -> tuple[Kind, Header | None]:
    """Classes have a code of their own name; else it is a sheet of tags."""
    classes = find_header(sheet, {}, words.CLASSES)
    tags = _found(sheet, fields, words.TAGS)
    if classes is not None and (tags is None or len(classes.of) >= len(tags.of)):
        return Kind.CLASS, classes
    return Kind.TAG, tags


def _found(sheet: Sheet, fields: Mapping[str, str], vocabulary: Vocabulary) -> Header | None:
    header = find_header(sheet, fields, vocabulary)
    return header if header is not None and vocabulary.needed in header.of else None


def _read_sheet(found: Catalogue, sheet: Sheet, header: Header, kind: Kind) -> None:
    code_field = "code" if kind == Kind.TAG else "class_code"
    for number, cells in sheet.rows:
        if number <= header.number or _is_apart(cells):
            continue
        row = CatalogueRow(sheet.name, number, header.of, kind=kind)
        for name, column in header.of.items():
            value = cells[column.index] if column.index < len(cells) else None
            if is_error(value):
                row.note("tag_cell_is_an_error", name, text=str(value).strip())
            elif text := text_of_cell(value):
                _read_cell(row, name, text)
            elif name == code_field:
                row.note("tag_code_missing", name)
        _read_way(row)
        found.rows.append(row)


def _is_apart(cells: Cells) -> bool:
    """合计, 填表人: and what else stands below a list."""
    said = [text for value in cells if (text := text_of_cell(value))]
    return not said or said[0].startswith(FOOTERS)


def _read_cell(row: CatalogueRow, name: str, text: str) -> None:
    if name in ("code", "class_code"):
        _read_code(row, name, text)
    elif name in words.TREE or name in ("tag_class", "parent"):
        row.said[name] = text
    elif name in words.TEXTS:
        _read_text(row, name, text)
    else:
        READERS[name](row, name, text)


def _read_code(row: CatalogueRow, name: str, text: str) -> None:
    row.code = text[:40]
    if not CODE.fullmatch(text):
        row.note("tag_code_form", name, text=text)


def _read_text(row: CatalogueRow, name: str, text: str) -> None:
    if len(text) > words.TEXTS[name]:
        row.note("tag_text_too_long", name, most=words.TEXTS[name])
    else:
        row.said[name] = "" if text == words.CLEARED else text


def _read_level(row: CatalogueRow, name: str, text: str) -> None:
    level = words.LEVELS.get(word_of_cell(text))
    if level is None:
        row.note("tag_level_not_understood", name, text=text)
    else:
        row.said[name] = level


def _read_applies_to(row: CatalogueRow, name: str, text: str) -> None:
    subject = words.SUBJECTS.get(word_of_cell(text))
    if subject is None:
        row.note("tag_applies_not_understood", name, text=text)
    else:
        row.said[name] = subject.value


def _read_colour(row: CatalogueRow, name: str, text: str) -> None:
    match = COLOUR.fullmatch(text.casefold())
    if match is None:
        row.note("tag_colour_not_understood", name, text=text)
    else:
        row.said[name] = f"#{match[1]}"


def _read_pattern(row: CatalogueRow, name: str, text: str) -> None:
    pattern = words.PATTERNS.get(word_of_cell(text))
    if pattern is None:
        row.note("tag_pattern_not_understood", name, text=text)
    else:
        row.said[name] = pattern


def _read_lasts(row: CatalogueRow, name: str, text: str) -> None:
    if text in words.FOR_EVER:
        row.said[name] = None
        return
    match = LASTS.fullmatch(word_of_cell(text))
    unit = (match[2] or "").lstrip("个")[:1] if match else ""
    days = int(match[1]) * DAYS.get(unit, 1) if match else 0
    if 1 <= days <= MOST:
        row.said[name] = days
    else:
        row.note("tag_lasts_not_understood", name, text=text)


def _read_position(row: CatalogueRow, name: str, text: str) -> None:
    if text.isascii() and text.isdigit() and int(text) <= MOST:
        row.said[name] = int(text)
    else:
        row.note("tag_position_not_understood", name, text=text)


def _read_way(row: CatalogueRow) -> None:
    """The way down to the class, from columns of their own or from one with strokes between the names."""
    parts = [row.said.pop(name, "") for name in words.TREE]
    whole = row.said.pop("tag_class", "")
    steps = [part for part in parts if part] or [part for part in BETWEEN_CLASSES.split(whole) if part]
    row.way = tuple(steps)
    if any(len(step) > LONGEST_CLASS for step in steps):
        row.note("tag_text_too_long", class_column(row), most=LONGEST_CLASS)


def class_column(row: CatalogueRow) -> str:
    """Which of its columns tells the class, for a note."""
    return next((name for name in ("tag_class", *reversed(words.TREE)) if name in row.columns), "tag_class")


READERS: Mapping[str, Callable[[CatalogueRow, str, str], None]] = {
    "level": _read_level,
    "applies_to": _read_applies_to,
    "colour": _read_colour,
    "pattern": _read_pattern,
    "lasts_days": _read_lasts,
    "position": _read_position,
}
