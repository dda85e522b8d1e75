"""Tiles that were asked for before: the twin, which checks session, rights and version of every request, beside nginx
with the same bytes as files and no questions asked. Whole answers (200, gzip) and "you have it already" (304)."""

from __future__ import annotations

import argparse
import http.client
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.harness import nginx
from bench.harness.city import city
from bench.harness.load import load
from bench.harness.processes import cpu_seconds, family, free_port, machine, web
from bench.harness.tiles import sample, session_of_an_officer

CONNECTIONS = 8


@dataclass(frozen=True)
class Contender:
    port: int
    pid: int
    whole: Sequence[str]
    unchanged: Sequence[str]
    cookie: str = ""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--dwellings", type=int, default=200_000, help="of the city")
    parser.add_argument("--tiles", type=int, default=300)
    parser.add_argument("--zoom", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--servers", nargs="+", default=["uvicorn", "uvicorn x 2", "daphne"])
    return parser.parse_args()


def etags(port: int, paths: Sequence[str], cookie: str) -> tuple[list[str], list[bytes]]:
    """ "path<tab>etag" of each, and the bodies as they travel."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    tagged, bodies = [], []
    for path in paths:
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        bodies.append(answer.read())
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        tagged.append(f"{path}\t{answer.headers['ETag']}")
    return tagged, bodies


def files(folder: Path, paths: Sequence[str], bodies: Sequence[bytes]) -> None:
    for path, body in zip(paths, bodies, strict=True):
        file = folder / (path.lstrip("/") + ".gz")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)


def contenders(options: argparse.Namespace, stack: ExitStack) -> dict[str, Contender]:
    community = city(options.dwellings)
    cookie = session_of_an_officer(community)
    paths = [each.path for each in sample(community, "buildings", options.zoom, options.tiles)]
    found: dict[str, Contender] = {}
    bodies: list[bytes] = []
    for name in options.servers:
        port = free_port()
        server, _, processes = name.partition(" x ")
        child = stack.enter_context(web(server, port, processes=int(processes or 1)))
        tagged, bodies = etags(port, paths, cookie)
        found[name] = Contender(port, child.pid, paths, tagged, cookie)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    files(folder, paths, bodies)
    port = free_port()
    locations = f"location / {{ root {folder}; gzip_static always; types {{ }} default_type application/octet-stream; }}"
    pid = stack.enter_context(nginx.serving(port, locations))
    return {"nginx": Contender(port, pid, paths, etags(port, paths, "")[0])} | found


def main() -> None:
    options = arguments()
    rates: dict[tuple[str, str], list[float]] = defaultdict(list)
    costs: dict[tuple[str, str], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        known = contenders(options, stack)
        for number in range(options.rounds):
            for name, each in known.items():
                for kind, paths in (("200", each.whole), ("304", each.unchanged)):
                    load(each.port, paths, 1, connections=CONNECTIONS, cookie=each.cookie)
                    before = cpu_seconds(family(each.pid))
                    done = load(
                        each.port, paths, options.seconds, connections=CONNECTIONS, cookie=each.cookie
                    )
                    rates[name, kind].append(done.per_second)
                    costs[name, kind].append((cpu_seconds(family(each.pid)) - before) * 1e6 / done.answers)
            print(f"round {number + 1}: {machine()}", flush=True)
    print(f"{options.tiles} tiles of zoom {options.zoom}, {CONNECTIONS} connections")
    print(f"{'':12} {'':4} {'answers/s':>10} {'of nginx':>9} {'web cpu µs':>11}")
    for (name, kind), values in rates.items():
        ratio = median(a / b for a, b in zip(values, rates["nginx", kind], strict=True))
        print(f"{name:12} {kind:4} {median(values):10,.0f} {ratio:9.3f} {median(costs[name, kind]):11,.0f}")


if __name__ == "__main__":
    main()
