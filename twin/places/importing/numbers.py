"""Numbers as people write them: `12 m`, `3.5`, `３层`, `十二层`, `40 ft`, `18F/-2`."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

NUMBER = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"
METRES = re.compile(rf"^({NUMBER})(m|米|公尺|met(?:er|re)s?|ft|feet|foot|英尺|')?$")
FEET = frozenset({"ft", "feet", "foot", "英尺", "'"})
METRES_PER_FOOT = 0.3048
STOREY = r"(?:层|樓|楼|f|fl|floors?|levels?|storeys?|stories|stor(?:e)?y)?"
FLOORS = re.compile(rf"^(?:地上|共)?({NUMBER}){STOREY}$")
BOTH = re.compile(rf"^(?:地上)?(\d+){STOREY}(?:[/,;、]?(?:b|地下)|[/,;、]-)(\d+){STOREY}$")
BOTH_REVERSED = re.compile(rf"^(?:-|b|地下)(\d+){STOREY}(?:[/,;、](?:\+|地上)?|地上)(\d+){STOREY}$")
CHINESE = re.compile(rf"^(?:地上|共)?([一二三四五六七八九十百两零〇]+){STOREY}$")
DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
GROUPED = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+\.\d*$|^[+-]?\d{1,3}(?:,\d{3}){2,}$")
NOTHING = frozenset(
    {"", "-", "--", "/", "\\", "无", "空", "不详", "未知", "null", "none", "nan", "n/a", "na", "<null>", "?"}
)


LONGEST = 60


class NotANumber(ValueError):
    """A text that is no number; the message is the text."""


def is_nothing(value: Any) -> bool:
    """Whether a cell is empty, or says so in a word."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return True
    return isinstance(value, str) and plain(value) in NOTHING


def plain(text: str) -> str:
    """Half-width, lower case, without blanks or what says "about"."""
    return re.sub(r"\s+|^[约≈~]", "", unicodedata.normalize("NFKC", text)).lower()


def metres(value: Any) -> float | None:
    """A length in metres, None for nothing. Raises NotANumber."""
    if is_nothing(value):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    match = METRES.match(_ungrouped(_short(value)))
    if match is None:
        raise NotANumber(str(value))
    length = _decimal(match[1])
    return length * METRES_PER_FOOT if match[2] in FEET else length


def floors(value: Any) -> tuple[float | None, int | None]:
    """Storeys above ground, and below ground where the same cell tells them. Raises NotANumber."""
    if is_nothing(value):
        return None, None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), None
    text = _ungrouped(_short(value))
    if match := BOTH.match(text):
        return float(match[1]), int(match[2])
    if match := BOTH_REVERSED.match(text):
        return float(match[2]), int(match[1])
    if match := FLOORS.match(text):
        return _decimal(match[1]), None
    if match := CHINESE.match(text):
        return float(_chinese(match[1])), None
    raise NotANumber(str(value))


def whole(value: Any) -> int | None:
    """A count, None for nothing. Raises NotANumber, also for a fraction."""
    number, _ = floors(value)
    if number is None:
        return None
    if number != int(number):
        raise NotANumber(str(value))
    return int(number)


def year(value: Any) -> int | None:
    """The year of `1998`, `1998年`, `1998-05-01`, `1990s`. Raises NotANumber."""
    if is_nothing(value):
        return None
    match = re.match(r"^(\d{4})(?:\.0+|年.*|[-/.]\d.*|s|年代)?$", _short(value))
    if match is None:
        raise NotANumber(str(value))
    return int(match[1])


def _short(value: Any) -> str:
    """A number with a thousand digits is an attack or a mistake."""
    text = str(value)
    if len(text) > LONGEST:
        raise NotANumber(text[:LONGEST])
    return plain(text)


def _ungrouped(text: str) -> str:
    return text.replace(",", "") if GROUPED.match(text) else text


def _decimal(text: str) -> float:
    """A comma is a decimal one, except before three digits: nobody can tell what that is."""
    if re.search(r",\d{3}$", text):
        raise NotANumber(text)
    number = float(text.replace(",", "."))
    if not math.isfinite(number):
        raise NotANumber(text)
    return number


def _chinese(text: str) -> int:
    """一 to 九百九十九."""
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    try:
        total = 100 * DIGITS[hundreds] if hundreds else 0
        total += 10 * (DIGITS[tens.lstrip("零〇")] if tens.lstrip("零〇") else 1) if ten else 0
        ones = ones.lstrip("零〇") or "零"
        return total + DIGITS[ones]
    except KeyError as error:
        raise NotANumber(text) from error
