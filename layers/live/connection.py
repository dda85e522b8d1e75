"""One socket, as the hub sees it: who is there, what it follows and up to where, and what still has to be sent to it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from layers.live.log import Change
from layers.live.messages import ServerMessage, encode
from layers.live.rights import Admission

RIGHTS_ENDED = 4401
TOO_SLOW = 4408
TOO_MANY_MESSAGES = 4429
TOO_LARGE = 1009
TRY_AGAIN_LATER = 1013

MOST_WAITING = 5000
"""Messages, and"""
MOST_WAITING_CHARACTERS = 32 * 1024 * 1024
"""characters that may wait for one socket. A client that takes them more slowly than they come is cut off: it comes back
with `after`, while a queue without end would take the memory of all."""

Send = Callable[[dict[str, Any]], Awaitable[None]]


ANSWER_PENDING = -1
"""In place of a number, while the answer to a join is being read."""


class Connection:
    """Everything here runs on the event loop; only `run` waits for the client."""

    def __init__(self, admission: Admission, send: Send) -> None:
        self.admission = admission
        self.following: dict[str, int] = {}  # up to which number, by topic
        self.heads_due = 0.0
        self.code: int | None = None
        self._send = send
        self._waiting: deque[str] = deque()
        self._characters = 0
        self._ready = asyncio.Event()

    def hand(self, change: Change) -> None:
        """Take a change of a followed topic, if it is the next one."""
        if change.seq == self.following[change.topic] + 1:
            self.following[change.topic] = change.seq
            self.put(change.message)

    def heads(self) -> dict[str, int]:
        return {name: seq for name, seq in self.following.items() if seq != ANSWER_PENDING}

    def say(self, message: ServerMessage) -> None:
        self.put(encode(message))

    def put(self, text: str) -> None:
        """Queue an encoded message; cuts the connection off when too many wait."""
        if self.code is not None:
            return
        self._waiting.append(text)
        self._characters += len(text)
        if len(self._waiting) > MOST_WAITING or self._characters > MOST_WAITING_CHARACTERS:
            self._waiting.clear()
            self.close(TOO_SLOW)
        self._ready.set()

    def close(self, code: int) -> None:
        """Close after what is queued has been sent. Nothing more is taken."""
        if self.code is None:
            self.code = code
            self._ready.set()

    async def run(self) -> None:
        """Send what is queued, in order, until closed. A client that does not read is waited for here; of one that has gone
        the server tells the consumer."""
        with suppress(Exception):
            while True:
                while self._waiting:
                    text = self._waiting.popleft()
                    self._characters -= len(text)
                    await self._send({"type": "websocket.send", "text": text})
                if self.code is not None:
                    await self._send({"type": "websocket.close", "code": self.code})
                    return
                self._ready.clear()
                await self._ready.wait()
