"""Servers under test, and the processor time that they and the database take."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.harness.database import ROOT, url_of

APPLICATION = "twin.config.asgi:application"
WEB = {
    "daphne": ("-m", "daphne", "--bind", "127.0.0.1", "--verbosity", "0", "--port"),
    "uvicorn": ("-m", "uvicorn", "--log-level", "warning", "--no-access-log", "--port"),
}
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: list[str], port: int, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers on `port`, until the end of the block."""
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(environment or {})})
    try:
        ends = time.monotonic() + 60
        while not answers(port):
            if time.monotonic() > ends or child.poll() is not None:
                raise SystemExit(f"{command} does not answer")
            time.sleep(0.1)
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def web(
    server: str, port: int, *, processes: int = 1, settings: str = "twin.config.settings"
) -> Iterator[subprocess.Popen[bytes]]:
    """The twin under one of `WEB`. Several processes on one port: uvicorn only."""
    words = [sys.executable, *WEB[server], str(port), APPLICATION]
    if processes > 1:
        words[-1:-1] = ["--workers", str(processes)]
    with running(words, port, {"DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": str(ROOT)}) as child:
        yield child


def family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    return [pid, *(other for child in children for other in family(int(child)))]


def cpu_seconds(pids: Iterable[int], *, with_ended_children: bool = False) -> float:
    """Processor time of these processes, by the kernel's count: unlike a rate it hardly depends on who else is busy."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        ticks += sum(int(field) for field in fields[11 : 15 if with_ended_children else 13])
    return ticks / TICKS


def database_cpu_seconds() -> float:
    """Of the whole database server, sessions that have ended included; it must not be at work for anyone else."""
    with psycopg.connect(url_of("postgres")) as connection:
        backend = connection.info.backend_pid
        parent = int(Path(f"/proc/{backend}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])
        return cpu_seconds([parent], with_ended_children=True) + cpu_seconds(family(parent)[1:])


def machine() -> str:
    """How busy the machine is: processes that want to run, on the mean of the last minute."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
