"""What a joining client is told first: the changes it missed, or all that the topic holds, read in one moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from layers.live.facts import Fact
from layers.live.log import Change, read_after
from layers.live.messages import SnapshotMessage, encode
from layers.live.models import Topic
from layers.live.registry import stream_named
from layers.live.rights import joinable
from layers.live.topics import parse
from twin.base.scope import Scope


@dataclass(frozen=True, slots=True)
class Answer:
    """`messages`, encoded, after which the client holds the topic as of `seq`."""

    seq: int
    messages: list[str]


def answers(wanted: Mapping[str, int | None], scope: Scope) -> dict[str, Answer]:
    """Answers for {topic: the number that the client has, or None}; a topic that is not for this scope is missing.

    Everything, rights too, is read in one REPEATABLE READ transaction, so that a snapshot and its number belong together:
    it holds all changes up to that number and none above it. A client that was away for too long gets a snapshot instead
    of the changes, and so does one that is ahead of the log (the database is another one).
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        allowed = joinable(wanted, scope)
        heads = dict(Topic.objects.filter(name__in=allowed).values_list("name", "seq"))
        missed = _missed({name: after for name in allowed if (after := wanted[name]) is not None}, heads)
        held = _held(allowed - missed.keys(), scope)
    return {
        name: missed[name] if name in missed else _snapshot(name, heads.get(name, 0), held[name])
        for name in allowed
    }


def _missed(afters: Mapping[str, int], heads: Mapping[str, int]) -> dict[str, Answer]:
    """The changes since, for topics whose log still holds all of them."""
    changes: dict[str, list[Change]] = defaultdict(list)
    for change in read_after(afters).changes:
        changes[change.topic].append(change)
    return {
        name: Answer(heads.get(name, 0), [change.message for change in changes[name]])
        for name, after in afters.items()
        if len(changes[name]) == heads.get(name, 0) - after
    }


def _held(names: Collection[str], scope: Scope) -> dict[str, list[Fact]]:
    keys: dict[str, dict[int, str]] = defaultdict(dict)
    for name in names:
        parsed = parse(name)
        assert parsed is not None
        keys[parsed[0]][parsed[1]] = name
    held: dict[str, list[Fact]] = {name: [] for name in names}
    for stream_name, of_stream in keys.items():
        stream = stream_named(stream_name)
        assert stream is not None
        for key, fact in stream.snapshot(of_stream.keys(), scope):
            held[of_stream[key]].append(fact)
    return held


def _snapshot(name: str, seq: int, held: list[Fact]) -> Answer:
    return Answer(seq, [encode(SnapshotMessage(name, seq, held))])
