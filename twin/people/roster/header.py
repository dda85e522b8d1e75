"""Finding the header of a sheet: below titles, one row or several, with merged headings above the names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.utils import column_index_from_string, get_column_letter

from twin.base.notes import FileRefused
from twin.people.roster.synonyms import FIELDS, OF_THE_HEAD, OUR_OWN, WITHOUT_MEANING
from twin.people.roster.workbook import Cells, Sheet

LOOKED_THROUGH = 30
"""A header stands among the first rows."""
MOST_HEIGHT = 3
LEAST_FIELDS = 2
BRACKETED = re.compile(r"[（(\[【].*?[）)\]】]")
SHORT = re.compile(r"[\s*＊:：、，。./_\-]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the columns of one kind of list are called: our field -> names, the most telling first. needed: the field
    without which a row of titles is no header."""

    fields: Mapping[str, tuple[str, ...]]
    needed: str


RESIDENTS = Vocabulary(FIELDS, "name")


@dataclass(frozen=True, slots=True)
class Column:
    """index: from 0. title: as the sheet has it, with the heading above it."""

    index: int
    title: str

    @classmethod
    def from_label(cls, label: str) -> Column:
        """The column that people were told of like that."""
        title, _, letter = label.removesuffix(")").rpartition(" (")
        return cls(column_index_from_string(letter or label) - 1, title)

    @property
    def letter(self) -> str:
        return str(get_column_letter(self.index + 1))

    @property
    def label(self) -> str:
        """As people are told of it."""
        return f"{self.title} ({self.letter})" if self.title else self.letter


@dataclass(frozen=True, slots=True)
class Header:
    """number: the last row of the header, as the sheet numbers it. above: what stands over it, titles and dates. lines: of
    each of its rows the titles, plain, by which it is known again on the next page."""

    number: int
    of: dict[str, Column]
    titles: tuple[str, ...]
    unread: tuple[str, ...]
    above: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...] = ()


def find_header(sheet: Sheet, stated: Mapping[str, str], vocabulary: Vocabulary = RESIDENTS) -> Header | None:
    """The header with the most known columns; None for a sheet that has none. stated: our field -> column, by its name or
    its letter. Raises FileRefused for a stated column that is not there, and for two columns that could be one field."""
    best: tuple[int, int, Header] | None = None
    top = sheet.rows[:LOOKED_THROUGH]
    for start in range(len(top)):
        for height in range(1, MOST_HEIGHT + 1):
            block = top[start : start + height]
            if len(block) < height or block[-1][0] - block[0][0] != height - 1:
                continue
            titles = _titles([cells for _, cells in block])
            found = _fields(titles, vocabulary)
            if (
                len(found) >= LEAST_FIELDS
                and vocabulary.needed in found
                and (best is None or (len(found), -height) > best[:2])
            ):
                best = (len(found), -height, _header(block, titles, found, top[:start], vocabulary))
    if best is None:
        return _stated_only(sheet, stated, vocabulary)
    return _with_stated(best[2], stated, vocabulary)


def plain_title(title: Any) -> str:
    text = unicodedata.normalize("NFKC", str(title or ""))
    return SHORT.sub("", BRACKETED.sub("", text)).casefold()


def line_of(cells: Cells) -> tuple[str, ...]:
    """The titles of a row of a header, plain, without empty cells."""
    return tuple(filter(None, map(plain_title, cells)))


def _titles(block: Sequence[Cells]) -> list[tuple[str, ...]]:
    """For each column the texts from the top of the header down; a merged heading holds for the columns to its right."""
    width = max(len(cells) for cells in block)
    filled: list[list[str]] = []
    for depth, cells in enumerate(block):
        row = [" ".join(str(value).split()) if value is not None else "" for value in cells]
        row += [""] * (width - len(row))
        if depth < len(block) - 1:
            for at in range(1, width):
                below = block[depth + 1][at] if at < len(block[depth + 1]) else None
                if not row[at] and below is not None:
                    row[at] = row[at - 1]
        filled.append(row)
    return [tuple(row[at] for row in filled if row[at]) for at in range(width)]


