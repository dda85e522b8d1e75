"""The commands behind the Makefile."""

import argparse
import asyncio
import sys

from deploy.local.detached import serve, start_in_background, stop_in_background
from deploy.local.place import place
from deploy.local.program import SetUpError
from deploy.local.terminal import Terminal


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m deploy.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    test_env = commands.add_parser("test-env", help="start the test servers in the background")
    test_env.add_argument("--foreground", action="store_true")
    commands.add_parser("test-env-stop", help="stop them")
    chosen = parser.parse_args()
    terminal = Terminal()
    try:
        if chosen.command == "test-env" and chosen.foreground:
            asyncio.run(serve(place("test"), terminal))
        elif chosen.command == "test-env":
            start_in_background(place("test"), terminal)
        elif chosen.command == "test-env-stop":
            stop_in_background(place("test"))
    except (SetUpError, LookupError, FileNotFoundError, PermissionError) as error:
        terminal.failed(str(error))
        return 1
    return 0


sys.exit(main())
