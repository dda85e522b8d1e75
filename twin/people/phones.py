"""Phone numbers as they are kept: digits only, mainland numbers without their country code."""

from __future__ import annotations

import re
import unicodedata

from twin.base.errors import Invalid


def tidied_phone(text: str, *, where: str = "phone") -> str:
    """Digits, and a leading + for other countries. Raises Invalid for what cannot be called."""
    narrow = re.sub(r"[\s\-()./]", "", unicodedata.normalize("NFKC", text))
    number = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", narrow)
    if not re.fullmatch(r"\+?\d{5,15}", number):
        raise Invalid("A phone number has 5 to 15 digits.", where=where, code="phone_form")
    return number
