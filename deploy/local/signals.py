"""Ctrl-C, a request to end and a closed terminal all mean the same: stop everything tidily."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ToldToStop(Exception):
    """Raised into the waiting work when a stop signal arrives."""


@asynccontextmanager
async def until_told_to_stop() -> AsyncIterator[asyncio.Event]:
    """Inside, a stop signal sets the event and cancels the current work unless that is waiting for the event.

    Leaves quietly when the work was cancelled by a signal. A second signal changes nothing: stopping goes on.
    """
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    work = asyncio.current_task()
    assert work is not None

    def stop() -> None:
        if not event.is_set():
            event.set()
            work.cancel()

    for each in STOP:
        loop.add_signal_handler(each, stop)
    try:
        yield event
    except asyncio.CancelledError:
        if not event.is_set():
            raise
        work.uncancel()
