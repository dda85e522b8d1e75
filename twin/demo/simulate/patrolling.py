"""A worker on patrol: a shift, a walk, and a phone that tells where it is."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

from twin.demo.simulate.outbox import Fix, Outbox
from twin.demo.simulate.receiver import Nonsense, Receiver, Seen
from twin.demo.simulate.site import Away, Refused, Site
from twin.demo.simulate.terrain import Terrain
from twin.demo.simulate.tokens import Phone
from twin.demo.simulate.walk import Walk

log = logging.getLogger(__name__)

FIX_S, SHORTEST_FIX_S = 3.0, 1.0
SEND_EVERY = 2
"""Fixes between two batches."""
LOOK_EVERY = 10
"""Batches between two looks whether the shift is still open: for a while after its end late fixes are welcome, so the answer
to a batch does not tell."""
BACK_ON_SHIFT_S = 60
"""A worker whose shift somebody has ended begins the next one after so long."""
WRONG_CLOCK_SHARE = 0.12
CLOCK_S, WRONG_CLOCK_S = (-2, 2), (180, 420)


@dataclass(slots=True)
class Tally:
    """What the simulator has sent, and what became of it."""

    fixes: int = 0
    dropped: int = 0
    batches: int = 0
    repeats: int = 0
    readings: int = 0
    troubles: int = 0


@dataclass
class Worker:
    """One worker. `run` until cancelled; `end` to go off shift."""

    site: Site
    phone: Phone
    community: int
    terrain: Terrain
    random: Random
    speed: float
    tally: Tally
    _shift: int | None = None
    _began_it: bool = False
    _seq: int = 0
    _batches: int = 0
    _life_s: float = 0.0
    _moved_at: float = 0.0
    _walk: Walk = field(init=False)

    def __post_init__(self) -> None:
        self._walk = Walk(
            self.random, self.terrain.streets, self.terrain.doors_of(self.phone.grid_id, self.random)
        )
        self._receiver, self._outbox = Receiver(self.random), Outbox(self.random)
        self._clock_off = timedelta(seconds=self._clock_error())

    async def run(self) -> None:
        every = max(SHORTEST_FIX_S, FIX_S / self.speed)
        await asyncio.sleep(self.random.uniform(0, every))
        while True:
            try:
                self._shift = await self._begin_shift()
                await self._patrol(every)
            except Away as away:
                log.debug("%s: %s", self.phone.username, away)
                await asyncio.sleep(every)
            except Refused as refused:
                if refused.status == 401:
                    log.warning("%s gives up: %s", self.phone.username, refused)
                    return
                log.warning("%s: %s", self.phone.username, refused)
                await asyncio.sleep(BACK_ON_SHIFT_S / self.speed)

    async def end(self) -> None:
        """Send what is left, and end the shift if it was begun here."""
        if self._shift is None:
            return
        while await self._send():
            pass
        if self._began_it:
            await self.site.post(f"/api/shifts/{self._shift}/end/", self.phone.token, {})

    async def _begin_shift(self) -> int:
        """The open shift, or a new one."""
        query = {"open": "true", "worker": self.phone.user_id}
        found = await self.site.get("/api/shifts/", self.phone.token, **query)
        self._began_it = not found["results"]
        if found["results"]:
            return int(found["results"][0]["id"])
        place = {"community": self.community, "grid": self.phone.grid_id}
        return int((await self.site.post("/api/shifts/", self.phone.token, place))["id"])

    async def _patrol(self, every: float) -> None:
        """Walk and tell, until the twin says that the shift is over."""
        loop = asyncio.get_running_loop()
        self._moved_at = loop.time()
        while True:
            await asyncio.sleep(every)
            passed = (loop.time() - self._moved_at) * self.speed
            self._moved_at = loop.time()
            self._life_s += passed
            self._outbox.put(self._fix(self._receiver.see(self._walk.advance(passed), passed)))
            if self._seq % SEND_EVERY == 0 and self._outbox.connected(self._life_s):
                try:
                    await self._send()
                except Away as away:  # like an outage: the fixes wait
                    log.debug("%s: %s", self.phone.username, away)

    async def _send(self) -> int:
        """Send the oldest fixes; how many. Raises Refused when the shift is over."""
        fixes = self._outbox.batch()
        if not fixes or self._shift is None:
            return 0
        batch = {"batch": str(uuid4()), "shift": self._shift, "fixes": fixes}
        try:
            answer = await self.site.post("/ingest/fixes/", self.phone.token, batch)
            if not self._outbox.hears_the_answer():
                answer = await self.site.post("/ingest/fixes/", self.phone.token, batch)
                self.tally.repeats += 1
        except Refused:
            self._outbox.confirm(len(fixes))  # sent again it would be refused again
            raise
        self._outbox.confirm(len(fixes))
        self.tally.batches += 1
        self._batches += 1
        self.tally.fixes += answer["accepted"]
        self.tally.dropped += answer["dropped"]
        if self._batches % LOOK_EVERY == 0 and not await self._is_open():
            raise Refused(404, "off_shift", "somebody has ended the shift")
        return len(fixes)

    async def _is_open(self) -> bool:
        shift = await self.site.get(f"/api/shifts/{self._shift}/", self.phone.token)
        return shift["ended_at"] is None

    def _fix(self, seen: Seen) -> Fix:
        self._seq += 1
        lon, lat = (0.0, 0.0) if seen.nonsense is Nonsense.NOWHERE else self.terrain.lonlat(seen.x, seen.y)
        return {
            "seq": self._seq,
            "at": (datetime.now(UTC) + self._clock_off).isoformat(),
            "lon": round(lon, 7),
            "lat": round(lat, 7),
            "accuracy_m": seen.accuracy_m,
        }

    def _clock_error(self) -> float:
        """Seconds that this phone's clock is fast (negative: slow)."""
        if self.random.random() < WRONG_CLOCK_SHARE:
            return self.random.choice((-1, 1)) * self.random.uniform(*WRONG_CLOCK_S)
        return self.random.uniform(*CLOCK_S)
