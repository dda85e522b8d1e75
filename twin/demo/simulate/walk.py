"""How a worker walks: from door to door along the streets, with a talk at every door. In local metres and seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import numpy as np

from twin.demo.simulate.streets import NoWay, Path, Streets

PACE_M_S = (1.2, 0.15)
SLOWEST_M_S, FASTEST_M_S = 0.7, 1.8
TALK_S = 110
"""Half of all talks are longer. A visit counts from 60 s."""
SHORTEST_TALK_S, LONGEST_TALK_S = 60, 900
NEXT_DOORS = 4
"""The next door is one of so many nearest: people go roughly around, not exactly."""
HALT_SHARE = 0.15
HALT_S = (8, 60)

Door = tuple[float, float]


class Where(NamedTuple):
    """Where somebody really is. `at_a_door`: under a roof, where receivers are poor."""

    x: float
    y: float
    at_a_door: bool


@dataclass(slots=True)
class Leg:
    """A way that is being walked."""

    path: Path
    metres: np.ndarray
    """Metres from the start, at every corner."""
    pace_m_s: float
    halt_at_m: float
    done_m: float = 0.0

    @property
    def left_m(self) -> float:
        return float(self.metres[-1]) - self.done_m

    def place(self) -> tuple[float, float]:
        x, y = (float(np.interp(self.done_m, self.metres, self.path[:, axis])) for axis in (0, 1))
        return x, y


class Walk:
    """One worker's walk, the same for the same random numbers and the same steps. Starts at the first door."""

    def __init__(self, random: Random, streets: Streets, doors: Sequence[Door]) -> None:
        if not doors:
            raise NoWay("nowhere to go")
        self._random, self._streets, self._doors = random, streets, list(doors)
        self._at = random.randrange(len(self._doors))
        self._left = set(range(len(self._doors))) - {self._at}
        self._rest_s = random.uniform(0, 20)
        self._leg: Leg | None = None

    def advance(self, seconds: float) -> Where:
        """Let so many seconds pass."""
        while seconds > 0:
            seconds = self._stand(seconds) if self._rest_s > 0 else self._step(seconds)
        return self.where()

    def where(self) -> Where:
        if self._leg is None:
            return Where(*self._doors[self._at], at_a_door=True)
        return Where(*self._leg.place(), at_a_door=False)

    def _stand(self, seconds: float) -> float:
        used = min(seconds, self._rest_s)
        self._rest_s -= used
        return seconds - used

    def _step(self, seconds: float) -> float:
        if self._leg is None:
            self._set_out()
        leg = self._leg
        assert leg is not None
        ahead = min(leg.left_m, leg.halt_at_m - leg.done_m if leg.halt_at_m > leg.done_m else leg.left_m)
        used = min(seconds, ahead / leg.pace_m_s)
        leg.done_m += used * leg.pace_m_s
        if leg.left_m < 0.01:
            self._arrive()
        elif 0 <= leg.halt_at_m <= leg.done_m + 0.01:
            leg.halt_at_m = -1
            self._rest_s = self._random.uniform(*HALT_S)
        return seconds - used

    def _set_out(self) -> None:
        goal = self._next_door()
        path = self._way(self._doors[self._at], self._doors[goal])
        metres = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
        pace = min(max(self._random.gauss(*PACE_M_S), SLOWEST_M_S), FASTEST_M_S)
        halts = self._random.random() < HALT_SHARE
        halt_at = self._random.uniform(0.1, 0.9) * float(metres[-1]) if halts else -1.0
        self._at = goal
        self._leg = Leg(path, metres, pace, halt_at)

    def _arrive(self) -> None:
        self._leg = None
        talk = TALK_S * self._random.lognormvariate(0, 0.6)
        self._rest_s = min(max(talk, SHORTEST_TALK_S), LONGEST_TALK_S)

    def _next_door(self) -> int:
        self._left.discard(self._at)
        if not self._left:
            self._left = set(range(len(self._doors))) - {self._at} or {self._at}
        here = self._doors[self._at]
        nearest = sorted(self._left, key=lambda d: (_apart(here, self._doors[d]), d))
        return self._random.choice(nearest[:NEXT_DOORS])

    def _way(self, start: Door, goal: Door) -> Path:
        """From the door to the street, along the streets, and from the street to the other door."""
        begins, ends = self._streets.snap(*start), self._streets.snap(*goal)
        try:
            middle = self._streets.route(begins, ends)
        except NoWay:
            middle = np.empty((0, 2))
        return np.concatenate([[start], middle, [goal]])


def _apart(a: Door, b: Door) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
