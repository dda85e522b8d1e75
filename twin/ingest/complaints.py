"""What msgspec says of a body that is not as it should be, in sentences that can be translated.

It has no codes, so what it says is known by its form; what is not known is passed on as it came.
"""

from __future__ import annotations

import re

from twin.base.errors import Invalid


def complaint(said: str) -> Invalid:
    """msgspec's sentence as ours; the place is the caller's to add."""
    found = _kinds(said) or _bounds(said) or _fields(said)
    return found or Invalid("This is not as it should be: %(said)s.", said=said)


def _kinds(said: str) -> Invalid | None:
    if match := re.fullmatch(r"Expected `(.+)`, got `(.+)`", said):
        return Invalid("Expected `%(kind)s`, got `%(got)s`.", kind=match[1], got=match[2])
    if "timezone component" in said:
        return Invalid("Expected a time with a time zone.")
    if "datetime" in said:
        return Invalid("Expected a time as 2026-01-31T08:00:00+08:00.")
    return None


def _bounds(said: str) -> Invalid | None:
    if match := re.fullmatch(r"Expected `(.+)` (>=|<=|>|<) (\S+)", said):
        return Invalid(
            "Expected `%(kind)s` %(sign)s %(bound)s.", kind=match[1], sign=match[2], bound=match[3]
        )
    if match := re.fullmatch(r"Expected `(.+)` of length (>=|<=) (\d+)", said):
        return Invalid(
            "Expected `%(kind)s` of length %(sign)s %(bound)s.", kind=match[1], sign=match[2], bound=match[3]
        )
    if match := re.fullmatch(r"Expected `(.+)` matching regex (.+)", said, re.DOTALL):
        return Invalid("Expected `%(kind)s` of the form %(form)s.", kind=match[1], form=match[2])
    return None


def _fields(said: str) -> Invalid | None:
    if match := re.fullmatch(r"Object missing required field `(.+)`", said):
        return Invalid("The field `%(field)s` is missing.", field=match[1])
    if match := re.fullmatch(r"Object contains unknown field `(.+)`", said):
        return Invalid("There is no field `%(field)s` here.", field=match[1])
    return None
