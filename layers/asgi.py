"""How shapes are answered under an ASGI server: on threads that stay, each with a database connection that stays.

Django gives every request of an ASGI server a thread of its own, moves it there and back five times and takes a connection
from the pool anew. For a page nobody notices; a map asks for hundreds of small files, and there it took three times as long
as everything else together. Middleware, views and rights are the same; only the road is shorter.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import connections, reset_queries
from django.http import HttpResponseBase
from django.urls import set_script_prefix

THREADS: Final = 4
"""The work is the database's and, under the interpreter's lock, one processor's: more threads would only wait."""

QUICK: Final = frozenset({"manifest.json", "tiles", "panels"})
"""What is small and mostly kept ready. The rest, homes by their facts and features by the page, may take seconds: it has as
many threads of its own, so that nobody's map stands still because somebody else asks for much."""

SERVER_ERROR: Final = 500

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class Shapes(ASGIHandler):
    """GET below `prefix` goes the short way, everything else to `otherwise`."""

    def __init__(self, prefix: str, otherwise: Application) -> None:
        self._prefix, self._otherwise = prefix, otherwise
        self._quick = ThreadPoolExecutor(THREADS, thread_name_prefix="shapes")
        self._slow = ThreadPoolExecutor(THREADS, thread_name_prefix="facts")
        self.load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET" or not scope["path"].startswith(self._prefix):
            await self._otherwise(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        threads = self._quick if self._kind(scope["path"]) in QUICK else self._slow
        status, headers, body = await loop.run_in_executor(threads, self._answer, scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _kind(self, path: str) -> str:
        """`tiles` of /layers/1/tiles/...; "" where there is none."""
        _, _, rest = path.removeprefix(self._prefix).partition("/")
        return rest.partition("/")[0]

    def _answer(self, scope: Any) -> Answer:
        """Once more where a connection that lay idle turned out to be dead: the database was restarted, no harm is done."""
        set_script_prefix(get_script_prefix(scope))
        answer = self._try(scope)
        return self._try(scope) if _gave_up_connections() and answer[0] >= SERVER_ERROR else answer

    def _try(self, scope: Any) -> Answer:
        reset_queries()
        request, refusal = self.create_request(scope, io.BytesIO())
        if request is None:
            assert refusal is not None
            return _whole(refusal)
        try:
            return _whole(self.get_response(request))
        finally:
            request.close()


def _whole(response: HttpResponseBase) -> Answer:
    return response.status_code, _headers(response), b"".join(response)


def _headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    headers = [(name.encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    cookies = [
        (b"Set-Cookie", each.output(header="").strip().encode("ascii")) for each in response.cookies.values()
    ]
    return headers + cookies


def _gave_up_connections() -> bool:
    """Close the connections of this thread on which something failed; whether there were any."""
    broken = [c for c in connections.all(initialized_only=True) if c.errors_occurred or c.in_atomic_block]
    for connection in broken:
        connection.close()
    return bool(broken)
