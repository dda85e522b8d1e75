"""At most one supervisor per place: a lock that the kernel drops when its holder ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.place import Place


class AlreadyRunning(Exception):
    """Another supervisor holds the place; `pid` is its process id."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"This is already running, as process {pid}.")
        self.pid = pid


@contextmanager
def only_one(place: Place, what: str = "") -> Iterator[None]:
    """Holds the lock of `place`, or of `what` in it; AlreadyRunning when another process does."""
    path = place.lock.with_stem(f"{place.lock.stem}{what and '-'}{what}")
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_pid(handle)) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def holder(place: Place) -> int | None:
    """The process id of the supervisor that holds `place`, or None."""
    try:
        with only_one(place):
            return None
    except AlreadyRunning as other:
        return other.pid


def _pid(handle: int) -> int:
    return int(os.pread(handle, 20, 0) or b"0")
