"""Ctrl-C, a request to end and a closed terminal all mean the same: stop everything tidily."""

import asyncio
import os
import select
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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
    with hang_up_calls(stop):
        try:
            yield event
        except asyncio.CancelledError:
            if not event.is_set():
                raise
            work.uncancel()


@contextmanager
def hang_up_calls(stop: Callable[[], None]) -> Iterator[None]:
    """Inside, the end of the terminal calls `stop`.

    The kernel sends SIGHUP to the leader of the session only, and where that is make itself (`ssh -t host make run`) it
    waits for us without passing the signal on.
    """
    terminals = [handle for handle in (0, 1, 2) if is_terminal(handle)]
    if not terminals:
        yield
        return
    loop = asyncio.get_running_loop()
    with select.epoll() as watch:
        watch.register(terminals[0], 0)  # no events asked for: hang-ups and errors are always told

        def hung_up() -> None:
            loop.remove_reader(watch.fileno())
            stop()

        loop.add_reader(watch.fileno(), hung_up)
        try:
            yield
        finally:
            loop.remove_reader(watch.fileno())


def is_terminal(handle: int) -> bool:
    try:
        return os.isatty(handle)
    except OSError:
        return False
