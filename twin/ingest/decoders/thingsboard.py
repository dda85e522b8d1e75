"""ThingsBoard's telemetry: of one device, and of a gateway for its devices.

See https://thingsboard.io/docs/reference/mqtt-api/ and https://thingsboard.io/docs/reference/gateway-mqtt-api/. Times are
unix milliseconds; without one the moment of arrival counts. There is no number.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from twin.base.errors import Invalid
from twin.ingest.bodies import decode
from twin.ingest.decoders.fields import said_by
from twin.ingest.decoders.json_object import as_object, time_of

ONE_OR_MANY = msgspec.json.Decoder(dict[str, Any] | list[dict[str, Any]])


def read_thingsboard_device(body: bytes, *, device: str, received_at: datetime) -> list[dict[str, Any]]:
    """`{"ts": …, "values": {…}}`, plain `{"key": value}`, or a list of either."""
    said = decode(body, ONE_OR_MANY)
    rows = said if isinstance(said, list) else [said]
    return [_reading(device, row, received_at, where=f"[{index}]") for index, row in enumerate(rows)]


def read_thingsboard_gateway(body: bytes, *, received_at: datetime) -> list[dict[str, Any]]:
    """`{"Device A": [{"ts": …, "values": {…}}, …], "Device B": […]}`."""
    readings = []
    for device, rows in as_object(body).items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Invalid("A gateway sends a list of readings for each device.", where=device[:80])
        readings += [
            _reading(device, row, received_at, where=f"{device[:80]}[{index}]")
            for index, row in enumerate(rows)
        ]
    return readings


def _reading(device: str, row: dict[str, Any], received_at: datetime, *, where: str) -> dict[str, Any]:
    if "values" not in row:
        return {"device": device, "at": received_at, **said_by(row)}
    if not isinstance(row["values"], dict):
        raise Invalid("The values are an object.", where=f"{where}.values")
    at = time_of(row.get("ts"), received_at, where=f"{where}.ts")
    return {"device": device, "at": at, **said_by(row["values"])}
