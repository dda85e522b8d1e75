"""The words that devices use for what they measure, and ours for it. One table for all forms."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

METRICS: Final[Mapping[str, str]] = {
    "battery": "battery_pct",
    "battery_level": "battery_pct",
    "temperature": "temperature_c",
    "humidity": "humidity_pct",
    "illuminance": "illuminance_lx",
    "luminosity": "luminosity",
    "linkquality": "link_quality",
    "power": "power_w",
    "current": "current_a",
    "energy": "energy_kwh",
    "angle": "tilt_deg",
}
"""Theirs -> ours, with the unit in the name. What is not in here keeps its own name."""

DANGERS: Final = frozenset(
    {
        "smoke",
        "gas",
        "carbon_monoxide",
        "water_leak",
        "leak",
        "leakage_status",
        "sos",
        "alarm",
        "emergency",
        "fire",
    }
)
"""Fields that say whether the thing itself is happening: true, "leak", "alarm" … against false, "normal" …"""
HAPPENING: Final = frozenset(
    {"alarm", "leak", "leaking", "detected", "triggered", "emergency", "sos", "fire"}
)
OVER: Final = frozenset({"normal", "clear", "none", "no_alarm", "ok", "idle"})
CALLS: Final = frozenset({"emergency", "sos", "panic", "alarm"})
"""Actions of a button or cord that call for help."""


def said_by(fields: Mapping[str, Any]) -> dict[str, Any]:
    """`values` and, if something happened, `event` of a decoded payload. A danger that is on outweighs all else; a contact
    tells that it opened or closed; true and false count as 1 and 0; texts and nested things are passed over."""
    values = {ours: value for key, raw in fields.items() for ours, value in _measured(key, raw)}
    event = _danger(fields) or _action(fields.get("action")) or _test(fields)
    return {"values": values, "event": event}


def _measured(key: str, raw: Any) -> Iterator[tuple[str, float]]:
    if key == "contact" and isinstance(raw, bool):
        yield "door_open", float(not raw)  # a contact is made while the door is closed
    elif isinstance(raw, int) or (isinstance(raw, float) and math.isfinite(raw)):
        name = METRICS.get(key) or re.sub(r"[^A-Za-z0-9_.:-]", "_", key)[:64]
        if name[:1].isalpha():
            yield name, raw if isinstance(raw, int) and not isinstance(raw, bool) else float(raw)


def _danger(fields: Mapping[str, Any]) -> str | None:
    heard = [_is_happening(raw) for key, raw in fields.items() if key in DANGERS]
    if True in heard:
        return "alarm"
    return "clear" if False in heard else None


def _is_happening(raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower().replace(" ", "_")
    return True if word in HAPPENING else False if word in OVER else None


def _action(raw: Any) -> str | None:
    if not isinstance(raw, str) or not raw:
        return None
    word = re.sub(r"[^a-z0-9_]", "_", raw.lower())[:40]
    if word in CALLS:
        return "alarm"
    return word if word[0].isalpha() else None


def _test(fields: Mapping[str, Any]) -> str | None:
    return "test" if fields.get("test") is True else None
