"""Said once: a part that is away for an hour is one line in the log and one more when it is back, not a flood."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

EXPECTED = (OperationalError, InterfaceError, RedisError, OSError, TimeoutError)

logger = logging.getLogger("layers.live")


class Outage:
    """Whether a part answers; speaks only when that changes."""

    def __init__(self, what: str, meanwhile: str) -> None:
        self._what, self._meanwhile = what, meanwhile
        self._away = False

    def begins(self, error: Exception) -> None:
        """What no outage explains is a fault of ours, and is shown with its trace."""
        if not self._away:
            self._away = True
            ours = not isinstance(error, EXPECTED)
            said = f"{type(error).__name__}: {error}".strip().partition("\n")[0]
            logger.warning("%s: %s; %s", self._what, said, self._meanwhile, exc_info=error if ours else None)

    def is_over(self) -> None:
        if self._away:
            self._away = False
            logger.warning("%s: back", self._what)
