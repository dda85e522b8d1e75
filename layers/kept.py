"""Files that were made once, kept compressed: the latest in this process, the dear ones in the cache that processes share.

Rights are checked before anyone comes here. Keys carry the version, so nothing kept is ever wrong, only forgotten.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from django.core.cache import cache

KEPT_SECONDS = 24 * 3600
LEVEL = 1
"""Of gzip. Levels 5 and 6 make a tile 14 % smaller and take longer than the database needs to draw it."""
MOST_HERE = 32 * 1024 * 1024
"""Bytes in this process: the tiles of a large community."""


class Here:
    """What was asked for last, up to a number of bytes."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
            return body

    def put(self, key: str, body: bytes) -> None:
        with self._lock:
            self._size += len(body) - len(self._bodies.pop(key, b""))
            self._bodies[key] = body
            while self._size > self._most:
                self._size -= len(self._bodies.popitem(last=False)[1])


_here = Here(MOST_HERE)


def kept(key: str, render: Callable[[], bytes], *, dear: bool) -> bytes:
    """The compressed body, made if it is nowhere; whoever has the right to the file gets the same bytes.

    dear: it takes longer to make than to ask other processes for it.
    """
    name = cache.make_key(key)
    body = _here.get(name)
    if body is None:
        body = cache.get(key) if dear else None
        if body is None:
            body = gzip.compress(render(), LEVEL, mtime=0)
            if dear:
                cache.set(key, body, KEPT_SECONDS)
        _here.put(name, body)
    return body
