"""Fixes per second: through the public API, and by raw COPY into a table of the same shape, in one run.

    . .local/test/env && bench/run fixes --server daphne --processes 2

A database of its own is made beside the one that TWIN_DATABASE_URL names and dropped at the end. Every sender is a process
that posts one batch after the other over one kept-alive connection, as four phones with a long backlog would.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from queue import Queue
from uuid import uuid4

import numpy as np
import psycopg

from bench.harness.database import own_database
from bench.harness.processes import cpu_seconds, database_cpu_seconds, free_port, machine, web

DATABASE = "twin_bench_fixes"
SHIFT_HOURS = 8
WARM_FROM = 1_000_000
RAW = "CREATE TABLE bench_raw (LIKE patrol_fix INCLUDING ALL)"
RAW_COPY = "COPY bench_raw FROM STDIN (FORMAT binary)"
EWKB_POINT_4326 = bytes.fromhex("0101000020E6100000")
RAW_ROW = np.dtype([
    ("columns", ">i2"), ("l1", ">i4"), ("shift", ">i8"), ("l2", ">i4"), ("sender", ">i8"), ("l3", ">i4"), ("seq", ">i8"),
    ("l4", ">i4"), ("at", ">i8"), ("l5", ">i4"), ("received", ">i8"), ("l6", ">i4"), ("ewkb", "V9"), ("lon", "<f8"),
    ("lat", "<f8"), ("l7", ">i4"), ("accuracy", ">f8"), ("l8", ">i4"), ("speed", ">f8"), ("l9", ">i4"), ("mocked", "?"),
    ("l10", ">i4"),
])  # fmt: skip
LENGTHS = (8, 8, 8, 8, 8, 25, 8, 8, 1, -1)


@dataclass(frozen=True)
class Sender:
    number: int
    user_id: int
    shift_id: int
    token: str
    began: float
    """Unix seconds of the shift's start."""
    first: int = 0
    """The number of the first fix."""


@dataclass(frozen=True)
class Figure:
    name: str
    fixes_per_s: float
    p50_ms: float
    p99_ms: float
    batches: int

    def __str__(self) -> str:
        times = f"p50 {self.p50_ms:6.1f} ms   p99 {self.p99_ms:6.1f} ms"
        return f"{self.name:34} {self.fixes_per_s:10,.0f} fixes/s   {times}"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--server", choices=["daphne", "uvicorn"], default="daphne")
    parser.add_argument("--processes", type=int, default=1)
    return parser.parse_args()


def hire(count: int) -> list[Sender]:
    """Workers on shift since this morning, each with a phone's token."""
    import django

    django.setup()
    from datetime import timedelta

    from django.contrib.gis.geos import MultiPolygon, Polygon
    from django.db import connection, connections
    from django.utils import timezone

    from twin.access.actions import grant_role, issue_token
    from twin.accounts.models import User
    from twin.patrol.actions import start_shift
    from twin.places.actions import draw_grid, found_community

    area = MultiPolygon(Polygon.from_bbox((122.600, 31.050, 122.602, 31.052)), srid=4326)
    community = found_community(name="测速社区", boundary=area)
    grid = draw_grid(community=community, parent=community.root, name="网格", geometry=area)
    began = timezone.now() - timedelta(hours=SHIFT_HOURS)
    senders = []
    for number in range(count):
        worker = User.objects.create_user(username=f"worker{number}")
        grant_role(user=worker, kind="grid_worker", community=community, grid=grid)
        _, token = issue_token(community=community, kind="worker", name="bench", user=worker)
        shift = start_shift(worker=worker, grid=grid, at=began)
        senders.append(Sender(number, worker.pk, shift.pk, token, began.timestamp()))
    with connection.cursor() as cursor:
        cursor.execute(RAW)
    connections.close_all()
    connection.close_pool()
    return senders


@contextmanager
def serving(server: str, processes: int) -> Iterator[dict[int, int]]:
    """The twin's web processes, port -> process id, until the end of the block."""
    with ExitStack() as stack:
        yield {
            port: stack.enter_context(web(server, port)).pid
            for port in (free_port() for _ in range(processes))
        }


