"""The supervisor with real processes: what it starts, it also ends."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from io import StringIO
from pathlib import Path

import pytest

from deploy.local.leftovers import marked, stop_marked
from deploy.local.place import ROOT
from deploy.local.program import Program, SetUpError
from deploy.local.supervisor import Supervisor
from deploy.local.terminal import Terminal


@pytest.fixture
def mark(tmp_path: Path) -> str:
    return f"{tmp_path}:test"


@pytest.fixture
def told() -> StringIO:
    return StringIO()


@pytest.fixture
async def supervisor(tmp_path: Path, mark: str, told: StringIO) -> AsyncIterator[Supervisor]:
    made = Supervisor(mark=mark, logs=tmp_path, terminal=Terminal(told), environment=os.environ)
    yield made
    await made.stop()


def shell(script: str, folder: Path, **more: object) -> Program:
    return Program("program", ("sh", "-c", script), {}, folder, **more)  # type: ignore[arg-type]


async def until(true: Callable[[], bool], within_s: float = 20) -> None:
    ends = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < ends, "it never came true"
        await asyncio.sleep(0.02)


async def test_a_program_counts_as_started_when_it_is_ready(supervisor: Supervisor, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    await supervisor.start(shell("sleep 0.2; touch ready; exec sleep 60", tmp_path, ready=ready.exists))
    assert ready.exists()


async def test_a_program_that_ends_at_once_is_reported_with_its_last_words(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    with pytest.raises(SetUpError, match="no such map"):
        await supervisor.start(shell("echo no such map; exit 3", tmp_path, ready=lambda: False))


async def test_a_crashed_program_is_started_again_and_the_terminal_told(
    supervisor: Supervisor, tmp_path: Path, told: StringIO
) -> None:
    starts = tmp_path / "starts"
    await supervisor.start(
        shell("echo x >> starts; [ $(wc -l < starts) -gt 1 ] && exec sleep 60; exit 7", tmp_path)
    )
    await until(lambda: starts.exists() and starts.read_text().count("x") == 2)
    assert "program ended (exit status 7); starting it again" in told.getvalue()


async def test_stopping_ends_children_grandchildren_and_those_that_left_the_group(
    supervisor: Supervisor, mark: str, tmp_path: Path
) -> None:
    await supervisor.start(
        shell("sleep 601 & setsid sleep 602 & (sh -c 'sleep 603 & wait') & wait", tmp_path)
    )
    await until(lambda: len(set(marked(mark))) >= 4)
    await supervisor.stop()
    assert not set(marked(mark))


async def test_a_program_that_ignores_the_request_is_killed(
    supervisor: Supervisor, mark: str, tmp_path: Path
) -> None:
    deaf = shell("trap '' TERM; touch deaf; while :; do sleep 1; done", tmp_path, stop_within_s=0.2)
    await supervisor.start(deaf)
    await until((tmp_path / "deaf").exists)
    await supervisor.stop()
    assert not set(marked(mark))


async def test_a_line_of_output_names_its_program_and_is_kept(
    supervisor: Supervisor, tmp_path: Path, told: StringIO
) -> None:
    await supervisor.start(shell("echo 网格已载入; exec sleep 60", tmp_path))
    await until(lambda: "网格已载入" in told.getvalue())
    assert "program  | 网格已载入" in told.getvalue()
    assert "网格已载入" in (tmp_path / "program.log").read_text(encoding="utf-8")


async def test_a_line_without_end_does_not_stop_the_reading(supervisor: Supervisor, tmp_path: Path) -> None:
    script = "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo after"
    heard: list[str] = []
    assert await supervisor.complete(shell(script, tmp_path), heard.append) == 0
    assert heard[-1] == "after"
    assert sum(map(len, heard[:-1])) == 3_000_000


SUPERVISE = """
import asyncio, os, sys
from pathlib import Path
from deploy.local.program import Program
from deploy.local.supervisor import Supervisor
from deploy.local.terminal import Terminal

async def main():
    folder = Path(sys.argv[1])
    supervisor = Supervisor(mark=sys.argv[2], logs=folder, terminal=Terminal(), environment=os.environ)
    command = ("setpriv", "--pdeathsig", "TERM", "--", "sh", "-c", "setsid sleep 601 & touch up; exec sleep 602")
    await supervisor.start(Program("program", command, {}, folder, ready=(folder / "up").exists))
    print("ready", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_what_a_killed_supervisor_left_is_found_and_ended(mark: str, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SUPERVISE, str(tmp_path), mark), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    await until(
        lambda: len(set(marked(mark))) == 1
    )  # the child ended with it; its own child in another session lives
    assert stop_marked(mark) == 1
    assert not set(marked(mark))


async def test_a_full_disk_stops_neither_the_program_nor_the_watch_over_it(
    supervisor: Supervisor, tmp_path: Path, told: StringIO
) -> None:
    """Nobody would read its output any more, and it would wait for that for ever."""
    (tmp_path / "program.log").symlink_to("/dev/full")
    await supervisor.start(shell("seq 100000; touch said; sleep 0.2; exit 7", tmp_path))
    await until((tmp_path / "said").exists)
    await until(lambda: "program ended (exit status 7); starting it again" in told.getvalue())
    assert told.getvalue().count("No space left on device") == 1


async def test_a_log_begins_anew_before_it_fills_the_disk(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.supervisor.LONGEST_LOG", 10_000)
    await supervisor.start(shell("seq 10000; echo last words; touch said; exec sleep 60", tmp_path))
    await until((tmp_path / "said").exists)
    log, older = tmp_path / "program.log", tmp_path / "program.log.1"
    await until(lambda: log.exists() and "last words" in log.read_text())
    assert log.stat().st_size + older.stat().st_size < 30_000
