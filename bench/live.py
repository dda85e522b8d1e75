"""Live messages: from the commit to 1, 50 and 500 sockets at 50 messages a second, beside nginx with nchan, in one run.

    . .local/test/env && bench/run live

One process publishes, one is the server under test, one holds all sockets; PostgreSQL and Redis are those of the
environment, the database is made for the run and dropped. The publisher writes the log as a verb does, and what is
measured is the time from its commit (for nchan: from the start of its POST) until the message has left the client's socket.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from bench.harness import nginx
from bench.harness.database import own_database
from bench.harness.processes import WEB, cpu_seconds, family, free_port, machine, web
from bench.harness.sockets import Target, listen

DATABASE = "twin_bench_live"

Publish = Callable[[int], int]
"""Publish the n-th message; returns the moment (monotonic nanoseconds) from which its journey counts."""
NCHAN = """
        location = /sub { nchan_subscriber websocket; nchan_channel_id bench; nchan_subscriber_first_message newest; }
        location = /pub { nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 1000; }
"""


@dataclass(frozen=True)
class Figure:
    server: str
    sockets: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    lost: int
    cpu_ms: float
    """Processor time of the server for one message to all sockets."""

    def __str__(self) -> str:
        times = f"{self.p50_ms:8.1f} {self.p95_ms:8.1f} {self.p99_ms:8.1f}"
        return f"{self.server:10} {self.sockets:8} {times} {self.lost:8} {self.cpu_ms:10.2f}"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sockets", type=int, nargs="+", default=[1, 50, 500])
    parser.add_argument("--rate", type=float, default=50, help="messages a second")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--servers", nargs="+", default=["nchan", "uvicorn", "daphne"])
    return parser.parse_args()


@dataclass(frozen=True)
class World:
    session: str
    topic: str
    device_token: str


def found_world() -> World:
    """A community with one grid, one alarm in it and a duty officer."""
    import django

    django.setup()
    from django.contrib.gis.geos import MultiPolygon, Point, Polygon
    from django.test import Client
    from django.utils import timezone

    from twin.access.actions import grant_role, issue_token
    from twin.accounts.models import User
    from twin.devices.actions import add_starter_kinds, install_device, raise_alarm
    from twin.places.actions import draw_grid, found_community

    area = MultiPolygon(Polygon.from_bbox((122.600, 31.050, 122.602, 31.052)), srid=4326)
    community = found_community(name="测速社区", boundary=area)
    grid = draw_grid(community=community, parent=community.root, name="网格", geometry=area)
    kind = add_starter_kinds(community=community)["smoke"]
    home = Point(122.601, 31.051, srid=4326)
    device = install_device(community=community, kind=kind, external_id="smoke-1", home=home)
    raise_alarm(device=device, rule=kind.rules.get(code="alarm"), at=timezone.now())
    officer = User.objects.create_user(username="officer")
    grant_role(user=officer, kind="duty_officer", community=community)
    _, token = issue_token(community=community, kind="device", name="bench")
    browser = Client()
    browser.force_login(officer)
    return World(browser.cookies["sessionid"].value, f"alarms:{grid.pk}", token)


def publisher_to_the_log(world: World) -> Publish:
    """Writes an alarm's fact as the last statement of a transaction and rings the bell, as every verb does."""
    from django.db import transaction

    from layers.live.log import write
    from layers.live.streams.alarms import alarm_fact
    from twin.devices.models import Alarm

    fact = alarm_fact(Alarm.objects.with_place().get())

    def publish(_: int) -> int:
        committed = 0

        def note() -> None:
            nonlocal committed
            committed = time.monotonic_ns()

        with transaction.atomic():
            transaction.on_commit(note)
            write([(world.topic, fact)])
        return committed

    return publish


def publisher_to_nchan(world: World, port: int) -> Publish:
    """Posts a message of the same size."""
    from datetime import UTC, datetime

    from layers.live.messages import ChangeMessage, encode
    from layers.live.streams.alarms import alarm_fact
    from twin.devices.models import Alarm

    fact = alarm_fact(Alarm.objects.with_place().get())
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def publish(number: int) -> int:
        body = encode(ChangeMessage(world.topic, number, datetime.now(UTC), fact)).encode()
        began = time.monotonic_ns()
        connection.request("POST", "/pub", body)
        connection.getresponse().read()
        return began

    return publish


