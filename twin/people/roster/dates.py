"""Dates as rosters have them: real ones, numbers of the spreadsheet, and text in many forms."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

from twin.places.addresses.numerals import number_of

FIRST_DAY = date(1899, 12, 30)
"""Day 0 of spreadsheets, for dates after February 1900."""
SERIALS = range(1_000, 80_000)
YEARS = range(1880, 2101)
TIME = re.compile(r"[ T]?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$")
PARTED = re.compile(r"^(\d{4})[-/.年·、](\d{1,2})[-/.月·、](\d{1,2})(?:日|号)?$")
SOLID = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
MONTH = re.compile(r"^(\d{4})[-/.年](\d{1,2})月?$|^(\d{4})(\d{2})$|^(\d{4})年?$")
SPELT = re.compile(r"[零〇○一二三四五六七八九十]+")


class NotADate(ValueError):
    """Text that is no date. `only` is "month" where it goes no further than month or year, "never" for a day that does not
    exist, "" for the rest."""

    def __init__(self, only: str = "") -> None:
        super().__init__(only)
        self.only = only


def read_date(value: Any) -> date:
    """Raises NotADate. Day and month are never guessed: 3/4/1990 and 90.3.4 are no dates."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    text = TIME.sub("", re.sub(r"\s+", " ", unicodedata.normalize("NFKC", str(value))).strip(" '`’‘\"“”"))
    text = SPELT.sub(_arabic, text).replace(" ", "")
    found = PARTED.match(text) or SOLID.match(text)
    if found:
        return _date(*map(int, found.groups()))
    if (
        re.fullmatch(r"\d{4,5}(?:\.0+)?", text)
        and int(float(text)) in SERIALS
        and int(float(text)) not in YEARS
    ):
        return _serial(int(float(text)))
    if MONTH.match(text):
        raise NotADate("month")
    raise NotADate


def _number(value: float) -> date:
    whole = int(value)
    if SOLID.match(str(whole)):
        return read_date(str(whole))
    if whole in SERIALS and whole not in YEARS:
        return _serial(whole)
    raise NotADate("month" if MONTH.match(str(whole)) else "")


def _serial(days: int) -> date:
    return FIRST_DAY + timedelta(days=days)


def _date(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise NotADate("never")
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADate("never") from None


def _arabic(found: re.Match[str]) -> str:
    """二〇〇一 and 十二, in a date: digits one by one, or a number up to 31."""
    return number_of(found[0].replace("○", "〇")) or found[0]
