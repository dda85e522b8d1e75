"""A log that stays readable while something is away for an hour."""

from __future__ import annotations

import logging
import time


class Seldom(logging.Filter):
    """Lets one record of another library's logger through per `every_s` seconds."""

    def __init__(self, every_s: float = 60.0) -> None:
        super().__init__()
        self._every_s, self._next = every_s, 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._every_s
        return True
