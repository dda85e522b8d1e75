"""`make run`: set up, start the servers, load the demo once, keep everything running until told to stop."""

import asyncio
import os
from collections.abc import Mapping
from functools import partial

from deploy.local.leftovers import stop_marked
from deploy.local.place import Place
from deploy.local.ports import next_free
from deploy.local.processes import before, demo_logins, made_from, processes
from deploy.local.program import SetUpError
from deploy.local.servers import mark_of, start_servers
from deploy.local.settings_file import read_settings, write_settings
from deploy.local.signals import until_told_to_stop
from deploy.local.single import only_one
from deploy.local.stamps import digest, is_done, mark_done
from deploy.local.supervisor import Supervisor
from deploy.local.terminal import Terminal

ADDRESS = "ADDRESS"
WEB_PORT = 8000


async def run(place: Place, terminal: Terminal) -> None:
    """Runs the twin in the foreground; AlreadyRunning when this checkout's twin is open elsewhere."""
    with only_one(place):
        ended = stop_marked(mark_of(place))
        if ended:
            terminal.warn(f"Ended {ended} processes that an earlier start had left behind")
        supervisor = Supervisor(
            mark=mark_of(place), logs=place.logs, terminal=terminal, environment=os.environ
        )
        try:
            async with until_told_to_stop() as stop:
                await start(place, supervisor, terminal)
                await stop.wait()
        finally:
            with terminal.step("Stopping"):
                await asyncio.shield(supervisor.stop())
                place.tidy()


async def start(place: Place, supervisor: Supervisor, terminal: Terminal) -> None:
    with terminal.step("Database, Redis and MQTT broker"):
        environment = own_environment() | await start_servers(place, supervisor)
    await prepare_database(place, environment, supervisor, terminal)
    address, port = where_to_listen(terminal)
    url = f"http://{'127.0.0.1' if address in {'0.0.0.0', '::'} else bracketed(address)}:{port}/"
    logins: list[str] = []
    telling = asyncio.create_task(supervisor.complete(demo_logins(environment), logins.append))
    with terminal.step("The twin"):
        for program in processes(environment, address, port, url):
            await supervisor.start(program)
    write_settings(place.remembered, read_settings(place.remembered) | {ADDRESS: url})
    await telling
    welcome(url, logins, terminal)


async def prepare_database(
    place: Place, environment: Mapping[str, str], supervisor: Supervisor, terminal: Terminal
) -> None:
    """Brings tables and demo up to date, unless nothing that they are made from changed since: each takes seconds."""
    stamp = place.state / "database.stamp"
    cluster = (place.data("pg") / "PG_VERSION").stat()
    state = digest(made_from(), str(cluster.st_mtime_ns))
    if is_done(stamp, state):
        return
    for program in before(environment):
        with terminal.step(program.name):
            if await supervisor.complete(program, partial(terminal.progress, program.name)) != 0:
                raise SetUpError(
                    f"{' '.join(program.command[-2:])} failed:\n{supervisor.last_words(program, 30)}"
                )
    mark_done(stamp, state)


def own_environment() -> dict[str, str]:
    return {"TWIN_DEMO": "1", "PYTHONUNBUFFERED": "1"}


def where_to_listen(terminal: Terminal) -> tuple[str, int]:
    """The address and port of the web: loopback and 8000 unless TWIN_BIND and TWIN_PORT say otherwise."""
    address = os.environ.get("TWIN_BIND") or "127.0.0.1"
    if "TWIN_BIND" in os.environ and not os.environ.get("TWIN_ALLOWED_HOSTS"):
        terminal.warn(
            "TWIN_BIND is set, but not TWIN_ALLOWED_HOSTS: only requests for localhost are answered"
        )
    text = os.environ.get("TWIN_PORT") or str(WEB_PORT)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SetUpError(f"TWIN_PORT is {text!r}; it must be a port number from 1 to 65535.")
    port = next_free(int(text), address)
    if port != int(text):
        terminal.warn(f"Port {text} is taken; using {port}")
    return address, port


def bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def welcome(url: str, logins: list[str], terminal: Terminal) -> None:
    terminal.line()
    terminal.line(f"  The twin is open at {terminal.coloured(url, '1;4')}")
    for line in logins:
        terminal.line(f"  {line}")
    terminal.line("  Ctrl-C stops everything.")
    terminal.line()
