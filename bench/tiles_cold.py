"""Tiles that nobody has asked for before: the twin's SQL and its whole answer over HTTP, beside plain ST_AsMVT and tipg.

The table is the one of buildings in a made-up city. In every round each contender draws the same tiles, zoom by zoom, with
four connections: `raw` is the statement of PostGIS's manual (project, clip, round) under pgbench, with the same rows and
properties; `our SQL` is what the twin sends, under pgbench; `twin` and `tipg` are answers over HTTP, gzip accepted, one web
process each unless the twin is given more. The twin checks the session and the rights of every request.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean, median
from urllib.parse import parse_qs, unquote, urlsplit

from bench.harness import tipg
from bench.harness.city import city
from bench.harness.load import Load, load
from bench.harness.processes import cpu_seconds, database_cpu_seconds, family, free_port, machine, web
from bench.harness.tiles import Wanted, sample, session_of_an_officer, statement_text

LAYER = "buildings"
CONNECTIONS = 4
MOST_TILES = 100
"""pgbench takes 128 scripts, one a tile."""
RAW, OUR_SQL, TWIN, TIPG = "raw", "our SQL", "twin", "tipg"

Draw = Callable[[list[Wanted], float], tuple[int, float]]
"""Draw these tiles for so many seconds: (how many, in how many seconds)."""


@dataclass(frozen=True)
class Figure:
    per_second: float
    cpu_ms: float
    """Processor time of one tile: web process and database together."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--dwellings", type=int, default=200_000, help="of the city")
    parser.add_argument("--cut", action="store_true", help="first cut all its buildings into dwellings")
    parser.add_argument("--zooms", type=int, nargs="+", default=[12, 13, 14, 15, 16])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each contender, zoom and round")
    parser.add_argument("--processes", type=int, default=1, help="of the twin, each with a port of its own")
    parser.add_argument("--server", choices=["uvicorn", "daphne"], default="uvicorn")
    parser.add_argument("--without-tipg", action="store_true")
    return parser.parse_args()


def under_pgbench(community: int, *, stored: bool) -> Draw:
    def draw(wanted: list[Wanted], seconds: float) -> tuple[int, float]:
        with tempfile.TemporaryDirectory() as folder:
            words = ["pgbench", "-n", "-c", str(CONNECTIONS), "-j", "1", "-T", str(max(1, round(seconds)))]
            for number, each in enumerate(wanted):
                script = Path(folder) / f"{number}.sql"
                script.write_text(
                    statement_text(community, LAYER, each, stored=stored) + ";\n", encoding="utf-8"
                )
                words += ["-f", str(script)]
            said = subprocess.run(
                [*words, *database()], check=True, capture_output=True, text=True, env=os.environ | password()
            ).stdout
        count, rate = re.search(r"actually processed: (\d+)", said), re.search(r"tps = ([\d.]+)", said)
        assert count is not None, said
        assert rate is not None, said
        return int(count[1]), int(count[1]) / float(rate[1])

    return draw


def database() -> list[str]:
    url = urlsplit(os.environ["TWIN_DATABASE_URL"])
    query = parse_qs(url.query)
    host = query.get("host", [url.hostname or ""])[0]
    port = query.get("port", [str(url.port or 5432)])[0]
    return ["-h", unquote(host), "-p", port, "-U", unquote(url.username or ""), url.path.strip("/")]


def password() -> dict[str, str]:
    return {"PGPASSWORD": unquote(urlsplit(os.environ["TWIN_DATABASE_URL"]).password or "")}


def over_http(ports: Sequence[int], path: Callable[[Wanted], str], cookie: str = "") -> Draw:
    """The connections are shared out among the ports."""

    def draw(wanted: list[Wanted], seconds: float) -> tuple[int, float]:
        paths = [path(each) for each in wanted]

        def ask(port: int) -> Load:
            return load(port, paths, seconds, connections=CONNECTIONS // len(ports), cookie=cookie, seed=port)

        with ThreadPoolExecutor(len(ports)) as senders:
            done = list(senders.map(ask, ports))
        return sum(each.answers for each in done), max(each.seconds for each in done)

    return draw


def measure(draw: Draw, wanted: list[Wanted], seconds: float, pids: Iterable[int]) -> Figure:
    def spent() -> float:
        return cpu_seconds(p for pid in pids for p in family(pid)) + database_cpu_seconds()

    draw(wanted, 1)
    before = spent()
    count, elapsed = draw(wanted, seconds)
    return Figure(count / elapsed, (spent() - before) * 1000 / count)


def compare(options: argparse.Namespace, community: int) -> dict[tuple[str, int], list[Figure]]:
    figures: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    cookie = session_of_an_officer(community)
    with ExitStack() as stack:
        ports = [free_port() for _ in range(options.processes)]
        settings = "bench.harness.cold"
        twin = [stack.enter_context(web(options.server, port, settings=settings)).pid for port in ports]
        contenders: dict[str, tuple[Draw, list[int]]] = {
            RAW: (under_pgbench(community, stored=False), []),
            OUR_SQL: (under_pgbench(community, stored=True), []),
            TWIN: (over_http(ports, lambda tile: tile.path, cookie), twin),
        }
        if not options.without_tipg:
            other_port, other = stack.enter_context(tipg.serving(os.environ["TWIN_DATABASE_URL"]))
            contenders[TIPG] = (
                over_http([other_port], lambda tile: tipg.path_of(tile.z, tile.x, tile.y)),
                [other],
            )
        tiles = {z: sample(community, LAYER, z, MOST_TILES) for z in options.zooms}
        for number in range(options.rounds):
            for z in options.zooms:
                for name, (draw, pids) in contenders.items():
                    figures[name, z].append(measure(draw, tiles[z], options.seconds, pids))
            print(f"round {number + 1}: {machine()}", flush=True)
    return figures


def tell(figures: dict[tuple[str, int], list[Figure]], zooms: list[int]) -> None:
    """Medians, and the ratios to raw of the same round."""
    names = list(dict.fromkeys(name for name, _ in figures))
    print(f"{'zoom':>5} {'':10} {'tiles/s':>9} {'of raw':>7} {'cpu ms':>9} {'of raw':>7}")
    whole: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for z in zooms:
        for name in names:
            of_raw = list(zip(figures[name, z], figures[RAW, z], strict=True))
            speed = median(mine.per_second / raw.per_second for mine, raw in of_raw)
            cost = median(mine.cpu_ms / raw.cpu_ms for mine, raw in of_raw)
            whole[name].append((speed, cost))
            rate = median(f.per_second for f in figures[name, z])
            cpu = median(f.cpu_ms for f in figures[name, z])
            print(f"{z:5} {name:10} {rate:9.1f} {speed:7.2f} {cpu:9.2f} {cost:7.2f}")
    for name in names:
        speed, cost = (geometric_mean(values) for values in zip(*whole[name], strict=True))
        print(f"  all {name:10} {'':9} {speed:7.2f} {'':9} {cost:7.2f}")


def main() -> None:
    options = arguments()
    community = city(options.dwellings, cut=options.cut)
    print(
        f"{options.rounds} rounds of {options.seconds:g} s, {CONNECTIONS} connections, {machine()}",
        flush=True,
    )
    tell(compare(options, community), options.zooms)


if __name__ == "__main__":
    main()
