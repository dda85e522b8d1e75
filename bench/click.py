"""A click on a window: what the page asks for, on the demo community, one question after the other and all at once; and what
it asks when visits and points are opened.

Every dwelling was clicked by nobody before, so nothing is kept. A duty officer asks through a real server over HTTP, on
connections that stay open, six at a time as a browser does. The queries are counted apart, in this process.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from statistics import median, quantiles

from bench.harness.database import kept_database, manage
from bench.harness.processes import cpu_seconds, family, free_port, machine, web
from bench.harness.tiles import session_of_an_officer

AT_ONCE = 6
"""Connections that a browser opens to one host."""
FIRST = (
    "/api/dwellings/{dwelling}/",
    "/api/panoramas/{dwelling}/",
    "/api/alarms/?dwelling={dwelling}&page_size=20",
    "/api/devices/?dwelling={dwelling}",
)
OPENED = (
    "/api/visits/?dwelling={dwelling}",
    "/api/points/households/{household}/",
)
"""Asked when the viewer opens them."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--clicks", type=int, default=150)
    parser.add_argument("--servers", nargs="+", default=["daphne", "uvicorn"])
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Connections:
    """Open ones that wait for the next question."""

    def __init__(self, port: int, cookie: str) -> None:
        self.cookie, self.free = cookie, SimpleQueue[http.client.HTTPConnection]()
        for _ in range(AT_ONCE):
            self.free.put(http.client.HTTPConnection("127.0.0.1", port, timeout=60))

    def ask(self, path: str) -> tuple[bytes, float]:
        """The body, and how many ms it took from the question to the last byte."""
        connection = self.free.get()
        try:
            began = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": self.cookie, "Accept": "application/json"})
            answer = connection.getresponse()
            body = answer.read()
            taken = (time.perf_counter() - began) * 1000
        finally:
            self.free.put(connection)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
        return body, taken


def homes(clicks: int, seed: int) -> Iterator[list[int]]:
    """Dwellings where people live, `clicks` at a time, each only once."""
    from twin.people.models import Household

    lived_in = list(
        Household.objects.standing().order_by("pk").values_list("dwelling_id", flat=True).distinct()
    )
    random.Random(seed).shuffle(lived_in)
    for begin in range(0, len(lived_in) - clicks, clicks):
        yield lived_in[begin : begin + clicks]


def households_in(panorama: bytes) -> list[int]:
    return [household["id"] for household in json.loads(panorama)["households"]]


def one_by_one(connections: Connections, dwellings: Iterable[int]) -> dict[str, list[float]]:
    """For each question, its times in ms."""
    taken: dict[str, list[float]] = {path: [] for path in (*FIRST, *OPENED)}
    for dwelling in dwellings:
        for path in FIRST:
            body, ms = connections.ask(path.format(dwelling=dwelling))
            taken[path].append(ms)
            if "panoramas" in path:
                household = households_in(body)[0]
        for path in OPENED:
            taken[path].append(connections.ask(path.format(dwelling=dwelling, household=household))[1])
    return taken


def at_once(connections: Connections, dwellings: Iterable[int]) -> list[float]:
    """Until the last answer is there; ms for each click."""
    whole = []
    with ThreadPoolExecutor(AT_ONCE) as senders:
        for dwelling in dwellings:
            began = time.perf_counter()
            asked = [senders.submit(connections.ask, path.format(dwelling=dwelling)) for path in FIRST]
            for answer in asked:
                answer.result()
            whole.append((time.perf_counter() - began) * 1000)
    return whole


def queries(cookie: str, dwelling: int) -> dict[str, int]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies["sessionid"] = cookie.partition("=")[2]
    counted = {}
    households = households_in(client.get(FIRST[1].format(dwelling=dwelling)).content)
    for path in (*FIRST, *OPENED):
        address = path.format(dwelling=dwelling, household=households[0])
        client.get(address)
        with CaptureQueriesContext(connection) as made:
            client.get(address)
        counted[path] = len(made)
    return counted


@contextmanager
def demo() -> Iterator[str]:
    """The cookie of an officer in the kept demo community."""
    kept_database("twin_bench_click")
    import django

    django.setup()
    from django.db import connections

    from twin.places.models import Community

    if not Community.objects.exists():
        manage("load_demo")
    with connections["default"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    try:
        yield session_of_an_officer(Community.objects.get().pk)
    finally:
        connections.close_all()


def spread(taken: Sequence[float]) -> str:
    ways = quantiles(taken, n=100)
    return f"{median(taken):7.1f} {ways[94]:7.1f} {ways[98]:7.1f}"


def main() -> None:
    options = arguments()
    os.environ["TWIN_DEMO"] = "1"
    with demo() as cookie:
        rounds = homes(options.clicks, options.seed)
        counted = queries(cookie, next(rounds)[0])
        print("ms: p50, p95, p99")
        for server in options.servers:
            port = free_port()
            with web(server, port) as child:
                connections = Connections(port, cookie)
                one_by_one(connections, next(rounds)[:20])  # warm
                taken = one_by_one(connections, next(rounds))
                before = cpu_seconds(family(child.pid))
                whole = at_once(connections, next(rounds))
                cpu = (cpu_seconds(family(child.pid)) - before) * 1000 / options.clicks
            print(f"{server}, {machine()}, {options.clicks} clicks")
            for path, times in taken.items():
                print(f"  {path:50} {spread(times)}  {counted[path]} queries")
            print(f"  {'all at once, until the last answer':50} {spread(whole)}  cpu of the server {cpu:.1f}")


if __name__ == "__main__":
    main()
