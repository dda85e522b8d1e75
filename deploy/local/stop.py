"""Ending what runs elsewhere: `make stop`, `make reset`, `make test-env-stop`."""

import os
import signal
import sys
import time

from deploy.local.leftovers import stop_marked
from deploy.local.place import Place
from deploy.local.postgres import stop_leftover
from deploy.local.program import SetUpError
from deploy.local.servers import mark_of
from deploy.local.single import holder, only_one
from deploy.local.terminal import Terminal


def stop(place: Place, within_s: float = 60) -> bool:
    """Ends the supervisor of `place`, or what a killed one left; whether a supervisor was there."""
    pid = holder(place)
    if pid is None:
        stop_marked(mark_of(place))
        stop_leftover((place.state / "pg").resolve())
        return False
    os.kill(pid, signal.SIGTERM)
    ends = time.monotonic() + within_s
    while holder(place) == pid:
        if time.monotonic() > ends:
            raise SetUpError(f"Process {pid} did not stop within {within_s:.0f} s.")
        time.sleep(0.05)
    return True


def reset(place: Place, terminal: Terminal) -> bool:
    """Stops the twin and deletes its demo database, uploads and logs after asking; whether it did."""
    what = f"the demo database, uploads and logs in {place.state}"
    if not agreed(f"This deletes {what}. Go on? [y/N] "):
        terminal.line(f"Nothing was deleted. To delete {what} without being asked: make reset YES=1")
        return False
    stop(place)
    with only_one(place):
        place.remove()
    terminal.line("Deleted. The next `make run` loads the demo anew.")
    return True


def agreed(question: str) -> bool:
    if os.environ.get("YES") == "1":
        return True
    if not sys.stdin.isatty():
        return False
    try:
        return input(question).strip().lower() in {"y", "yes"}
    except EOFError:
        return False
