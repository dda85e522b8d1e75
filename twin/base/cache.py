"""What is kept to save work, and can be lost: finished tiles, and how often somebody tried to sign in."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

PAUSE_S = 2.0
"""So long Redis is left alone after it did not answer; a request must not wait for each of its questions."""
UNANSWERED = (RedisError, OSError)


class Outage:
    """Whether Redis answers, for all threads of this process; said once when that changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._away = False
        self._ask_again = 0.0

    def begins(self, error: Exception) -> None:
        with self._lock:
            news, self._away = not self._away, True
            self._ask_again = time.monotonic() + PAUSE_S
        if news:
            log.warning("The cache: %s; each process keeps its own meanwhile", error)

    def is_over(self) -> None:
        with self._lock:
            news, self._away = self._away, False
        if news:
            log.warning("The cache: back")

    def may_be_asked(self) -> bool:
        return not self._away or time.monotonic() >= self._ask_again


_outage = Outage()


class LastingClient(RedisCacheClient):
    """Django makes a client for every call, which takes longer than the call; threads may share one."""

    _lasting: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if self._lasting is None:
            self._lasting = super().get_client(key, write=True)
        return self._lasting


class RedisWhileItAnswers(RedisCache):
    """Redis; and while it is away or full, a small memory of this process. Only `get` and `set` know that way."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = LastingClient
        self._own = LocMemCache("while Redis is away", {"OPTIONS": {"MAX_ENTRIES": 500}})

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._asked(
            lambda: RedisCache.get(self, key, default, version),
            lambda: self._own.get(self.make_key(key, version), default),
        )

    def set(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._asked(
            lambda: RedisCache.set(self, key, value, timeout, version),
            lambda: self._own.set(self.make_key(key, version), value, timeout),
        )

    def _asked(self, redis: Callable[[], Any], own: Callable[[], Any]) -> Any:
        if _outage.may_be_asked():
            try:
                answer = redis()
            except UNANSWERED as error:
                _outage.begins(error)
            else:
                _outage.is_over()
                return answer
        return own()
