"""Topics are named "<stream>:<id>": a leaf grid's, a community's root grid's or a user's, as the stream's level says."""

from __future__ import annotations

import re

_NAME = re.compile(r"([a-z][a-z0-9]{0,19}):([1-9][0-9]{0,15})", re.ASCII)


def topic(stream: str, key: int) -> str:
    return f"{stream}:{key}"


def parse(name: str) -> tuple[str, int] | None:
    """(stream, key), or None for what is no topic's name."""
    match = _NAME.fullmatch(name)
    return (match[1], int(match[2])) if match else None
