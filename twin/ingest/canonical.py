"""The twin's own form of readings, into which every other form is translated: checked whole, or refused by name.

{"batch": "…"?, "readings": [
    {"device": "own id", "at": "2026-05-01T12:00:00+08:00", "seq": 7?, "values": {"battery_pct": 93}, "event": "alarm"?}
]}
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from twin.base.errors import Invalid, TooLarge
from twin.devices.actions import NewReading
from twin.ingest.bodies import decode, invalid

READING_LIMIT: Final = 1000
METRIC_LIMIT: Final = 64
VALUE_LIMIT: Final = 1e15
METRIC: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}")
FIRST_YEAR, LAST_YEAR = 2, 9998
"""What every calendar of ours holds in any time zone. Whether a clock can be believed is judged later, and costs nothing."""

# No control characters: PostgreSQL's text cannot hold all of them, and no name needs one.
Name = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+\Z")]
Value = Annotated[float, Meta(ge=-VALUE_LIMIT, le=VALUE_LIMIT)]


class ReadingIn(msgspec.Struct, gc=False):
    """One reading as it comes. Fields that are not known here are passed over."""

    device: Name
    at: Annotated[datetime, Meta(tz=True)]
    seq: Annotated[int, Meta(ge=0, lt=2**53)] | None = None
    values: Annotated[dict[str, Value], Meta(max_length=METRIC_LIMIT)] = {}
    event: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z")] | None = None


class BatchIn(msgspec.Struct):
    readings: Annotated[list[ReadingIn], Meta(min_length=1)]
    batch: Name | None = None


class TokenIn(msgspec.Struct):
    """The token that a message over MQTT may carry in its body."""

    token: str | None = None


DECODER: Final = msgspec.json.Decoder(BatchIn)
TOKEN: Final = msgspec.json.Decoder(TokenIn)


def read_batch(body: bytes) -> tuple[str | None, list[NewReading]]:
    """(batch id, readings) of a body in the canonical form. Raises Invalid with the path of the first fault, like
    `readings[3].values.smoke`; TooLarge above 1000 readings."""
    try:
        batch = decode(body, DECODER)
    except Invalid as error:
        raise _naming_the_metric(error, body) from error
    return batch.batch, _checked(batch.readings)


def convert(readings: Sequence[dict[str, Any]]) -> list[NewReading]:
    """Readings of another form, once translated. The same checks, the same names of what is wrong."""
    try:
        rows = msgspec.convert(list(readings), list[ReadingIn])
    except msgspec.ValidationError as error:
        fault = invalid(error)
        named = fault.at(f"readings{fault.where}")
        raise _naming_the_metric(named, readings) from error
    return _checked(rows)


def _checked(readings: Sequence[ReadingIn]) -> list[NewReading]:
    if len(readings) > READING_LIMIT:
        raise TooLarge(
            "At most %(most)s readings at once; send several batches.",
            most=READING_LIMIT,
            where="readings",
        )
    for index, reading in enumerate(readings):
        if not FIRST_YEAR <= reading.at.year <= LAST_YEAR:
            raise Invalid(
                "Years are %(first)s to %(last)s.",
                first=FIRST_YEAR,
                last=LAST_YEAR,
                where=f"readings[{index}].at",
            )
        for metric in reading.values:
            if not METRIC.fullmatch(metric):
                raise Invalid(
                    "A metric is named like battery_pct, not '%(metric)s'.",
                    metric=metric[:80],
                    where=f"readings[{index}].values",
                )
    return [NewReading(r.device, r.at, r.seq, r.values, r.event or "") for r in readings]


def _naming_the_metric(error: Invalid, said: bytes | Sequence[dict[str, Any]]) -> Invalid:
    """msgspec names the dictionary that holds a wrong value, but not its key: look it up."""
    place = re.fullmatch(r"readings\[(\d+)\]\.values\[\.\.\.\]", error.where or "")
    if place is None:
        return error
    index = int(place[1])
    rows = json.loads(said)["readings"] if isinstance(said, bytes) else said
    for metric, value in rows[index]["values"].items():
        try:
            msgspec.convert(value, Value)
        except (msgspec.ValidationError, OverflowError):
            return error.at(f"readings[{index}].values.{metric[:80]}")
    return error
