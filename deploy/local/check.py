"""`make test`: set up, start the test servers, run every check, and say at the end which failed."""

import asyncio
import os
import re
import shlex
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deploy.local.checks import Check, checks
from deploy.local.keys import keys
from deploy.local.leftovers import stop_marked
from deploy.local.node import Node
from deploy.local.place import Place
from deploy.local.program import Program
from deploy.local.servers import environment, mark_of, remembered_broker_port, start_servers
from deploy.local.signals import until_told_to_stop
from deploy.local.single import AlreadyRunning, only_one
from deploy.local.supervisor import Supervisor
from deploy.local.terminal import Terminal

CLOSING = re.compile(r"^=+ .*\b(passed|failed|error|errors|skipped|no tests ran)\b.* =+$")
SAMPLE_DATA = re.compile(r"^sample data: (\d+) ran, (\d+) skipped$")


@dataclass(frozen=True)
class Outcome:
    check: Check
    passed: bool
    seconds: float
    closing: tuple[str, ...]


async def check(place: Place, terminal: Terminal, node: Node) -> bool:
    """Runs every check, also after one failed; whether all passed."""
    outcomes: list[Outcome] = []
    wanted: list[Check] = []
    mark = f"{mark_of(place)}:checks"
    with only_one(place, "checks"):
        stop_marked(mark)
        supervisor = Supervisor(mark=mark, logs=place.logs, terminal=terminal, environment=os.environ)
        try:
            async with until_told_to_stop(), servers_of(place, terminal) as servers:
                wanted = checks(servers, node, tuple(shlex.split(os.environ.get("PYTEST", ""))))
                for each in wanted:
                    outcomes.append(await run_check(each, supervisor, terminal))
        finally:
            await asyncio.shield(supervisor.stop())
    summarise(outcomes, terminal)
    return bool(outcomes) and len(outcomes) == len(wanted) and all(outcome.passed for outcome in outcomes)


@asynccontextmanager
async def servers_of(place: Place, terminal: Terminal) -> AsyncIterator[Mapping[str, str]]:
    """The test servers' variables: of those already in the background, else of own ones, stopped at the end."""
    try:
        with only_one(place):
            stop_marked(mark_of(place))
            supervisor = Supervisor(
                mark=mark_of(place), logs=place.logs, terminal=terminal, environment=os.environ
            )
            try:
                with terminal.step("Database, Redis and MQTT broker of our own"):
                    servers = await start_servers(place, supervisor)
                yield servers
            finally:
                await asyncio.shield(supervisor.stop())
                place.tidy()
    except AlreadyRunning:
        yield environment(place, keys(place.secrets), remembered_broker_port(place) or 0)


async def run_check(wanted: Check, supervisor: Supervisor, terminal: Terminal) -> Outcome:
    terminal.line()
    terminal.line(terminal.coloured(f"── {wanted.name}: {shlex.join(shortened(wanted.command))}", "1"))
    closing: list[str] = []

    def heard(line: str) -> None:
        terminal.line(line)
        if wanted.closing and (CLOSING.search(line) or SAMPLE_DATA.search(line)):
            closing.append(line)

    started = time.monotonic()
    command = ("setpriv", "--pdeathsig", "TERM", "--", *wanted.command)
    code = await supervisor.complete(Program(wanted.name, command, wanted.environment, wanted.folder), heard)
    return Outcome(wanted, code in wanted.good, time.monotonic() - started, tuple(closing))


def summarise(outcomes: list[Outcome], terminal: Terminal) -> None:
    """One line for each check, then the lines with which pytest closed, so that they end the run."""
    terminal.line()
    for outcome in outcomes:
        mark = terminal.coloured("✓", "32") if outcome.passed else terminal.coloured("✗", "31")
        terminal.line(f"{mark} {outcome.check.name} ({outcome.seconds:.1f} s)")
    closing = [line for outcome in outcomes for line in outcome.closing]
    for line in closing:
        if CLOSING.search(line):
            terminal.line(line)
    if any(SAMPLE_DATA.search(line) for line in closing):
        terminal.line(sample_data(closing))


def sample_data(closing: list[str]) -> str:
    """The sum of what each run of pytest said about the real sample data."""
    found = [match for line in closing if (match := SAMPLE_DATA.search(line))]
    ran, skipped = (sum(int(match[group]) for match in found) for group in (1, 2))
    return f"sample data: {ran} ran, {skipped} skipped"


def shortened(command: tuple[str, ...]) -> tuple[str, ...]:
    return (os.path.basename(command[0]), *command[1:])
