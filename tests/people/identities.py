"""Identity numbers that nobody has: area 999999 is not assigned."""

from __future__ import annotations

from datetime import date

from twin.people.identity_numbers import check_digit


def a_number(born: date = date(1938, 4, 12), serial: int = 11) -> str:
    """Odd serials are men's, even ones women's."""
    digits = f"999999{born:%Y%m%d}{serial:03d}"
    return digits + check_digit(digits)
