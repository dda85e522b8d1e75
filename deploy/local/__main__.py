"""The commands behind the Makefile."""

import argparse
import asyncio
import sys
from collections.abc import Callable

from deploy.local.bench import bench
from deploy.local.check import check
from deploy.local.detached import serve, start_in_background
from deploy.local.place import place
from deploy.local.program import SetUpError
from deploy.local.run import ADDRESS, run
from deploy.local.settings_file import read_settings
from deploy.local.setup import set_up
from deploy.local.single import AlreadyRunning, holder
from deploy.local.stop import reset, stop
from deploy.local.terminal import Terminal

INTERRUPTED = 130


def run_command(terminal: Terminal) -> bool:
    """Set up what is missing, start the twin and keep it running."""
    if (pid := holder(place("run"))) is not None:
        where = read_settings(place("run").remembered).get(ADDRESS, "an address it is about to print")
        raise SetUpError(f"The twin is already open at {where} (process {pid}). `make stop` ends it.")
    set_up("production", terminal)
    asyncio.run(run(place("run"), terminal))
    return True


def test_command(terminal: Terminal) -> bool:
    """Set up what is missing and run every check."""
    node = set_up("development", terminal)
    return asyncio.run(check(place("test"), terminal, node))


def test_env_command(terminal: Terminal) -> bool:
    """Set up what is missing and start the test servers in the background."""
    set_up("development", terminal)
    start_in_background(place("test"), terminal)
    return True


def test_env_foreground_command(terminal: Terminal) -> bool:
    """Run the test servers in the foreground."""
    asyncio.run(serve(place("test"), terminal))
    return True


def test_env_stop_command(terminal: Terminal) -> bool:
    """Stop the test servers."""
    stop(place("test"))
    return True


def stop_command(terminal: Terminal) -> bool:
    """Stop the twin that runs in another terminal."""
    terminal.line("Stopped." if stop(place("run")) else "It was not running.")
    return True


def reset_command(terminal: Terminal) -> bool:
    """Delete the demo database and uploads, after asking (YES=1: without)."""
    return reset(place("run"), terminal)


def bench_command(terminal: Terminal) -> bool:
    """Set up what is missing and measure."""
    node = set_up("development", terminal)
    return bench(node, terminal)


COMMANDS: dict[str, Callable[[Terminal], bool]] = {
    "run": run_command,
    "test": test_command,
    "bench": bench_command,
    "stop": stop_command,
    "reset": reset_command,
    "test-env": test_env_command,
    "test-env-foreground": test_env_foreground_command,
    "test-env-stop": test_env_stop_command,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=command.__doc__)
    terminal = Terminal()
    try:
        return 0 if COMMANDS[parser.parse_args().command](terminal) else 1
    except (SetUpError, AlreadyRunning, LookupError, OSError) as error:
        terminal.failed(str(error))
        return 1
    except KeyboardInterrupt:
        terminal.line("Stopped.")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
