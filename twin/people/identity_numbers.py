"""Identity numbers (公民身份号码), aligned with GB 11643: six digits of area, eight of birth, three serial, one check."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from twin.base.errors import Invalid

FORM: Final = re.compile(r"[1-9]\d{16}[\dX]")
FIRST_YEAR: Final = 1890
WEIGHTS: Final = tuple(pow(2, 17 - place, 11) for place in range(17))
CHECKS: Final = "10X98765432"


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """What a number says: itself, tidied; the area code; when its bearer was born; and the sex, by its 17th digit."""

    number: str
    area: str
    birth_date: date
    sex: Literal["male", "female"]


def read_identity_number(text: str, *, today: date, where: str = "identity") -> IdentityNumber:
    """Read and check a number. Full-width digits, spaces and a small x are mended. Raises Invalid, naming what is wrong:
    `identity_form`, `identity_birth` or `identity_check`; the number itself is never repeated."""
    number = tidied(text)
    if not FORM.fullmatch(number):
        if re.fullmatch(r"\d{15}", number):
            raise Invalid(
                "This is an old identity number of 15 digits; ask for the one of 18.",
                where=where,
                code="identity_form",
            )
        raise Invalid(
            "An identity number has 17 digits and a check digit or X.", where=where, code="identity_form"
        )
    born = _birth_date(number, today, where)
    if number[17] != check_digit(number[:17]):
        raise Invalid(
            "The check digit does not fit: one of the digits is wrong.", where=where, code="identity_check"
        )
    return IdentityNumber(number, number[:6], born, "male" if int(number[16]) % 2 else "female")


def check_digit(digits: str) -> str:
    """The 18th character for the first 17 digits (ISO 7064, MOD 11-2)."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]


def tidied(text: str) -> str:
    """Without spaces and hyphens, full-width characters narrowed, letters large."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def _birth_date(number: str, today: date, where: str) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Invalid(
            "Digits 7 to 14 are no date: they are year, month and day of birth.",
            where=where,
            code="identity_birth",
        ) from None
    if born.year < FIRST_YEAR or born > today:
        raise Invalid("The date of birth in the number cannot be right.", where=where, code="identity_birth")
    return born
