from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from twin.base.errors import Invalid
from twin.ingest.bodies import decode

ANYTHING = msgspec.json.Decoder(dict[str, Any])


def as_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a message. Raises Invalid for anything else, NaN and Infinity included."""
    return decode(body, ANYTHING)


def time_of(raw: Any, received_at: datetime, *, where: str) -> datetime:
    """A time as ISO 8601 with zone or in unix milliseconds; the moment of arrival where there is none. Raises Invalid."""
    if raw is None:
        return received_at
    try:
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            return datetime.fromtimestamp(raw / 1000, UTC)
        return msgspec.convert(raw, datetime)
    except (msgspec.ValidationError, ValueError, OverflowError, OSError) as error:
        raise Invalid("'%(text)s' is no time.", text=str(raw)[:40], where=where) from error


def inner(said: dict[str, Any], *path: str) -> Any:
    """What lies below these keys; None where one of them is missing or holds no object."""
    found: Any = said
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found