def _fields(titles: Sequence[tuple[str, ...]], vocabulary: Vocabulary) -> dict[str, list[int]]:
    """Our field -> the columns that could be it, those of the head of the household apart."""
    found: dict[str, list[int]] = {}
    for at, parts in enumerate(titles):
        field = _field_of(parts, vocabulary)
        if field:
            found.setdefault(field, []).append(at)
    for field, columns in found.items():
        own = [at for at in columns if not _is_of_head(titles[at])]
        found[field] = own or columns
    return found


def _field_of(parts: tuple[str, ...], vocabulary: Vocabulary) -> str:
    if not parts:
        return ""
    own, whole = plain_title(parts[-1]), plain_title("".join(parts))
    if own in OUR_OWN or own in WITHOUT_MEANING:
        return ""
    for text in (whole, own):
        for field, names in vocabulary.fields.items():
            if text in names:
                return "head_name" if field == "name" and _is_of_head(parts) else field
    return ""


def _is_of_head(parts: tuple[str, ...]) -> bool:
    heading = plain_title("".join(parts[:-1]))
    return any(word in heading for word in OF_THE_HEAD) and "成员" not in heading


def _header(
    block: Sequence[tuple[int, Cells]], titles: Sequence[tuple[str, ...]], found: Mapping[str, list[int]],
    over: Sequence[tuple[int, Cells]], vocabulary: Vocabulary,
) -> Header:  # fmt: skip
    columns = {}
    for field, indexes in found.items():
        names = vocabulary.fields[field]
        ranks = sorted((_rank(names, titles[at]), at) for at in indexes)
        ranked = [at for _, at in ranks]
        if len(ranks) > 1 and ranks[0][0] == ranks[1][0]:
            named = ", ".join(Column(at, titles[at][-1]).label for at in ranked)
            raise FileRefused("roster_column_is_twice", where="fields", field=field, columns=named)
        columns[field] = Column(ranked[0], "".join(titles[ranked[0]][-1:]))
    read = {column.index for column in columns.values()}
    unread = [parts[-1] for at, parts in enumerate(titles) if parts and at not in read
              and plain_title(parts[-1]) not in WITHOUT_MEANING and plain_title(parts[-1]) not in OUR_OWN]  # fmt: skip
    above = [
        str(value).strip() for _, cells in over for value in cells if value is not None and str(value).strip()
    ]
    shown = tuple(parts[-1] if parts else "" for parts in titles)
    lines = tuple(line_of(cells) for _, cells in block)
    return Header(block[-1][0], columns, shown, tuple(unread), tuple(above), lines)


def _rank(names: Sequence[str], parts: tuple[str, ...]) -> int:
    """The more telling name first: 身份证号码 before 证件号码."""
    texts = (plain_title(parts[-1]), plain_title("".join(parts)))
    return min((names.index(text) for text in texts if text in names), default=len(names))


def _with_stated(header: Header, stated: Mapping[str, str], vocabulary: Vocabulary) -> Header:
    columns = dict(header.of)
    for field, wanted in stated.items():
        if field not in vocabulary.fields:
            fields = ", ".join(vocabulary.fields)
            raise FileRefused("roster_no_such_field", where="fields", field=field, fields=fields)
        if not wanted:
            columns.pop(field, None)
            continue
        columns[field] = _column_named(header, wanted)
    return replace(header, of=columns)


def _column_named(header: Header, wanted: str) -> Column:
    same = [
        at for at, title in enumerate(header.titles) if title and plain_title(title) == plain_title(wanted)
    ]
    if len(same) == 1:
        return Column(same[0], header.titles[same[0]])
    if re.fullmatch(r"[A-Za-z]{1,2}", wanted):
        at = column_index_from_string(wanted.upper()) - 1
        return Column(at, header.titles[at] if at < len(header.titles) else "")
    titles = ", ".join(title for title in header.titles if title) or "-"
    raise FileRefused("roster_no_such_column", where="fields", column=wanted, columns=titles)


def _stated_only(sheet: Sheet, stated: Mapping[str, str], vocabulary: Vocabulary) -> Header | None:
    """Without a header, columns may be stated by their letters; then the first row is a row."""
    if not stated or not all(re.fullmatch(r"[A-Za-z]{1,2}", wanted) for wanted in stated.values() if wanted):
        return None
    empty = Header(0, {}, (), (), ())
    return _with_stated(empty, stated, vocabulary)
