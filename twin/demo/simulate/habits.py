"""What devices say: a word now and then that they live, and in trouble an alarm that ends after a while. Seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

HEARTBEAT_S = 1800
SILENT_SHARE = 0.03
"""Devices without power or network: they never say a word."""
WEAK_SHARE = 0.01
"""Devices whose battery is about to run out."""

Values = dict[str, float]


class Word(NamedTuple):
    """Something to say `after` seconds."""

    after: float
    values: Values
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """How often a kind of device is in trouble compared with others, how often it repeats itself, and for how long."""

    share: float
    repeats: tuple[int, int]
    lasts_s: tuple[float, float]
    values: Mapping[str, float]
    calm: Mapping[str, float]
    event: str | None = "alarm"


NOTHING: Mapping[str, float] = {}
TROUBLES: Mapping[str, Trouble] = {
    "smoke": Trouble(35, (2, 6), (90, 420), {"smoke_pct": 12.0}, {"smoke_pct": 0.1}),
    "gas": Trouble(8, (2, 5), (120, 480), {"gas_lel_pct": 18.0}, {"gas_lel_pct": 0.0}),
    "sos": Trouble(14, (1, 3), (120, 600), NOTHING, NOTHING),
    "ebike_reader": Trouble(26, (1, 2), (60, 900), NOTHING, NOTHING),
    "fire_lane_camera": Trouble(10, (1, 3), (300, 1500), NOTHING, NOTHING),
    "lift": Trouble(4, (1, 2), (300, 1200), NOTHING, NOTHING),
    "falling_object_camera": Trouble(2, (1, 1), (60, 60), NOTHING, NOTHING),
    "manhole": Trouble(3, (2, 4), (600, 2400), {"tilt_deg": 24.0}, {"tilt_deg": 2.0}, event=None),
}


class Device:
    """One device's habits, the same for the same random numbers."""

    def __init__(self, random: Random, kind: str) -> None:
        self.kind, self._random = kind, random
        self.silent = random.random() < SILENT_SHARE
        weak = random.random() < WEAK_SHARE
        self._battery_pct = random.uniform(15.2, 17) if weak else random.uniform(40, 100)
        self._drain_pct = 0.4 if weak else 0.002
        self._meter = random.uniform(50, 4000)

    def next_heartbeat_s(self) -> float:
        return self._random.uniform(0.8, 1.2) * HEARTBEAT_S

    def heartbeat(self) -> Word:
        """What it says unasked."""
        self._battery_pct = max(1.0, self._battery_pct - self._drain_pct)
        battery = {"battery_pct": round(self._battery_pct, 1)}
        match self.kind:
            case "water_meter":
                self._meter += self._random.choice([0, 0, 0.004, 0.02, 0.06])
                return Word(0, {"volume_m3": round(self._meter, 3), **battery})
            case "electricity_meter":
                power = self._random.lognormvariate(5.5, 0.8)
                self._meter += power * HEARTBEAT_S / 3.6e6
                return Word(0, {"energy_kwh": round(self._meter, 2), "power_w": round(power)})
            case "door_contact":
                return Word(0, {"open": float(self._random.random() < 0.1), **battery})
            case "lift":
                return Word(0, {"floor": float(self._random.randint(1, 18))})
            case "manhole":
                return Word(
                    0, {"tilt_deg": 2.0, "water_m": round(self._random.uniform(0, 0.05), 2), **battery}
                )
            case "ebike_reader" | "fire_lane_camera" | "falling_object_camera" | "gas":
                return Word(0, {"uptime_s": float(self._random.randint(10_000, 9_000_000))})
            case _:
                return Word(0, battery)

    def trouble(self) -> list[Word]:
        """An alarm, its repeats, and the word that it is over. Empty for a kind that has none."""
        known = TROUBLES.get(self.kind)
        if known is None:
            return []
        lasts = self._random.uniform(*known.lasts_s)
        times = self._random.randint(*known.repeats)
        moments = sorted([0.0, *(self._random.uniform(0.1, 0.9) * lasts for _ in range(times - 1))])
        said = [Word(moment, dict(known.values), known.event) for moment in moments]
        return [*said, Word(lasts, dict(known.calm), "clear" if known.event else None)]


def kind_in_trouble(random: Random, kinds: list[str]) -> str | None:
    """Which kind of device is in trouble next, of those that there are; None if none of them ever is."""
    able = sorted(set(kinds) & set(TROUBLES))
    return random.choices(able, [TROUBLES[kind].share for kind in able])[0] if able else None
