"""A socket at `/live/`: who may open it, what they ask, and the end of it. Everything else is the hub's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from channels.generic.websocket import AsyncWebsocketConsumer

from layers.live.connection import (
    RIGHTS_ENDED,
    TOO_LARGE,
    TOO_MANY_MESSAGES,
    TRY_AGAIN_LATER,
    Connection,
)
from layers.live.hub import Hub
from layers.live.hubs import release_hub, take_hub
from layers.live.messages import (
    LONGEST_MESSAGE,
    PROTOCOL,
    ErrorMessage,
    HelloMessage,
    JoinRequest,
    decode,
)
from layers.live.origin import may_open
from layers.live.outage import Outage
from layers.live.rights import admit
from twin.base.errors import Unauthenticated

MESSAGES_AT_ONCE = 100
MESSAGES_PER_SECOND = 5.0

_outage = Outage("The database", "sockets are asked to try again later")


class LiveConsumer(AsyncWebsocketConsumer):
    """Has no channel of its own: one subscription to the channel layer serves the whole process."""

    channel_layer_alias = None

    async def __call__(
        self, scope: Any, receive: Any, send: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> None:
        self.hub: Hub = take_hub()
        self.connection: Connection | None = None
        self.writer: asyncio.Task[None] | None = None
        self.allowance, self.counted_at = float(MESSAGES_AT_ONCE), time.monotonic()
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.connection is not None:
                self.hub.leave(self.connection)
            if self.writer is not None:
                self.writer.cancel()
            release_hub(self.hub)

    async def connect(self) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]}
        if not may_open(headers):
            await self.close()  # before the handshake ends: the browser is told 403
            return
        await self.accept()
        try:
            admission = await self.hub.joins.run(
                admit, headers.get("cookie", ""), headers.get("authorization")
            )
        except Unauthenticated:
            await self.close(RIGHTS_ENDED)
            return
        except Exception as error:
            _outage.begins(error)
            await self.close(TRY_AGAIN_LATER)
            return
        _outage.is_over()
        self.connection = Connection(admission, self.base_send)
        self.connection.say(HelloMessage(PROTOCOL, datetime.now(UTC)))
        self.hub.enter(self.connection)
        self.writer = asyncio.create_task(self.connection.run())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        connection = self.connection
        if connection is None or connection.code is not None:
            return
        if not self._may_say_more():
            self._end(
                TOO_MANY_MESSAGES, "too_many", f"No more than {MESSAGES_PER_SECOND:g} messages a second."
            )
        elif text_data is None:
            connection.say(ErrorMessage("not_text", "Send JSON as a text message."))
        elif len(text_data) > LONGEST_MESSAGE:
            self._end(TOO_LARGE, "too_large", f"No more than {LONGEST_MESSAGE} characters in one message.")
        else:
            await self._answer(connection, text_data)

    async def _answer(self, connection: Connection, text: str) -> None:
        try:
            request = decode(text)
        except msgspec.ValidationError as error:
            connection.say(ErrorMessage("invalid", str(error)))
            return
        except msgspec.DecodeError as error:
            connection.say(ErrorMessage("not_json", str(error)))
            return
        if not isinstance(request, JoinRequest):
            for name in request.topics:
                self.hub.unfollow(connection, name)
            return
        try:
            await self.hub.join(connection, {wanted.topic: wanted.after for wanted in request.topics})
        except Exception as error:
            _outage.begins(error)
            self._end(TRY_AGAIN_LATER, "unavailable", "The answer cannot be read now; come again.")
        else:
            _outage.is_over()

    def _may_say_more(self) -> bool:
        """A hundred at once, then five a second."""
        now = time.monotonic()
        earned = (now - self.counted_at) * MESSAGES_PER_SECOND
        self.allowance, self.counted_at = min(MESSAGES_AT_ONCE, self.allowance + earned) - 1, now
        return self.allowance >= 0

    def _end(self, close_code: int, code: str, message: str) -> None:
        assert self.connection is not None
        self.connection.say(ErrorMessage(code, message))
        self.connection.close(close_code)
