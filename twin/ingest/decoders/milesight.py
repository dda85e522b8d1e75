"""The bytes of Milesight's LoRaWAN sensors: a row of (channel, type, value), https://github.com/Milesight-IoT/SensorDecoders."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, Final

from twin.base.errors import Invalid

MAKER: Final = "milesight"

# (channel, type) -> how many bytes, and what they say
KNOWN: Final[Mapping[tuple[int, int], tuple[int, Callable[[bytes], dict[str, Any]]]]] = {
    (0x01, 0x75): (1, lambda raw: {"battery": raw[0]}),
    (0x03, 0x67): (2, lambda raw: {"temperature": int.from_bytes(raw, "little", signed=True) / 10}),
    (0x04, 0x68): (1, lambda raw: {"humidity": raw[0] / 2}),
    (0x05, 0x00): (1, lambda raw: {"leakage_status": "leak" if raw[0] else "normal"}),
}


def fields_of_uplink(maker: str, raw: Any, *, where: str) -> dict[str, Any]:
    """What the bytes (base64) of an uplink say, if `maker` names a maker whose bytes are known here; else nothing. Raises
    Invalid for what is no base64."""
    if raw is None or MAKER not in maker.lower():
        return {}
    try:
        return read_milesight(base64.b64decode(raw, validate=True))
    except (binascii.Error, TypeError, ValueError) as error:
        raise Invalid("The bytes of an uplink are written in base64.", where=where) from error


def read_milesight(raw: bytes) -> dict[str, Any]:
    """Fields by name. Reading stops at the first channel that is not known: what follows cannot be told apart."""
    fields: dict[str, Any] = {}
    while len(raw) > 2 and (raw[0], raw[1]) in KNOWN:
        length, read = KNOWN[raw[0], raw[1]]
        if len(raw) < 2 + length:
            break
        fields |= read(raw[2 : 2 + length])
        raw = raw[2 + length :]
    return fields
