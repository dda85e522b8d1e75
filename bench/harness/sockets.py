"""Many WebSocket clients in one process, as light as Python allows: what is measured is the server."""

from __future__ import annotations

import base64
import os
import re
import select
import socket
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

NUMBER: Final = re.compile(rb'"seq":(\d+)')
HEAD: Final = 96
"""Bytes of a message that are kept: its number is among them."""
OPENED_AT_ONCE: Final = 16
PATIENCE_S: Final = 20.0
CHANGE: Final = b'{"kind":"change"'
PING: Final = 0x89
PONG: Final = 0x8A


@dataclass(frozen=True)
class Target:
    port: int
    path: str
    headers: tuple[str, ...] = ()
    hello: str | None = None
    """Sent after the handshake."""
    awaited: bytes | None = None
    """Its arrival says that the socket listens; None: the handshake does."""


Arrival = tuple[int, int]
"""(message number, monotonic nanoseconds)."""


def listen(target: Target, count: int, told: Connection) -> None:
    """Open `count` sockets, say "listening", and collect what arrives. Told how many messages were sent in all, wait for the
    rest and answer with the arrivals."""
    with ThreadPoolExecutor(OPENED_AT_ONCE) as pool:
        sockets = list(pool.map(lambda _: _open(target), range(count)))
    told.send("listening")
    raw = _collect(sockets, told)
    arrivals = [arrival for at, data in raw if (arrival := _number(data, at)) is not None]
    told.send(arrivals)


def _open(target: Target) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", target.port))
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {target.path} HTTP/1.1",
        f"Host: 127.0.0.1:{target.port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        *target.headers,
    ]
    client.sendall("\r\n".join([*lines, "", ""]).encode())
    said = b""
    while b"\r\n\r\n" not in said:
        said += client.recv(4096)
    if not said.startswith(b"HTTP/1.1 101"):
        raise SystemExit(said.decode(errors="replace"))
    said = said.partition(b"\r\n\r\n")[2]
    if target.hello is not None:
        client.sendall(masked(target.hello.encode()))
    while target.awaited is not None and target.awaited not in said:
        said += client.recv(65536)
    client.setblocking(False)
    return client


def masked(text: bytes, opcode: int = 0x81) -> bytes:
    """A frame from a client; a mask of zeros is a mask."""
    if len(text) >= 65536:
        raise ValueError("longer than a bench needs")
    size = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + struct.pack(">H", len(text))
    return bytes([opcode]) + size + bytes(4) + text


class Listener:
    """One socket: cuts what arrives into frames, keeps the beginning of every change, answers pings."""

    def __init__(self, client: socket.socket) -> None:
        self.client = client
        self.rest = b""

    def read(self, arrived: list[tuple[int, bytes]]) -> bool:
        """Whether the socket is still open."""
        try:
            received = self.client.recv(262144)
        except ConnectionResetError:
            return False
        at = time.monotonic_ns()
        data, start = self.rest + received, 0
        while (frame := _frame(data, start)) is not None:
            body, start, opcode = *frame, data[start]
            if data.startswith(CHANGE, body):
                arrived.append((at, data[body : min(start, body + HEAD)]))
            elif opcode == PING:
                self.client.sendall(masked(data[body:start], opcode=PONG))
        self.rest = data[start:]
        return bool(received)


def _frame(data: bytes, start: int) -> tuple[int, int] | None:
    """(where its body begins, where it ends) of the frame at `start`; None when it is not all there."""
    if len(data) - start < 2:
        return None
    size, body = data[start + 1] & 0x7F, start + 2
    if size >= 126:
        width = 2 if size == 126 else 8
        size, body = int.from_bytes(data[body : body + width]), body + width
    return (body, body + size) if len(data) >= body + size else None


def _collect(sockets: list[socket.socket], told: Connection) -> list[tuple[int, bytes]]:
    """(moment, beginning) of every change. Ends when all have come, or `PATIENCE_S` after the last was sent."""
    poll = select.epoll()
    listeners = {client.fileno(): Listener(client) for client in sockets}
    for number in [*listeners, told.fileno()]:
        poll.register(number, select.EPOLLIN)
    arrived: list[tuple[int, bytes]] = []
    expected, ends = sys.maxsize, float("inf")
    while len(arrived) < expected and time.monotonic() < ends:
        for number, _ in poll.poll(0.5):
            if number == told.fileno():
                expected, ends = told.recv(), time.monotonic() + PATIENCE_S
            elif not listeners[number].read(arrived):
                poll.unregister(number)
    return arrived


def _number(data: bytes, at: int) -> Arrival | None:
    match = NUMBER.search(data)
    return (int(match[1]), at) if match else None
