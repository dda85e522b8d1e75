"""A socket at `/live/`: who may open it, what they ask, and the end of it. Everything else is the hub's."""

from __future__ import annotations

import asyncio
import time
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
    Send,
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

    hub: Hub | None = None
    connection: Connection | None = None
    writer: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        self.allowance, self.counted_at = float(MESSAGES_AT_ONCE), time.monotonic()
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.writer is not None:
                self.writer.cancel()
            if self.hub is not None:
                if self.connection is not None:
                    self.hub.leave(self.connection)
                release_hub(self.hub)

    async def connect(self) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]}
        if not may_open(headers):
            await self.close()  # before the handshake ends: the browser is told 403
            return
        await self.accept()
        self.hub = take_hub()
        try:
            cookie, authorization = headers.get("cookie", ""), headers.get("authorization")
            admission = await self.hub.joins.run(admit, cookie, authorization)
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
        hub, connection = self.hub, self.connection
        if hub is None or connection is None or connection.code is not None:
            return
        if not self._may_say_more():
            limit = f"No more than {MESSAGES_PER_SECOND:g} messages a second."
            _end(connection, TOO_MANY_MESSAGES, ErrorMessage("too_many", limit))
        elif text_data is None:
            connection.say(ErrorMessage("not_text", "Send JSON as a text message."))
        elif len(text_data) > LONGEST_MESSAGE:
            limit = f"No more than {LONGEST_MESSAGE} characters in one message."
            _end(connection, TOO_LARGE, ErrorMessage("too_large", limit))
        else:
            await _answer(hub, connection, text_data)

    def _may_say_more(self) -> bool:
        """A hundred at once, then five a second."""
        now = time.monotonic()
        earned = (now - self.counted_at) * MESSAGES_PER_SECOND
        self.allowance, self.counted_at = min(MESSAGES_AT_ONCE, self.allowance + earned) - 1, now
        return self.allowance >= 0


async def _answer(hub: Hub, connection: Connection, text: str) -> None:
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
            hub.unfollow(connection, name)
        return
    try:
        await hub.join(connection, {wanted.topic: wanted.after for wanted in request.topics})
    except Exception as error:
        _outage.begins(error)
        _end(connection, TRY_AGAIN_LATER, ErrorMessage("unavailable", "Not now; come again."))
    else:
        _outage.is_over()


def _end(connection: Connection, code: int, reason: ErrorMessage) -> None:
    connection.say(reason)
    connection.close(code)
