"""The log: numbered changes per topic, without holes.

Writing. Numbers come from a counter row per topic, taken in the last statement of the writer's transaction, topics in
sorted order: numbering is commit order, two writers never deadlock, and the rows are locked as briefly as can be. What
is written are the things as they stand then, not as each event found them: a storm tells each alarm once.

Reading. A reader that has n reads everything above n in one statement; because of the above it gets n+1, n+2, … .
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from layers.live.facts import Fact
from layers.live.messages import ChangeMessage, already_encoded, encode, encode_fact
from layers.live.relay import relay
from layers.live.stream import Stream
from layers.live.topics import topic
from twin.base.events import Event
from twin.base.verbs import collect

MOST_AT_ONCE = 2000
"""Changes read in one go."""
TURNS = 8
"""Writers that call up writers: versions raised, devices that follow their building, … are two or three in a row."""

WRITE = """
    WITH fact AS (
        SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS fact (topic, place, body)
    ), head AS (
        INSERT INTO live_topic AS topic (name, seq)
        SELECT fact.topic, count(*) FROM fact GROUP BY fact.topic ORDER BY fact.topic
        ON CONFLICT (name) DO UPDATE SET seq = topic.seq + excluded.seq
        RETURNING id, name, seq
    )
    INSERT INTO live_logentry (topic_id, seq, at, body)
    SELECT head.id, head.seq - fact.place, clock_timestamp(), fact.body
    FROM fact JOIN head ON head.name = fact.topic
"""
# LATERAL with its own LIMIT leaves the planner one way only: down the key (topic, seq) from the head on, never through
# the seven days before it.
READ = """
    SELECT topic.name, topic.seq, entry.seq, entry.at, entry.body
    FROM unnest(%(names)s::text[], %(heads)s::bigint[]) AS known (name, head)
    JOIN live_topic AS topic ON topic.name = known.name AND topic.seq <> known.head
    LEFT JOIN LATERAL (
        SELECT * FROM live_logentry
        WHERE topic_id = topic.id AND live_logentry.seq > known.head
        ORDER BY live_logentry.seq
        LIMIT %(most)s
    ) AS entry ON true
    ORDER BY topic.name, entry.seq
    LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Told:
    """An event that a stream tells of. `turns`: how often it has let all other writers of its unit of work go first."""

    stream: Stream
    event: Event
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A log entry, and the message that carries it: encoded once, for whoever follows the topic."""

    topic: str
    seq: int
    message: str


def tell(stream: Stream, event: Event) -> None:
    """Have the log written when the unit of work ends. Verbs only."""
    collect(_write_last, Told(stream, event))


def _write_last(told: list[Told]) -> None:
    """Counters are locked last of all: what was told gives way to the other writers, and to those that they call up."""
    if any(each.turns < TURNS for each in told):
        for each in told:
            collect(_write_last, replace(each, turns=each.turns + 1))
        return
    write(_facts(told))


def _facts(told: Iterable[Told]) -> list[tuple[str, Fact]]:
    """(topic, fact), each thing once per topic: as it is last told of."""
    events: dict[tuple[str, type[Event]], list[Event]] = defaultdict(list)
    streams: dict[str, Stream] = {}
    for each in told:
        streams[each.stream.name] = each.stream
        events[each.stream.name, type(each.event)].append(each.event)
    facts: dict[tuple[str, object], tuple[str, Fact]] = {}
    for (name, kind), of_kind in events.items():
        for key, fact in streams[name].facts[kind](of_kind):
            told_in, thing = topic(name, key), getattr(fact, "id", None) or object()
            facts.pop((told_in, thing), None)
            facts[told_in, thing] = told_in, fact
    return list(facts.values())


def write(facts: Sequence[tuple[str, Fact]]) -> None:
    """Number and log (topic, fact) pairs, in this order within each topic, and ring the bell after the commit.

    Only ever the last statement of a transaction.
    """
    if not facts:
        return
    bodies: dict[str, list[str]] = defaultdict(list)
    for name, fact in facts:
        bodies[name].append(encode_fact(fact))
    rows = [
        (name, len(of_topic) - 1 - index, body)
        for name, of_topic in bodies.items()
        for index, body in enumerate(of_topic)
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])
    topics = tuple(bodies)
    transaction.on_commit(lambda: relay.wake(topics), robust=True)


@dataclass(frozen=True, slots=True)
class News:
    """What a reader did not know yet: changes in order, and by topic the number that the database holds now."""

    changes: list[Change]
    heads: dict[str, int]
    all_read: bool


def read_after(heads: Mapping[str, int]) -> News:
    """Everything above these heads, in one statement; if there is more than fits, the rest is left for the next call."""
    with connection.cursor() as cursor:
        cursor.execute(READ, {"names": list(heads), "heads": list(heads.values()), "most": MOST_AT_ONCE})
        rows = cursor.fetchall()
    changes = [_change(name, seq, at, body) for name, _, seq, at, body in rows if seq is not None]
    return News(changes, {row[0]: row[1] for row in rows}, len(rows) < MOST_AT_ONCE)


def _change(name: str, seq: int, at: datetime, body: str) -> Change:
    return Change(name, seq, encode(ChangeMessage(name, seq, at, already_encoded(body))))
