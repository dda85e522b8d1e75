"""What a phone keeps until it is heard: outages, late batches, and answers that were lost on the way back."""

from __future__ import annotations

from collections import deque
from random import Random
from typing import Any

BATCH = 200
"""At most so many fixes at once, as after a long outage."""
KEPT = 5000
BETWEEN_OUTAGES_S, OUTAGE_S = 1500, (40, 360)
UNHEARD_SHARE = 0.03

Fix = dict[str, Any]


class Outbox:
    """A phone's fixes that the twin has not confirmed. Times are seconds of the phone's life, from 0."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._waiting: deque[Fix] = deque(maxlen=KEPT)
        self._outage_begins = random.expovariate(1 / BETWEEN_OUTAGES_S)
        self._outage_ends = self._outage_begins + random.uniform(*OUTAGE_S)

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, fix: Fix) -> None:
        self._waiting.append(fix)

    def connected(self, now: float) -> bool:
        """Whether there is a network at that moment. Moments only go forward."""
        while now >= self._outage_ends:
            self._outage_begins = self._outage_ends + self._random.expovariate(1 / BETWEEN_OUTAGES_S)
            self._outage_ends = self._outage_begins + self._random.uniform(*OUTAGE_S)
        return now < self._outage_begins

    def batch(self) -> list[Fix]:
        """The oldest fixes; they stay until `confirm`."""
        return [fix for fix, _ in zip(self._waiting, range(BATCH), strict=False)]

    def confirm(self, count: int) -> None:
        """The twin has these; a phone that heard the answer forgets them."""
        for _ in range(min(count, len(self._waiting))):
            self._waiting.popleft()

    def hears_the_answer(self) -> bool:
        """False once in a while: then the same batch goes out again."""
        return self._random.random() >= UNHEARD_SHARE
