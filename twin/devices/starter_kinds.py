"""The device kinds and alarm rules that a community begins with. Data: every community changes its own copy.

Severities: 1 smoke, gas, SOS; 2 a trapped lift, a falling object, an open manhole; 3 an e-bike in the stairwell, a blocked
fire lane; 4 low battery, offline. Every kind that raises an alarm by itself says so with the event "alarm", and "clear".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class StarterKind:
    code: str
    name: str
    name_en: str
    rules: tuple[dict[str, Any], ...]
    offline_after: timedelta | None = timedelta(hours=24)


def _event(severity: int, title: str, title_en: str) -> dict[str, Any]:
    return {
        "code": "alarm",
        "title": title,
        "title_en": title_en,
        "severity": severity,
        "trigger": "event",
        "event": "alarm",
        "clear_event": "clear",
    }


def _above(
    severity: int, metric: str, threshold: float, code: str, title: str, title_en: str
) -> dict[str, Any]:
    return {
        "code": code,
        "title": title,
        "title_en": title_en,
        "severity": severity,
        "trigger": "threshold",
        "metric": metric,
        "comparison": "gt",
        "threshold": threshold,
    }


LOW_BATTERY: Final[dict[str, Any]] = {
    "code": "low_battery",
    "title": "电量低",
    "title_en": "Low battery",
    "severity": 4,
    "trigger": "threshold",
    "metric": "battery_pct",
    "comparison": "lt",
    "threshold": 15.0,
}
LOST: Final[dict[str, Any]] = {
    "code": "offline",
    "title": "设备离线",
    "title_en": "Offline",
    "severity": 4,
    "trigger": "offline",
}

STARTER_KINDS: Final = (
    StarterKind("smoke", "烟雾报警器", "Smoke detector", (_event(1, "烟雾报警", "Smoke"), LOW_BATTERY, LOST)),
    StarterKind("gas", "燃气报警器", "Gas detector", (_event(1, "燃气泄漏", "Gas leak"), LOST)),
    StarterKind("sos", "一键呼叫", "SOS button", (_event(1, "紧急呼叫", "SOS call"), LOW_BATTERY, LOST)),
    StarterKind("water_meter", "智能水表", "Water meter", (LOW_BATTERY, LOST), timedelta(hours=48)),
    StarterKind("electricity_meter", "智能电表", "Electricity meter", (LOST,)),
    StarterKind("door_contact", "门磁", "Door contact", (LOW_BATTERY, LOST)),
    StarterKind(
        "ebike_reader",
        "电动自行车进楼识别",
        "E-bike tag reader",
        (_event(3, "电动自行车进楼", "E-bike in the stairwell"), LOST),
    ),
    StarterKind(
        "fire_lane_camera",
        "消防通道摄像机",
        "Fire-lane camera",
        (_event(3, "消防通道占用", "Fire lane blocked"), LOST),
        timedelta(hours=1),
    ),
    StarterKind(
        "lift",
        "电梯监测",
        "Lift monitor",
        (_event(2, "电梯困人", "Person trapped in lift"), LOST),
        timedelta(hours=1),
    ),
    StarterKind(
        "manhole",
        "井盖监测",
        "Manhole cover",
        (
            _above(2, "tilt_deg", 15.0, "tilt", "井盖倾斜", "Manhole cover tilted"),
            _above(3, "water_m", 0.2, "water", "井内水位高", "Water high in manhole"),
            LOW_BATTERY,
            LOST,
        ),
        timedelta(hours=48),
    ),
    StarterKind(
        "falling_object_camera",
        "高空抛物摄像机",
        "Falling-object camera",
        (_event(2, "高空抛物", "Falling object"), LOST),
        timedelta(hours=1),
    ),
)
