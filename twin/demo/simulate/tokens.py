"""The keys of the demo's phones and gateways, as the demo loader leaves them."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Gateway(msgspec.Struct, frozen=True):
    community: int
    token: str


class Phone(msgspec.Struct, frozen=True):
    user_id: int
    username: str
    token: str
    grid_id: int


class Keys(msgspec.Struct, frozen=True):
    gateways: list[Gateway]
    workers: list[Phone]
    base_url: str | None = None


def read_keys(path: Path) -> Keys:
    """The keys in a file. Raises OSError, or msgspec.ValidationError that says what is wrong with it."""
    return msgspec.json.decode(path.read_bytes(), type=Keys)
