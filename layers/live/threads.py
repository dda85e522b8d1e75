"""Database work beside the event loop: threads that hold their own connections and can never starve each other.

The server's common thread pool is also used by requests and by hundreds of joins at once after a restart; the reader of
the log and the watch over rights must not queue behind them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
R = TypeVar("R")


class DatabaseThreads:
    """A thread that is alone keeps its connection for the next call; after an error it takes a new one."""

    def __init__(self, name: str, *, threads: int = 1) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._keep = threads == 1

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: self._guarded(work, *args, **kwargs))

    def _guarded(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        keep = False
        try:
            result = work(*args, **kwargs)
            keep = self._keep
            return result
        finally:
            if not keep:
                connections.close_all()

    def close(self) -> None:
        """Let go of the connections; what is running ends first."""
        if self._keep:
            self._executor.submit(connections.close_all)
        self._executor.shutdown(wait=False)
