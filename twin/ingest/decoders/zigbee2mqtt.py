"""zigbee2mqtt: the state of one device as a JSON object, published under `zigbee2mqtt/<its friendly name>`.

See https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html. There is no number, and a time only where
`last_seen` is switched on; otherwise the moment of arrival counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from twin.ingest.decoders.fields import said_by
from twin.ingest.decoders.json_object import as_object, time_of

NOT_A_STATE: Final = ("availability", "set", "get", "attributes")


def read_zigbee2mqtt(body: bytes, *, device: str, received_at: datetime) -> list[dict[str, Any]]:
    """One reading. The bridge's own topics, and what is said to a device rather than by it, hold none."""
    first, *rest = device.split("/")
    if first in {"", "bridge"} or (rest and rest[-1] in NOT_A_STATE):
        return []
    state: Mapping[str, Any] = as_object(body)
    at = time_of(state.get("last_seen"), received_at, where="last_seen")
    fields = {key: value for key, value in state.items() if key != "last_seen"}
    return [{"device": device, "at": at, **said_by(fields)}]
