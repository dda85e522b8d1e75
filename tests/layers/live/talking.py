"""A client of `/live/` for tests: speaks to the real ASGI application, on the test's own event loop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from twin.accounts.models import User
from twin.config.application import application

P = ParamSpec("P")
R = TypeVar("R")
Message = dict[str, Any]

PATIENCE_S = 30.0
"""Long enough for the slowest machine: only a failing test waits for it."""
HOST = "127.0.0.1"


def session_of(user: User) -> str:
    """Sign in, as a browser does; the session cookie's value."""
    browser = Client()
    browser.force_login(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


async def in_database(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a verb or a query, as a request does: in another thread."""
    result: R = await database_sync_to_async(work)(*args, **kwargs)
    return result


class Talk:
    """A socket. `async with Talk(user=...) as talk:` connects and expects to be greeted."""

    def __init__(
        self,
        *,
        user: User | None = None,
        session: str | None = None,
        token: str | None = None,
        origin: str | None = f"http://{HOST}",
        path: str = "/live/",
    ) -> None:
        self._user, self._session, self._token = user, session, token
        self._origin, self._path = origin, path
        self.code: int | None = None

    async def open(self) -> bool:
        """Whether the handshake succeeds."""
        headers = [(b"host", HOST.encode())]
        if self._origin is not None:
            headers.append((b"origin", self._origin.encode()))
        if self._token is not None:
            headers.append((b"authorization", f"Bearer {self._token}".encode()))
        session = self._session or (await in_database(session_of, self._user) if self._user else None)
        if session is not None:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()))
        self._socket = WebsocketCommunicator(application, self._path, headers=headers)
        connected, _ = await self._socket.connect(PATIENCE_S)
        if not connected:
            await self.__aexit__(None, None, None)
        return connected

    async def __aenter__(self) -> Self:
        assert await self.open()
        assert (await self.hear())["kind"] == "hello"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.disconnect(timeout=PATIENCE_S)

    async def say(self, message: Message | str) -> None:
        await self._socket.send_to(message if isinstance(message, str) else json.dumps(message))

    async def hear(self) -> Message:
        """The next message of whatever kind."""
        output = await self._socket.receive_output(PATIENCE_S)
        if output["type"] == "websocket.close":
            self.code = output["code"]
            return {"kind": "closed", "code": self.code}
        message: Message = json.loads(output["text"])
        return message

    async def expect(self, kind: str, topic: str | None = None) -> Message:
        """The next message of that kind (and topic); heads and others in between are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = await self.hear()
                if message["kind"] == kind and (topic is None or message["topic"] == topic):
                    return message
                assert message["kind"] != "closed", message

    async def join(self, *topics: str, after: int | None = None) -> None:
        await self.say({"kind": "join", "topics": [{"topic": t, "after": after} for t in topics]})

    async def snapshot(self, topic: str) -> Message:
        await self.join(topic)
        return await self.expect("snapshot", topic)

    async def nothing_else(self) -> None:
        """Nothing that was said before arrives any more: an echo of our own comes first."""
        await self.say({"kind": "nonsense"})
        assert (await self.hear())["kind"] == "error"
