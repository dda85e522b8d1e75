"""What other processes say: one subscription per process, however many sockets it has."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from layers.live.facts import Moved
from layers.live.outage import Outage
from layers.live.relay import group, layer_between_processes, relay

if TYPE_CHECKING:
    from layers.live.hub import Hub

BETWEEN_TRIES_S = 2.0


async def hear_other_processes(hub: Hub) -> None:
    """Runs until cancelled. Without a channel layer that others can reach there is nothing to hear, and nothing is missed
    but positions: the log is read every second anyway."""
    outage = Outage("The channel layer", "reading the log every second instead")
    layer = layer_between_processes()
    while layer is not None and _wanted():
        try:
            channel = await layer.new_channel("live.")
            await layer.group_add(group(), channel)
            outage.is_over()
            while _wanted():
                _hear(hub, await layer.receive(channel))
        except Exception as error:
            outage.begins(error)
            await asyncio.sleep(BETWEEN_TRIES_S)


def _wanted() -> bool:
    """The Redis client may swallow a cancellation while it connects; then this task would never end."""
    task = asyncio.current_task()
    return task is not None and not task.cancelling()


def _hear(hub: Hub, message: dict[str, Any]) -> None:
    if message["origin"] == relay.origin:  # our own hub was told directly
        return
    hub.hear_wake(message["topics"])
    for topic, positions in message["moved"].items():
        for position in positions:
            hub.move(topic, Moved(*position))
