"""ChirpStack v4: the `up` event of its MQTT and HTTP integrations, https://www.chirpstack.io/docs/chirpstack/integrations/events.html.

`object` is what the device profile's codec has made of the bytes. Without one the bytes are read here where their maker is
known, and otherwise the reading only says that the device was heard.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from twin.base.errors import Invalid
from twin.ingest.decoders.fields import said_by
from twin.ingest.decoders.json_object import as_object, inner, time_of
from twin.ingest.decoders.milesight import fields_of_uplink


def read_chirpstack(body: bytes, *, received_at: datetime) -> list[dict[str, Any]]:
    """One reading of the device with this DevEUI. Other events (join, status, ack …) hold none."""
    event = as_object(body)
    device = inner(event, "deviceInfo", "devEui")
    if device is None:
        raise Invalid("An event of ChirpStack names the device.", where="deviceInfo.devEui")
    if "data" not in event and "object" not in event:
        return []
    fields = event.get("object")
    if not isinstance(fields, dict):
        maker = str(inner(event, "deviceInfo", "deviceProfileName") or "")
        fields = fields_of_uplink(maker, event.get("data"), where="data")
    at = time_of(event.get("time"), received_at, where="time")
    return [{"device": device, "at": at, "seq": event.get("fCnt"), **said_by(fields)}]
