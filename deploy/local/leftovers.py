"""Processes that a killed supervisor left behind: each carries a mark in its environment, which children inherit."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

MARK = "TWIN_SUPERVISED_BY"


def marked(mark: str) -> Iterator[int]:
    """The ids of all living processes, except this one, that were started under `mark`."""
    wanted = os.fsencode(f"{MARK}={mark}")
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            environment = (folder / "environ").read_bytes()
            state = (
                (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
            )
        except OSError:
            continue  # ended meanwhile, or another user's
        if state != "Z" and wanted in environment.split(b"\0"):
            yield int(folder.name)


def stop_marked(mark: str, patience_s: float = 5.0) -> int:
    """Ends every process under `mark`, first by request, then by force; returns how many there were."""
    found = set(marked(mark))
    for pid in found:
        _tell(pid, signal.SIGTERM)
    ends = time.monotonic() + patience_s
    while left := set(marked(mark)):
        found |= left
        if time.monotonic() > ends:
            for pid in left:
                _tell(pid, signal.SIGKILL)
        time.sleep(0.05)
    return len(found)


def _tell(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, what)
