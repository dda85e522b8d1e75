"""Keeps programs running and ends every one of them, with all their descendants, when it is told to stop."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from pathlib import Path

from deploy.local.leftovers import MARK, stop_marked
from deploy.local.program import Program, SetUpError
from deploy.local.terminal import Terminal

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0
LAST_WORDS_S = 2.0
LOOK_EVERY_S = 0.05
LINE_LIMIT = 1 << 20
LONGEST_LOG = 20 << 20
"""Bytes; then a log begins anew, and the one before it is kept beside it."""


class Supervisor:
    """Starts programs in order, starts a crashed one again after a growing pause, stops all in reverse order.

    Each program leads its own session, so that the terminal's Ctrl-C reaches only the supervisor, and carries `mark` in
    its environment, by which descendants that left its process group are found.
    """

    def __init__(self, *, mark: str, logs: Path, terminal: Terminal, environment: Mapping[str, str]) -> None:
        self._mark = mark
        self._logs = logs
        self._terminal = terminal
        self._environment = dict(environment)
        self._kept: list[tuple[Program, asyncio.Task[None]]] = []
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = False

    async def start(self, program: Program, within_s: float = 60.0) -> None:
        """Starts `program` and waits until it is ready; SetUpError with its last words when it is not in time."""
        await asyncio.to_thread(program.clear)
        process = await self._spawn(program)
        self._kept.append((program, asyncio.create_task(self._keep(program, process))))
        ends = time.monotonic() + within_s
        while not await asyncio.to_thread(program.ready):
            if process.returncode is not None or time.monotonic() > ends:
                said = self.last_words(program)
                why = (
                    "ended at once"
                    if process.returncode is not None
                    else f"was not ready within {within_s:.0f} s"
                )
                raise SetUpError(f"{program.name} {why}. Its last words ({self.log(program)}):\n{said}")
            await asyncio.sleep(0.05)

    async def complete(self, program: Program, heard: Callable[[str], None]) -> int:
        """Runs `program` to its end, telling `heard` each line; the exit status. Ends it when cancelled."""
        process = await self._spawn(program)
        try:
            return await self._to_its_end(program, process, heard)
        finally:
            await end(process, program)

    async def stop(self) -> None:
        """Ends everything, last started first; returns when no descendant is left."""
        self._stopping = True
        for program, task in reversed(self._kept):
            process = self._running.get(program.name)
            if process is not None:
                await end(process, program)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._kept.clear()
        await asyncio.to_thread(stop_marked, self._mark)

    def log(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"

    def last_words(self, program: Program, lines: int = 15) -> str:
        try:
            text = self.log(program).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    async def _keep(self, program: Program, process: asyncio.subprocess.Process) -> None:
        pause = FIRST_PAUSE_S
        while True:
            started = time.monotonic()
            code = await self._to_its_end(program, process, self._tell(program))
            if self._stopping:
                return
            pause = FIRST_PAUSE_S if time.monotonic() - started > STEADY_AFTER_S else pause
            self._terminal.warn(f"{program.name} ended ({reason(code)}); starting it again in {pause:g} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
            await asyncio.to_thread(program.clear)
            process = await self._spawn(program)

    async def _spawn(self, program: Program) -> asyncio.subprocess.Process:
        mark = {MARK: self._mark} if program.marked else {}
        process = await asyncio.create_subprocess_exec(
            *program.command,
            cwd=program.folder,
            env=self._environment | dict(program.environment) | mark,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            limit=LINE_LIMIT,
        )
        self._running[program.name] = process
        return process

    async def _to_its_end(
        self, program: Program, process: asyncio.subprocess.Process, heard: Callable[[str], None]
    ) -> int:
        """Follows the output until the program itself ends; its exit status.

        What it left behind is killed then, for it would hold its ports; a descendant that left the group may go on
        holding the output open, so the reading gets a moment, not for ever.
        """
        reading = asyncio.create_task(self._follow(program, process, heard))
        try:
            code = await ended(process)
            kill_group(process.pid, signal.SIGKILL)
            await asyncio.wait({reading}, timeout=LAST_WORDS_S)
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading
        return code

    def _tell(self, program: Program) -> Callable[[str], None]:
        return partial(self._terminal.said, program.name) if program.shown else unheard

    async def _follow(
        self, program: Program, process: asyncio.subprocess.Process, heard: Callable[[str], None]
    ) -> None:
        assert process.stdout is not None
        log = Log(self.log(program))
        async for line in lines_of(process.stdout):
            if (fault := log.keep(line)) is not None:
                self._terminal.warn(f"{program.name}: its log cannot be written ({fault})")
            heard(line.decode("utf-8", "replace").rstrip())


class Log:
    """What a program says, kept in a file: the newest of it, and as well as the disk allows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._broken = False

    def keep(self, line: bytes) -> str | None:
        """Adds a line. What is wrong, if that is news: the output has to be read all the same, or the program would wait."""
        try:
            with self._path.open("ab") as log:
                log.write(line)
                full = log.tell() > LONGEST_LOG
            if full:
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
        except OSError as error:
            news, self._broken = not self._broken, True
            return error.strerror if news else None
        self._broken = False
        return None


def unheard(line: str) -> None:
    """Kept in the log only."""


async def lines_of(stream: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The lines of `stream`; one that is longer than the reader's limit comes in pieces."""
    while True:
        try:
            line = await stream.readuntil(b"\n")
        except asyncio.IncompleteReadError as end_of_stream:
            line = end_of_stream.partial
        except asyncio.LimitOverrunError as too_long:
            line = await stream.readexactly(too_long.consumed)
        if not line:
            return
        yield line


async def ended(process: asyncio.subprocess.Process) -> int:
    """Waits for the program itself; asyncio's own `wait` also waits for whoever still holds its output."""
    while process.returncode is None:  # noqa: ASYNC110  asyncio tells of it in no other way
        await asyncio.sleep(LOOK_EVERY_S)
    return process.returncode


async def end(process: asyncio.subprocess.Process, program: Program) -> None:
    """Asks the program to end, and kills what of its group has not ended in time."""
    if process.returncode is None:
        kill_leader(process, program.stop_signal)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended(process), program.stop_within_s)
    kill_group(process.pid, signal.SIGKILL)
    await ended(process)


def kill_leader(process: asyncio.subprocess.Process, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(what)


def kill_group(group: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, what)


def reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
