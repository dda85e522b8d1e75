"""Forms of readings that others speak, translated into the canonical form (`twin.ingest.canonical`). Pure functions.

A decoder takes the bytes of one message, the moment of its arrival, and the device's name where the form leaves it to the
topic. It returns readings as plain dictionaries; whether they are right is checked afterwards, for all forms alike. It raises
Invalid for bytes that are not of its form, and returns nothing for a message that holds no reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from twin.ingest.decoders.chirpstack import read_chirpstack
from twin.ingest.decoders.thingsboard import read_thingsboard_device, read_thingsboard_gateway
from twin.ingest.decoders.tts import read_tts
from twin.ingest.decoders.zigbee2mqtt import read_zigbee2mqtt

Readings = list[dict[str, Any]]


class ByTopic(Protocol):
    def __call__(self, body: bytes, *, topic: str, received_at: datetime) -> Readings:
        """`topic`: what follows the name of the form in the topic."""


ByAddress = Callable[..., Readings]

BY_ADDRESS: Final[Mapping[str, ByAddress]] = {
    "chirpstack": read_chirpstack,
    "tts": read_tts,
    "thingsboard": read_thingsboard_gateway,
}
"""Forms in which the body names the device: an address is enough."""


BY_TOPIC: Final[Mapping[str, ByTopic]] = {
    "chirpstack": lambda body, *, topic, received_at: read_chirpstack(body, received_at=received_at),
    "tts": lambda body, *, topic, received_at: read_tts(body, received_at=received_at),
    "thingsboard": lambda body, *, topic, received_at: (
        read_thingsboard_device(body, device=topic, received_at=received_at)
        if topic
        else read_thingsboard_gateway(body, received_at=received_at)
    ),
    "zigbee2mqtt": lambda body, *, topic, received_at: read_zigbee2mqtt(
        body, device=topic, received_at=received_at
    ),
}
"""All forms, as they come over MQTT."""
