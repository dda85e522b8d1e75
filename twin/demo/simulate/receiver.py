"""What a phone's receiver makes of where somebody is: an error that drifts, and now and then nonsense."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto
from random import Random
from typing import NamedTuple

from twin.demo.simulate.walk import Where

DRIFT_S = 45
"""After so long an error has forgotten two thirds of itself: neighbouring fixes are wrong in the same direction."""
OUTDOORS_M, AT_A_DOOR_M, POOR_M = 3.5, 9.0, 35.0
"""Standard deviation of the error, per axis."""
POOR_SHARE, JUMP_SHARE, NOWHERE_SHARE = 0.01, 0.0008, 0.0004
JUMP_M = (150, 600)


class Nonsense(Enum):
    JUMP = auto()
    NOWHERE = auto()


class Seen(NamedTuple):
    """What the receiver says, in local metres. NOWHERE is (0, 0) in degrees, whatever x and y are."""

    x: float
    y: float
    accuracy_m: float
    nonsense: Nonsense | None = None


@dataclass(slots=True)
class Receiver:
    """One phone's receiver. The error is a Gauss-Markov process, the usual model for satellite positions."""

    random: Random
    _east_m: float = 0.0
    _north_m: float = 0.0

    def see(self, where: Where, seconds: float) -> Seen:
        """The position `seconds` after the last one."""
        poor = self.random.random() < POOR_SHARE
        spread = POOR_M if poor else AT_A_DOOR_M if where.at_a_door else OUTDOORS_M
        keep = math.exp(-seconds / DRIFT_S)
        fresh = math.sqrt(1 - keep * keep) * spread
        self._east_m = keep * self._east_m + self.random.gauss(0, fresh)
        self._north_m = keep * self._north_m + self.random.gauss(0, fresh)
        accuracy = round(spread * self.random.uniform(1.0, 1.6), 1)
        seen = Seen(where.x + self._east_m, where.y + self._north_m, accuracy)
        chance = self.random.random()
        if chance < JUMP_SHARE:
            return self._jump(seen)
        if chance < JUMP_SHARE + NOWHERE_SHARE:
            return seen._replace(nonsense=Nonsense.NOWHERE)
        return seen

    def _jump(self, seen: Seen) -> Seen:
        """A reflection: far off, and believed to be good."""
        far, direction = self.random.uniform(*JUMP_M), self.random.uniform(0, 2 * math.pi)
        return seen._replace(
            x=seen.x + far * math.cos(direction),
            y=seen.y + far * math.sin(direction),
            nonsense=Nonsense.JUMP,
        )