def head(world: World) -> int:
    from layers.live.models import Topic

    return Topic.objects.get(name=world.topic).seq


@contextmanager
def serving(server: str, world: World) -> Iterator[tuple[list[int], Target, Publish]]:
    """(process ids, where the sockets go, how to publish)."""
    port = free_port()
    if server == "nchan":
        with nginx.serving(port, NCHAN, module="ngx_nchan_module.so") as pid:
            yield family(pid), Target(port, "/sub"), publisher_to_nchan(world, port)
        return
    with web(server, port) as child:
        join = json.dumps({"kind": "join", "topics": [{"topic": world.topic, "after": None}]})
        headers = (f"Cookie: sessionid={world.session}", f"Origin: http://127.0.0.1:{port}")
        target = Target(port, "/live/", headers, join, b'"snapshot"')
        yield [child.pid], target, publisher_to_the_log(world)


def measure(server: str, world: World, sockets: int, options: argparse.Namespace) -> Figure:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    messages = int(options.rate * options.seconds)
    with serving(server, world) as (pids, target, publish):
        listener = context.Process(target=listen, args=(target, sockets, there), daemon=True)
        listener.start()
        assert here.recv() == "listening"
        first = 0 if server == "nchan" else head(world) + 1
        before = cpu_seconds(pids)
        sent: dict[int, int] = {}
        began = time.monotonic()
        for n in range(messages):
            time.sleep(max(0.0, began + n / options.rate - time.monotonic()))
            sent[first + n] = publish(first + n)
        here.send(messages * sockets)
        arrivals = here.recv()
        spent = cpu_seconds(pids) - before
        listener.join()
    times = np.array([(at - sent[number]) / 1e6 for number, at in arrivals if number in sent])
    p50, p95, p99 = np.percentile(times, [50, 95, 99]) if len(times) else (np.nan,) * 3
    lost = messages * sockets - len(times)
    return Figure(server, sockets, p50, p95, p99, lost, spent * 1000 / messages)


def post_to_commit(world: World, server: str, posts: int = 200) -> str:
    """A device's POST that raises an alarm, one after the other: from the request to the answer, which follows the commit."""
    from datetime import UTC, datetime

    port = free_port()
    times = []
    with web(server, port):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        headers = {"Authorization": f"Bearer {world.device_token}", "Content-Type": "application/json"}
        for n in range(posts + 20):
            reading = {"device": "smoke-1", "at": datetime.now(UTC).isoformat(), "seq": n, "event": "alarm"}
            body = json.dumps({"readings": [reading]})
            began = time.perf_counter()
            connection.request("POST", "/ingest/readings/", body, headers)
            answer = connection.getresponse()
            said = answer.read()
            times.append((time.perf_counter() - began) * 1000)
            if answer.status >= 300:
                raise SystemExit(f"the API answered {answer.status} {said!r}")
    p50, p95, p99 = np.percentile(times[20:], [50, 95, 99])
    return f"POST to commit, {server}: p50 {p50:.1f} ms   p95 {p95:.1f} ms   p99 {p99:.1f} ms"


def main() -> None:
    options = arguments()
    with own_database(DATABASE):
        world = found_world()
        print(f"{options.rate:g} messages/s for {options.seconds:g} s, {machine()}")
        print(
            f"{'server':10} {'sockets':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'lost':>8} {'cpu ms/msg':>10}"
        )
        for sockets in options.sockets:
            first = None
            for server in options.servers:
                figure = measure(server, world, sockets, options)
                first = first or figure
                print(figure, f"   {figure.p99_ms / first.p99_ms:6.1f} x", flush=True)
        for server in [s for s in options.servers if s in WEB]:
            print(post_to_commit(world, server), flush=True)


if __name__ == "__main__":
    main()
