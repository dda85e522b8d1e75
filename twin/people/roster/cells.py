"""Cells of a row, tidied: names, numbers, words. What cannot be right is noted with its column and a remedy."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from twin.base.errors import Invalid
from twin.people.identity_numbers import read_identity_number, tidied
from twin.people.phones import tidied_phone
from twin.people.roster import synonyms
from twin.people.roster.dates import NotADate, read_date
from twin.people.roster.rows import Row
from twin.places.importing.numbers import is_nothing

ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")
QUOTES = " '`’‘\"“”\u200b\ufeff\t"
EXACT = 2**53
"""Numbers beyond cannot be told from their neighbours once a spreadsheet holds them as numbers."""
SPREADSHEET_DIGITS = 15
WHOLE_WITH_POINT = re.compile(r"^(\d+)\.0+$")
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
IN_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]?")
DEAD = re.compile(r"已故|去世|死亡|亡故|注销|病故")
LONGEST_NAME = 60
PHONES = re.compile(r"[/、;；,，|]|(?<=\d{7})\s+(?=\d{7})|(?<=\d{11})\s+")
CALLABLE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|[48]00\d{7}|\+\d{6,15}")


def text_of_cell(value: Any) -> str:
    """As people read it: whole numbers without a decimal point, without quotes and blanks around."""
    if is_nothing(value):
        return ""
    if isinstance(value, float) and value == int(value) and abs(value) < EXACT:
        value = int(value)
    text = unicodedata.normalize("NFKC", str(value)).strip(QUOTES)
    return " ".join(WHOLE_WITH_POINT.sub(r"\1", text).split())


def word_of_cell(value: Any) -> str:
    """For looking up: without blanks, small letters."""
    return text_of_cell(value).replace(" ", "").casefold()


def is_error(value: Any) -> bool:
    return isinstance(value, str) and ERRORS.fullmatch(value.strip()) is not None


def read_name(row: Row, value: Any) -> None:
    text = text_of_cell(value)
    for remark in IN_BRACKETS.findall(text):
        if DEAD.search(remark):
            row.note("row_is_of_the_dead", "name", text=remark)
        elif remark in ("户主", "本人"):
            row.said.relation = "head"
        elif remark:
            row.note("name_remark_left_out", "name", text=remark)
    name = IN_BRACKETS.sub("", text).strip()
    if HAN.search(name):
        name = name.replace(" ", "")
    if not name:
        row.note("name_missing", "name")
    elif re.search(r"\d", name):
        row.note("name_has_digits", "name")
    elif len(name) > LONGEST_NAME:
        row.note("name_too_long", "name")
    else:
        row.said.name = name


def read_sex(row: Row, value: Any) -> None:
    word = word_of_cell(value)
    if word and word not in synonyms.SEXES:
        row.note("sex_not_understood", "sex", text=text_of_cell(value))
    row.said.sex = synonyms.SEXES.get(word, "")


def read_birth(row: Row, value: Any, today: date) -> None:
    if is_nothing(value):
        return
    text = text_of_cell(value)
    try:
        born = read_date(value)
    except NotADate as error:
        code = {"never": "birth_is_no_day", "month": "birth_only_month"}.get(
            error.only, "birth_not_understood"
        )
        row.note(code, "birth_date", text=text)
        return
    if born > today:
        row.note("birth_in_future", "birth_date", text=born.isoformat())
    else:
        row.said.birth_date = born


def read_since(row: Row, value: Any, today: date) -> None:
    if is_nothing(value):
        return
    try:
        since = read_date(value)
    except NotADate:
        row.note("since_not_understood", "since", text=text_of_cell(value))
        return
    if since > today:
        row.note("since_in_future", "since", text=since.isoformat())
    else:
        row.said.since = since


def read_identity(row: Row, value: Any, kind: Any, today: date) -> None:
    """A number that went through a spreadsheet's number cell has lost its last digits, and may still pass the check."""
    word = word_of_cell(kind)
    if word and word not in synonyms.DOCUMENTS:
        row.note("document_unknown", "identity_kind", text=text_of_cell(kind))
        return
    if is_nothing(value):
        return
    row.said.identity_kind = synonyms.DOCUMENTS.get(word, "resident")
    if _is_rounded(value):
        row.note("identity_rounded", "identity")
        return
    number = tidied(re.sub(r"[^0-9A-Za-z]", "", text_of_cell(value)))
    if row.said.identity_kind != "resident":
        row.said.identity = number
        return
    try:
        read = read_identity_number(number, today=today)
    except Invalid as error:
        is_old = re.fullmatch(r"\d{15}", number) is not None
        row.note("identity_old" if is_old else error.code, "identity")
        return
    row.said.identity = read.number
    if row.said.birth_date not in (None, read.birth_date):
        row.note("identity_and_birth_differ", "birth_date" if "birth_date" in row.columns else "identity")
    if row.said.sex not in ("", "unknown", read.sex):
        row.note("identity_and_sex_differ", "sex" if "sex" in row.columns else "identity")
    row.said.birth_date, row.said.sex = read.birth_date, read.sex


def _is_rounded(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return SCIENTIFIC.fullmatch(text_of_cell(value)) is not None
    if isinstance(value, float):
        return abs(value) >= 10**SPREADSHEET_DIGITS
    return value >= EXACT and str(value).endswith("000")


def read_phone(row: Row, value: Any) -> None:
    if is_nothing(value):
        return
    text = text_of_cell(value)
    if SCIENTIFIC.fullmatch(text):
        row.note("phone_rounded", "phone")
        return
    parts = [part for part in PHONES.split(text) if part and part.strip()]
    called = [number for part in parts if (number := _callable(part))]
    if not called:
        row.note("phone_not_understood", "phone")
        return
    if len(parts) > 1:
        row.note("second_phone_left_out", "phone")
    row.said.phone = called[0]


def _callable(text: str) -> str:
    """The number, or nothing where nobody could call it."""
    try:
        number = tidied_phone(re.sub(r"[^\d+]", "", text))
    except Invalid:
        return ""
    return number if CALLABLE.fullmatch(number) else ""


def read_word(row: Row, name: str, value: Any, words: dict[str, Any]) -> Any:
    """What a word means; None for none, and for one that is not known, which is noted."""
    word = word_of_cell(value)
    if not word:
        return None
    found = words.get(word)
    if found is None:
        row.note(f"{name}_not_understood", name, text=text_of_cell(value))
    return found
