"""A client as the front end is one: follows topics, counts, comes back with `after`, and writes down every fault."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.layers.live.servers import PATIENCE_S

Facts = dict[int, dict[str, Any]]


class Follower:
    """Reconnects to its addresses in turn until left. `held`: by topic the facts by id; `seen`: the numbers applied since
    the last snapshot; `faults`: what the server must never do."""

    def __init__(self, addresses: list[str], session: str, topics: list[str]) -> None:
        self.last: dict[str, int | None] = dict.fromkeys(topics)
        self.held: dict[str, Facts] = {topic: {} for topic in topics}
        self.frames: list[dict[str, Any]] = []
        self.refused: dict[str, str] = {}
        self.faults: list[str] = []
        self.connections = 0
        self.code: int | None = None
        self._addresses, self._session = itertools.cycle(addresses), session
        self._socket: ClientConnection | None = None
        self._news = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        await self.until(lambda: None not in self.last.values())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for a message that makes it true; fails after a minute."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(lambda: true() or self._task.done())
        if self._task.done():
            self._task.result()
        assert true(), f"closed with {self.code}"

    async def cut(self) -> None:
        """The line breaks, without a word."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def _run(self) -> None:
        while self.code != 4401:
            address = next(self._addresses)
            headers = {"Cookie": f"sessionid={self._session}"}
            origin = address.replace("ws://", "http://").removesuffix("/live/")
            try:
                async with connect(
                    address, additional_headers=headers, origin=origin, open_timeout=PATIENCE_S
                ) as socket:
                    self._socket = socket
                    await self._listen(socket)
            except ConnectionClosed as closed:
                self.code = closed.rcvd.code if closed.rcvd else None
            except (OSError, InvalidHandshake, InvalidMessage, EOFError):
                await asyncio.sleep(0.05)  # nobody is there yet
        async with self._news:
            self._news.notify_all()

    async def _listen(self, socket: ClientConnection) -> None:
        self.connections += 1
        wanted = [{"topic": topic, "after": after} for topic, after in self.last.items()]
        await socket.send(json.dumps({"kind": "join", "topics": wanted}))
        async for text in socket:
            self._take(json.loads(text))
            async with self._news:
                self._news.notify_all()

    def _take(self, message: dict[str, Any]) -> None:
        match message["kind"]:
            case "snapshot":
                self.last[message["topic"]] = message["seq"]
                self.held[message["topic"]] = {fact["id"]: fact for fact in message["items"]}
            case "change":
                self._apply(message)
            case "frame":
                self.frames.append(message)
            case "refused":
                self.refused[message["topic"]] = message["reason"]
                self.last.pop(message["topic"], None)
            case "heads":
                ahead = [t for t, head in message["heads"].items() if head != self.last.get(t)]
                self.faults += [f"head of {topic} is not what was told" for topic in ahead]
            case "error":
                self.faults.append(message["message"])

    def _apply(self, message: dict[str, Any]) -> None:
        topic, seq, fact = message["topic"], message["seq"], message["fact"]
        last = self.last[topic]
        if last is None or seq != last + 1:
            self.faults.append(f"{topic}: {seq} came after {last}")
            return
        self.last[topic] = seq
        if fact["kind"].endswith("_left") or fact.get("handling") == "CLOSED":
            self.held[topic].pop(fact["id"], None)
        else:
            self.held[topic][fact["id"]] = fact
