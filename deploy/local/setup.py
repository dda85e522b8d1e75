"""The steps that bring a checkout from nothing to ready; each does nothing when it has nothing to do."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.frontend import build, install_packages
from deploy.local.node import Node, node
from deploy.local.packages import TO_RUN, TO_TEST, install_missing
from deploy.local.place import ROOT
from deploy.local.python_environment import Kind, install_python_packages
from deploy.local.terminal import Terminal

LOCAL = ROOT / ".local"
LOG = LOCAL / "setup.log"


def set_up(kind: Kind, terminal: Terminal) -> Node:
    """Brings the machine and the checkout to what `kind` needs: `production` to run, `development` to test as well."""
    with one_at_a_time(terminal):
        LOG.unlink(missing_ok=True)
        with terminal.step(title := "System packages"):
            install_missing(TO_RUN if kind == "production" else TO_RUN + TO_TEST, terminal, title, LOG)
        with terminal.step(title := "Python packages"):
            install_python_packages(kind, terminal, title, LOG)
        with terminal.step(title := "Front-end packages"):
            found = node(terminal, title, LOG)
            install_packages(found, terminal, title, LOG)
        with terminal.step(title := "Front end"):
            build(found, terminal, title, LOG)
    return found


@contextmanager
def one_at_a_time(terminal: Terminal) -> Iterator[None]:
    """Two set-ups in one checkout (`make test` beside `make run`) would write the same files: the second waits."""
    LOCAL.mkdir(exist_ok=True)
    handle = os.open(LOCAL / "setup.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            terminal.line("  Waiting for another set-up in this checkout to end …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
