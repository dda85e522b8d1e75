"""Chinese numerals: 十二, 一百零三, 五〇二."""

from __future__ import annotations

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERALS = "".join([*DIGITS, *UNITS])
STEMS = "甲乙丙丁戊己庚辛壬癸"


def number_of(text: str) -> str | None:
    """The digits of a number in Chinese numerals: 十二 is "12", 五〇二 is "502". None for what is no number."""
    if not text or any(letter not in NUMERALS for letter in text):
        return None
    if text[0] in "百千":
        return None
    if not any(letter in UNITS for letter in text):
        return "".join(str(DIGITS[letter]) for letter in text)
    total, digit = 0, None
    for letter in text:
        if letter in UNITS:
            if digit == 0:
                digit = None
            total += (1 if digit is None else digit) * UNITS[letter]
            digit = None
        elif digit:
            return None  # two digits side by side, as in 十一二
        else:
            digit = DIGITS[letter]
    return str(total + (digit or 0))
