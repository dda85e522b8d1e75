"""Every message of `/live/`, both ways. Two closed unions, told apart by `kind`; docs/live.md says when each is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

import msgspec

from layers.live.facts import Fact, Moved

PROTOCOL = 1
LONGEST_MESSAGE = 256 * 1024
"""Bytes that a client may send at once."""
MOST_TOPICS = 2000
"""That one connection may follow."""

TopicText = Annotated[str, msgspec.Meta(max_length=60)]


class _Message(msgspec.Struct, frozen=True, tag_field="kind"):
    """What all messages have: their kind."""


class HelloMessage(_Message, frozen=True, tag="hello"):
    protocol: int
    server_time: datetime


class SnapshotMessage(_Message, frozen=True, tag="snapshot"):
    """Replaces everything that the client holds of the topic."""

    topic: str
    seq: int
    items: list[Fact]


class ChangeMessage(_Message, frozen=True, tag="change"):
    """`seq` follows on the last one; if it does not, join again with `after` = the last."""

    topic: str
    seq: int
    at: datetime
    fact: Fact


class HeadsMessage(_Message, frozen=True, tag="heads"):
    """The last number of each joined topic, every 10 s. One above your own: join again with `after` = your own."""

    heads: dict[str, int]


class FrameMessage(_Message, frozen=True, tag="frame"):
    """Who moved where; about one a second, not numbered, never repeated."""

    topic: str
    at: datetime
    moved: list[Moved]


class RefusedMessage(_Message, frozen=True, tag="refused"):
    """`not_found`: no such topic, or none for you. `ended`: the right to it has ended. `too_many`: leave others first."""

    topic: str
    reason: str


class ErrorMessage(_Message, frozen=True, tag="error"):
    """What was wrong with the client's message."""

    code: str
    message: str


ServerMessage = (
    HelloMessage
    | SnapshotMessage
    | ChangeMessage
    | HeadsMessage
    | FrameMessage
    | RefusedMessage
    | ErrorMessage
)


class JoinTopic(msgspec.Struct, frozen=True):
    """`after`: the number of the last change that is known, null for a snapshot."""

    topic: TopicText
    after: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] | None = None


class JoinRequest(_Message, frozen=True, tag="join"):
    topics: Annotated[list[JoinTopic], msgspec.Meta(max_length=MOST_TOPICS)]


class LeaveRequest(_Message, frozen=True, tag="leave"):
    topics: Annotated[list[TopicText], msgspec.Meta(max_length=MOST_TOPICS)]


ClientMessage = JoinRequest | LeaveRequest

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(ClientMessage)


def encode(message: ServerMessage) -> str:
    return _encoder.encode(message).decode()


def encode_fact(fact: Fact) -> str:
    return _encoder.encode(fact).decode()


def already_encoded(fact: str) -> Fact:
    """A fact as the log keeps it, to be put into a message without being taken apart again."""
    return cast(Fact, msgspec.Raw(fact.encode()))


def decode(text: str) -> ClientMessage:
    """Raises msgspec.DecodeError for what is no JSON, and its subclass ValidationError for what is no message."""
    return _decoder.decode(text)
