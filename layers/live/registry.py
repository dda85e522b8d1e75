"""All streams, by name. Filled by `layers.live.streams` at start-up; nothing is added later."""

from __future__ import annotations

from layers.live.stream import Stream

_streams: dict[str, Stream] = {}


def register(stream: Stream) -> Stream:
    """Raises ValueError for a second stream of the same name."""
    if stream.name in _streams:
        raise ValueError(f"a stream named {stream.name} is registered already")
    _streams[stream.name] = stream
    return stream


def all_streams() -> tuple[Stream, ...]:
    return tuple(_streams.values())


def stream_named(name: str) -> Stream | None:
    return _streams.get(name)
