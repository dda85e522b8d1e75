"""The one WebSocket address."""

from __future__ import annotations

from typing import Any

from layers.live.consumer import LiveConsumer

_consumer = LiveConsumer.as_asgi()


async def websockets(scope: Any, receive: Any, send: Any) -> None:
    """`/live/`; any other address is refused before the handshake ends."""
    if scope["path"] == "/live/":
        await _consumer(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close"})
