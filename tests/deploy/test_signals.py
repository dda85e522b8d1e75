"""What tells a supervisor to stop, on a real terminal."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.place import ROOT

WAITS = """
import asyncio, sys
from pathlib import Path
from deploy.local.signals import until_told_to_stop

async def main():
    async with until_told_to_stop() as stop:
        Path(sys.argv[1], "waiting").touch()
        await stop.wait()
    Path(sys.argv[1], "stopped").touch()

asyncio.run(main())
"""


def until(true: Callable[[], bool], within_s: float = 30) -> None:
    ends = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.02)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_the_waiting_tidily(told: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WAITS, str(tmp_path)], cwd=ROOT) as waiting:
        until((tmp_path / "waiting").exists)
        waiting.send_signal(told)
        assert waiting.wait(timeout=30) == 0
    assert (tmp_path / "stopped").exists()


def test_a_closed_terminal_does_so_where_the_leader_of_the_session_keeps_the_signal_to_itself(
    tmp_path: Path,
) -> None:
    leader, terminal = pty.fork()
    if leader == 0:
        os.chdir(ROOT)
        keeps = 'trap "" HUP; "$0" -c "$1" "$2"; :'
        os.execvp("sh", ["sh", "-c", keeps, sys.executable, WAITS, str(tmp_path)])
    until((tmp_path / "waiting").exists)
    os.close(terminal)
    until((tmp_path / "stopped").exists)
    os.waitpid(leader, 0)
