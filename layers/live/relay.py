"""The bell between processes: after a commit, one message per process says which topics have news and who moved where.

It carries no facts. Whoever hears it reads the log; whoever misses it reads the log within a second all the same. So it
is rung from a thread of its own: a request never waits for Redis, and notices nothing when Redis is away.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Protocol
from uuid import uuid4

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings

from layers.live.facts import Moved
from layers.live.frames import Frames
from layers.live.outage import Outage

BETWEEN_FRAMES_S = 1.0
PATIENCE_S = 5.0


class Ear(Protocol):
    """A hub in this process. Both are called from any thread."""

    def hear_wake(self, topics: Iterable[str]) -> None: ...

    def hear_moved(self, topic: str, moved: Moved) -> None: ...


def group() -> str:
    """The channel-layer group of this installation: several may share one Redis, and must not hear each other."""
    database = settings.DATABASES["default"]
    own = f"{settings.SECRET_KEY}|{database.get('HOST')}|{database.get('PORT')}|{database['NAME']}"
    return f"live.{sha256(own.encode()).hexdigest()[:24]}"


def layer_between_processes() -> Any | None:
    """The channel layer, unless it reaches no further than this process: hubs in here are told directly."""
    layer = get_channel_layer()
    return None if isinstance(layer, InMemoryChannelLayer) else layer


class Relay:
    """One per process. Thread-safe."""

    def __init__(self) -> None:
        self.origin = uuid4().hex
        self._ears: frozenset[Ear] = frozenset()
        self._changed = threading.Condition()
        self._topics: set[str] = set()
        self._frames = Frames()
        self._frames_due = 0.0
        self._thread: threading.Thread | None = None
        self._outage = Outage(
            "The channel layer", "other processes hear of changes within a second by themselves"
        )

    def listen(self, ear: Ear) -> None:
        self._ears |= {ear}

    def forget(self, ear: Ear) -> None:
        self._ears -= {ear}

    def wake(self, topics: Iterable[str]) -> None:
        """These topics have news; call it after the commit."""
        for ear in self._ears:
            ear.hear_wake(topics)
        if layer_between_processes() is not None:
            with self._changed:
                self._topics.update(topics)
                self._ring()

    def move(self, topic: str, moved: Moved) -> None:
        """Somebody moved. Other processes hear it merged, once a second; latest wins."""
        for ear in self._ears:
            ear.hear_moved(topic, moved)
        if layer_between_processes() is not None:
            with self._changed:
                self._frames.add(topic, moved)
                self._ring()

    def _ring(self) -> None:
        if self._thread is None or not self._thread.is_alive():  # not alive: this process is a fork
            self._thread = threading.Thread(target=self._send_for_ever, name="live-relay", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _send_for_ever(self) -> None:
        with asyncio.Runner() as runner:
            while True:
                message = self._next_message()
                try:
                    runner.run(self._send(message))
                except Exception as error:
                    self._outage.begins(error)
                else:
                    self._outage.is_over()

    def _next_message(self) -> dict[str, Any]:
        """Waits until there is something to say, then says all of it at once."""
        with self._changed:
            while not self._topics and (wait := self._until_frames()) != 0:
                self._changed.wait(wait)
            topics, self._topics = sorted(self._topics), set()
            frames: dict[str, list[Moved]] = {}
            if self._until_frames() == 0:
                frames = self._frames.take_all()
                self._frames_due = time.monotonic() + BETWEEN_FRAMES_S
        moved = {topic: [list(each) for each in of_topic] for topic, of_topic in frames.items()}
        return {"type": "live.news", "origin": self.origin, "topics": topics, "moved": moved}

    def _until_frames(self) -> float | None:
        """Seconds until frames may be sent; None: there are none."""
        return max(0.0, self._frames_due - time.monotonic()) if self._frames else None

    @staticmethod
    async def _send(message: dict[str, Any]) -> None:
        layer = layer_between_processes()
        if layer is not None:
            async with asyncio.timeout(PATIENCE_S):
                await layer.group_send(group(), message)


relay = Relay()
