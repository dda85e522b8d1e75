"""Where the rooms' events come in. The rooms know nothing of this: they only tell what has happened."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from layers.live.log import tell
from layers.live.registry import all_streams, stream_named
from layers.live.relay import relay
from layers.live.topics import topic
from twin.base.events import Event, listen


def listen_to_all() -> None:
    """Facts are collected for the log inside the writer's transaction; positions are passed on after its commit."""
    for stream in all_streams():
        for event in stream.facts:
            listen(event, within=True)(_teller(stream.name))
        for event in stream.frames:
            listen(event)(_mover(stream.name))


@cache  # the same function each time, so that listening twice changes nothing
def _teller(name: str) -> Callable[[Event], None]:
    stream = stream_named(name)
    assert stream is not None
    return lambda event: tell(stream, event)


@cache
def _mover(name: str) -> Callable[[Event], None]:
    stream = stream_named(name)
    assert stream is not None

    def move(event: Event) -> None:
        for key, moved in stream.frames[type(event)](event):
            relay.move(topic(name, key), moved)

    return move
