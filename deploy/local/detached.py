"""The test servers in the background, for those who run pytest by hand: `make test-env`, `make test-env-stop`."""

import asyncio
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.local.leftovers import stop_marked
from deploy.local.place import ROOT, Place
from deploy.local.program import SetUpError
from deploy.local.servers import mark_of, start_servers
from deploy.local.settings_file import write_private
from deploy.local.signals import until_told_to_stop
from deploy.local.single import holder, only_one
from deploy.local.supervisor import Supervisor
from deploy.local.terminal import Terminal

PREFACE = """# Source this to run pytest by hand. Each shell gets a test database of its own, so that several runs can go on
# at once; set TWIN_TEST_NAME before to choose its name, for example to keep it with --reuse-db.
"""


def env_file(place: Place) -> Path:
    return place.state / "env"


def start_in_background(place: Place, terminal: Terminal, within_s: float = 90) -> None:
    """Starts the servers when they are not running and waits until their `env` file is there."""
    if holder(place) is None:
        env_file(place).unlink(missing_ok=True)
        with (place.logs / "servers.log").open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "deploy.local", "test-env-foreground"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        ends = time.monotonic() + within_s
        while not env_file(place).exists():
            if child.poll() is not None or time.monotonic() > ends:
                raise SetUpError((place.logs / "servers.log").read_text(encoding="utf-8", errors="replace"))
            time.sleep(0.1)
    terminal.line(f"The test servers run. To use them: . {os.path.relpath(env_file(place))}")


async def serve(place: Place, terminal: Terminal) -> None:
    """Keeps the servers of `place` running until told to stop."""
    with only_one(place):
        stop_marked(mark_of(place))
        supervisor = Supervisor(
            mark=mark_of(place), logs=place.logs, terminal=terminal, environment=os.environ
        )
        try:
            async with until_told_to_stop() as stop:
                write_env_file(place, await start_servers(place, supervisor))
                await stop.wait()
        finally:
            env_file(place).unlink(missing_ok=True)
            await asyncio.shield(supervisor.stop())
            place.tidy()


def write_env_file(place: Place, values: Mapping[str, str]) -> None:
    """Writes the variables as a script to source; the database's name ends with the shell's process id."""
    own = {**values, "TWIN_DATABASE_URL": values["TWIN_DATABASE_URL"].replace("@/twin?", "@/NAME?")}
    lines = [f"export {name}={shlex.quote(value)}" for name, value in own.items()]
    text = PREFACE + "\n".join(lines) + "\n"
    write_private(env_file(place), text.replace("@/NAME?", "@/twin'_\"${TWIN_TEST_NAME:-$$}\"'?"))
