"""What `make run` keeps running. To add a process, add it here."""

import signal
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from deploy.local.place import ROOT
from deploy.local.ports import accepts_tcp
from deploy.local.program import Program
from deploy.local.python_environment import LOCKS, PYTHON

MANAGE = (str(PYTHON), "-u", "manage.py")
ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")


def before(environment: Mapping[str, str]) -> list[Program]:
    """Run once, in this order, before the processes start; each does nothing when there is nothing to do."""
    return [
        Program("Database tables", (*ENDS_WITH_US, *MANAGE, "migrate", "--noinput"), environment, ROOT),
        Program("Demo community", (*ENDS_WITH_US, *MANAGE, "load_demo"), environment, ROOT),
    ]


def made_from() -> Iterator[Path]:
    """The files on which the outcome of `before` depends: migrations, the demo and its fixtures, the packages."""
    for room in ("twin", "layers"):
        yield from (ROOT / room).glob("**/migrations/*.py")
    yield from (ROOT / "twin" / "demo").glob("**/*.py")
    yield from (path for path in (ROOT / "fixtures").glob("geojson/**/*") if path.is_file())
    yield ROOT / "twin" / "config" / "settings.py"
    yield LOCKS / "production.txt"


def demo_logins(environment: Mapping[str, str]) -> Program:
    """Prints who may sign in to the demo."""
    return Program("Demo log-ins", (*ENDS_WITH_US, *MANAGE, "demo_logins"), environment, ROOT)


def processes(environment: Mapping[str, str], address: str, port: int, url: str) -> list[Program]:
    """The twin's own processes in the order of their start; the web listens on `address`:`port` and answers at `url`."""
    web = (
        "-m",
        "daphne",
        "--bind",
        address,
        "--port",
        str(port),
        "--no-server-name",
        "--verbosity",
        "0",  # no line for every request: addresses tell where somebody was, and the log-ins would scroll away
        "twin.config.asgi:application",
    )

    def of_the_twin(name: str, *command: str) -> Program:
        return Program(name, (*ENDS_WITH_US, *command), environment, ROOT, stop_signal=signal.SIGTERM)

    return [
        Program(
            "web",
            (*ENDS_WITH_US, str(PYTHON), "-u", *web),
            environment,
            ROOT,
            ready=partial(accepts_tcp, port, address),
        ),
        of_the_twin("mqtt-in", *MANAGE, "ingest_mqtt"),
        of_the_twin("worker", *MANAGE, "procrastinate", "worker"),
        of_the_twin("simulate", *MANAGE, "simulate", "--base-url", url),
    ]
