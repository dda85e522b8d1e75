"""The hub of a process: holds its sockets, reads the log once for all of them, and hands each change to whom it concerns.

A topic is read from its head on: the number up to which every follower has it. A follower that is further on skips what it
has; so a follower that begins lower only has to lower the head, and what it misses comes by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from layers.live.connection import ANSWER_PENDING, TRY_AGAIN_LATER, Connection
from layers.live.facts import Moved
from layers.live.frames import Frames, Newest
from layers.live.hearing import hear_other_processes
from layers.live.log import News, read_after
from layers.live.messages import MOST_TOPICS, FrameMessage, HeadsMessage, RefusedMessage, encode
from layers.live.outage import Outage
from layers.live.relay import BETWEEN_FRAMES_S, relay
from layers.live.snapshot import Answer, answers
from layers.live.threads import DatabaseThreads
from layers.live.watch import watch_rights

BETWEEN_LOOKS_S = 1.0
BETWEEN_READS_S = 0.01
BETWEEN_HEADS_S = 10.0
JOINING_THREADS = 4


@dataclass(slots=True)
class Followed:
    """A topic that somebody here follows. `head` is None until the first follower has its answer."""

    head: int | None = None
    followers: set[Connection] = field(default_factory=set)
    newest: Newest = field(default_factory=Newest)


class Hub:
    """One per event loop. Its tasks live as long as it has sockets; everything but the two `hear_` runs on the loop."""

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self.joins = DatabaseThreads("live-join", threads=JOINING_THREADS)
        self.rights = DatabaseThreads("live-rights")
        self._log = DatabaseThreads("live-log")
        self._loop = asyncio.get_running_loop()
        self._topics: dict[str, Followed] = {}
        self._dirty: set[str] = set()
        self._rung = asyncio.Event()
        self._frames = Frames()
        self._framing: set[str] = set()
        self._outage = Outage("The live log", "clients get what they missed when the database answers again")
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        relay.listen(self)
        for work in (self._follow_log(), self._tell_heads(), watch_rights(self), hear_other_processes(self)):
            self._do(work)

    def stop(self) -> None:
        relay.forget(self)
        for task in self._tasks:
            task.cancel()
        for threads in (self.joins, self.rights, self._log):
            threads.close()

    def enter(self, connection: Connection) -> None:
        connection.heads_due = time.monotonic() + BETWEEN_HEADS_S
        self.connections.add(connection)

    def leave(self, connection: Connection) -> None:
        self.connections.discard(connection)
        for name in tuple(connection.following):
            self.unfollow(connection, name)

    async def join(self, connection: Connection, wanted: Mapping[str, int | None]) -> None:
        """Answer a join. What happens while the answer is read comes after it."""
        fitting = self._fitting(connection, wanted)
        for name in fitting:
            connection.following[name] = ANSWER_PENDING
            self._topics.setdefault(name, Followed()).followers.add(connection)
        found: dict[str, Answer] = {}
        scope = None
        while connection.admission.scope is not scope:  # again if the rights changed while we read
            scope = connection.admission.scope
            found = await self.joins.run(answers, fitting, scope)
        for name in fitting:
            if name in found:
                self._begin(connection, name, found[name])
            else:
                self.refuse(connection, name, "not_found")

    def _fitting(self, connection: Connection, wanted: Mapping[str, int | None]) -> dict[str, int | None]:
        room = MOST_TOPICS - len(connection.following.keys() - wanted.keys())
        for name in list(wanted)[room:]:
            self.refuse(connection, name, "too_many")
        return dict(list(wanted.items())[:room])

    def _begin(self, connection: Connection, name: str, answer: Answer) -> None:
        topic = self._topics.get(name)
        if topic is None or name not in connection.following:  # it has left meanwhile
            return
        for message in answer.messages:
            connection.put(message)
        connection.following[name] = answer.seq
        if topic.head is None or topic.head > answer.seq:
            topic.head = answer.seq
            self._mark((name,))

    def refuse(self, connection: Connection, name: str, reason: str) -> None:
        self.unfollow(connection, name)
        connection.say(RefusedMessage(name, reason))

    def unfollow(self, connection: Connection, name: str) -> None:
        connection.following.pop(name, None)
        topic = self._topics.get(name)
        if topic is not None:
            topic.followers.discard(connection)
            if not topic.followers:
                del self._topics[name]

    # Reading the log

    async def _follow_log(self) -> None:
        """Every second all topics; at once those that the bell was rung for. In a storm what comes is read in handfuls."""
        next_look = time.monotonic() + BETWEEN_LOOKS_S
        while True:
            rung = await self._wait_until(next_look)
            names = self._dirty if rung else self._topics.keys()
            heads = {n: t.head for n in names if (t := self._topics.get(n)) and t.head is not None}
            self._dirty = set()
            if not rung:
                next_look = time.monotonic() + BETWEEN_LOOKS_S
            try:
                if heads:
                    await self._read(heads)
            except Exception as error:
                self._outage.begins(error)
            else:
                self._outage.is_over()

    async def _wait_until(self, moment: float) -> bool:
        """Whether the bell rang before that moment."""
        if not self._rung.is_set():
            timer = self._loop.call_later(max(0.0, moment - time.monotonic()), self._rung.set)
            await self._rung.wait()
            timer.cancel()
        self._rung.clear()
        return bool(self._dirty) and time.monotonic() < moment

    async def _read(self, heads: dict[str, int]) -> None:
        began = time.monotonic()
        news = await self._log.run(read_after, heads)
        self._take_in(news, heads)
        if not news.all_read:
            self._mark(heads)
        if news.changes:
            await asyncio.sleep(began + BETWEEN_READS_S - time.monotonic())

    def _take_in(self, news: News, asked: dict[str, int]) -> None:
        """Hand out what was read. A head that was lowered meanwhile stays so, and is read from again."""
        broken = {name for name, head in news.heads.items() if head < asked[name]}
        for change in news.changes:
            topic = self._topics.get(change.topic)
            if topic is None or change.topic in broken:
                continue
            if change.seq != asked[change.topic] + 1:
                broken.add(change.topic)
                continue
            asked[change.topic] = change.seq
            if topic.head == change.seq - 1:
                topic.head = change.seq
            for connection in topic.followers:
                connection.hand(change)
        for name in broken:
            if name in self._topics:
                self._begin_anew(name)

    def _begin_anew(self, name: str) -> None:
        """The log does not go on where it was: another database, or one put back. Everyone gets a snapshot."""
        topic = self._topics[name]
        topic.head = None
        for connection in tuple(topic.followers):
            self._do(self._join_again(connection, name))

    async def _join_again(self, connection: Connection, name: str) -> None:
        try:
            await self.join(connection, {name: None})
        except Exception as error:
            self._outage.begins(error)
            connection.close(TRY_AGAIN_LATER)

    def _mark(self, names: Iterable[str]) -> None:
        self._dirty.update(name for name in names if name in self._topics)
        if self._dirty:
            self._rung.set()

    async def _tell_heads(self) -> None:
        while True:
            await asyncio.sleep(BETWEEN_LOOKS_S)
            now = time.monotonic()
            for connection in self.connections:
                if connection.heads_due <= now:
                    connection.heads_due = now + BETWEEN_HEADS_S
                    connection.say(HeadsMessage(connection.heads()))

    # Positions

    def move(self, topic: str, moved: Moved) -> None:
        """Pass a position on: at once after a quiet second, else with the frame that ends the second."""
        if topic in self._topics:
            self._frames.add(topic, moved)
            if topic not in self._framing:
                self._framing.add(topic)
                self._send_frame(topic)

    def _send_frame(self, name: str) -> None:
        topic, moved = self._topics.get(name), self._frames.take(name)
        if topic is None or not moved:
            self._framing.discard(name)
            return
        self._loop.call_later(BETWEEN_FRAMES_S, self._send_frame, name)
        if news := topic.newest.only(moved):
            frame = encode(FrameMessage(name, datetime.now(UTC), news))
            for connection in topic.followers:
                if connection.following[name] != ANSWER_PENDING:
                    connection.put(frame)

    # What is heard, from any thread

    def hear_wake(self, topics: Iterable[str]) -> None:
        with suppress(RuntimeError):  # the loop has ended, and with it all who listened
            self._loop.call_soon_threadsafe(self._mark, tuple(topics))

    def hear_moved(self, topic: str, moved: Moved) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.move, topic, moved)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
