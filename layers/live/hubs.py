"""The hub of the running event loop: there from the first socket to the last."""

from __future__ import annotations

import asyncio

from layers.live.hub import Hub

_hubs: dict[asyncio.AbstractEventLoop, tuple[Hub, int]] = {}


def take_hub() -> Hub:
    """The hub, started if this is its first socket. Give it back with `release_hub`."""
    loop = asyncio.get_running_loop()
    hub, sockets = _hubs.get(loop) or (Hub(), 0)
    if not sockets:
        hub.start()
    _hubs[loop] = hub, sockets + 1
    return hub


def release_hub(hub: Hub) -> None:
    loop = asyncio.get_running_loop()
    _, sockets = _hubs.pop(loop)
    if sockets > 1:
        _hubs[loop] = hub, sockets - 1
    else:
        hub.stop()