def post_batches(
    sender: Sender, port: int, size: int, seconds: float, done: Queue[tuple[int, list[float]]]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {sender.token}", "Content-Type": "application/json"}
    stored, times = 0, []
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        body = batch_of(sender, sender.first + stored, size)
        started = time.perf_counter()
        connection.request("POST", "/ingest/fixes/", body, headers)
        answer = json.loads(connection.getresponse().read())
        times.append(time.perf_counter() - started)
        if answer.get("accepted") != size:
            raise SystemExit(f"the API answered {answer}")
        stored += size
    done.put((stored, times))


def batch_of(sender: Sender, first: int, size: int) -> bytes:
    step = 0.01  # seconds between two fixes: as many as are wanted fit into one shift
    fixes = ",".join(
        f'{{"seq":{n},"at":"{iso(sender.began + n * step)}","lon":{122.6 + n % 2000 * 1e-6:.7f},'
        f'"lat":{31.05 + n % 1777 * 1e-6:.7f},"accuracy_m":7.5,"speed_m_s":1.2}}'
        for n in range(first, first + size)
    )
    return f'{{"batch":"{uuid4()}","shift":{sender.shift_id},"fixes":[{fixes}]}}'.encode()


def iso(moment: float) -> str:
    whole, part = divmod(moment, 1)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(whole))}.{int(part * 1e6):06d}Z"


def copy_batches(
    sender: Sender, _port: int, size: int, seconds: float, done: Queue[tuple[int, list[float]]]
) -> None:
    """One transaction a batch, as the API has it."""
    stored, times = 0, []
    with psycopg.connect(os.environ["TWIN_DATABASE_URL"]) as connection:
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            rows = raw_rows(sender, stored, size)
            started = time.perf_counter()
            with connection.cursor() as cursor, cursor.copy(RAW_COPY) as copy:
                copy.write(rows)
            connection.commit()
            times.append(time.perf_counter() - started)
            stored += size
    done.put((stored, times))


def raw_rows(sender: Sender, first: int, size: int) -> bytes:
    rows = np.zeros(size, dtype=RAW_ROW)
    rows["columns"] = len(LENGTHS)
    for n, length in enumerate(LENGTHS, 1):
        rows[f"l{n}"] = length
    number = np.arange(first, first + size)
    rows["shift"], rows["sender"], rows["seq"] = sender.shift_id, sender.user_id, number
    rows["at"] = rows["received"] = int((sender.began - 946684800) * 1e6) + number * 20_000
    rows["ewkb"] = np.void(EWKB_POINT_4326)
    rows["lon"], rows["lat"] = 122.6 + number % 2000 * 1e-6, 31.05 + number % 1777 * 1e-6
    rows["accuracy"], rows["speed"] = 7.5, 1.2
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"


def measure(
    name: str, work: object, senders: list[Sender], ports: list[int], options: argparse.Namespace
) -> Figure:
    """All senders at once; the rate counts from the first start to the last end."""
    context = multiprocessing.get_context("fork")
    done = context.Queue()
    started = time.perf_counter()
    children = [
        context.Process(
            target=work, args=(s, ports[s.number % len(ports)], options.batch, options.seconds, done)
        )
        for s in senders
    ]
    for child in children:
        child.start()
    results = [done.get(timeout=options.seconds + 120) for _ in children]
    for child in children:
        child.join()
    elapsed = time.perf_counter() - started
    times = np.concatenate([t for _, t in results]) * 1000
    p50, p99 = np.percentile(times, [50, 99])
    return Figure(name, sum(n for n, _ in results) / elapsed, float(p50), float(p99), len(times))


def stored_fixes() -> int:
    with psycopg.connect(os.environ["TWIN_DATABASE_URL"]) as connection:
        row = connection.execute("SELECT count(*) FROM patrol_fix").fetchone()
        return int(row[0]) if row else 0


def main() -> None:
    options = arguments()
    with own_database(DATABASE):
        senders = hire(options.senders)
        raw = measure("raw COPY, same columns and key", copy_batches, senders, [0], options)
        with serving(options.server, options.processes) as web:
            name = f"public API, {options.server} x {options.processes}"
            warm = argparse.Namespace(**{**vars(options), "seconds": 1.0})
            measure(name, post_batches, [replace(s, first=WARM_FROM) for s in senders], [*web], warm)
            before = (cpu_seconds([*web.values()]), database_cpu_seconds())
            api = measure(name, post_batches, senders, [*web], options)
            after = (cpu_seconds([*web.values()]), database_cpu_seconds())
        print(
            f"{options.senders} senders, batches of {options.batch}, {options.seconds:g} s each, {machine()}"
        )
        print(raw, api, sep="\n")
        print(
            f"ratio API / COPY: {api.fixes_per_s / raw.fixes_per_s:.3f}; rows in the table: {stored_fixes():,}"
        )
        of_web, of_database = ((b - a) * 1000 / api.batches for a, b in zip(before, after, strict=True))
        print(f"processor time a batch: web {of_web:.1f} ms, database {of_database:.1f} ms")


if __name__ == "__main__":
    main()
