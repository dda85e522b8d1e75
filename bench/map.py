"""The map in a browser: how soon the first window can be clicked, what a frame costs while the map is moved, and how long it
takes until all windows wear the colours of a facade mode.

Communities of 6 050, 25 639 and about 100 000 dwellings are opened in Chromium at 1280x720, drawn by the processor
(SwiftShader, no graphics card), in turn and several times. Every round moves the same camera over the same place three
times: with the bare base map (streets and land cover), with everything that is shown at first, and once more with all windows
coloured by a facade mode. What a frame costs is told by
the clock and in processor time of the whole browser; the second hardly depends on who else is busy on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.harness.city import city
from bench.harness.database import kept_database, manage
from bench.harness.processes import cpu_seconds, free_port, machine, web
from bench.harness.tiles import session_of_an_officer
from tests.e2e.chromium import CHROMIUM, FLAGS, PLAIN, SCREEN

DEMO, SCALE, CITY = 6_050, 25_639, 100_000
BASE = {"landcover", "streets"}
ZOOM, BEARING, PITCH = 17.4, -24.0, 60.0
STEP_PX, WARM_UP = 8, 5
MODE = "use"
"""The facade mode that colours every home there is."""
PATIENCE_MS = 300_000
CELL_DEGREES = 0.002
"""Of the grid in which the place with most dwellings is looked for; about 200 m."""

PAN = """async ([frames, step]) => {
    const { map } = window.__twin
    const gl = map.getCanvas().getContext('webgl2'), pixel = new Uint8Array(4)
    const began = performance.now()
    for (let frame = 0; frame < frames; frame++) {
        const drawn = new Promise(done => map.once('render', done))
        map.panBy([step, 0], { animate: false })
        await drawn
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel)  // waits until the card has drawn
    }
    return (performance.now() - began) / frames
}"""
RECOLOUR = """async mode => {
    const { map, pick, lookOf } = window.__twin
    const gl = map.getCanvas().getContext('webgl2'), pixel = new Uint8Array(4)
    const { clientWidth, clientHeight } = map.getContainer()
    const seen = new Set()
    for (let x = 0.02; x < 1; x += 0.04) for (let y = 0.02; y < 1; y += 0.04) {
        const found = pick(x * clientWidth, y * clientHeight)
        if (found?.kind === 'dwelling') seen.add(found.id)
    }
    const option = document.querySelector(`[data-mode="${mode}"]`)
    const began = performance.now()
    option.click()
    do {
        if (performance.now() - began > 300000) {
            throw new Error(`never coloured: ${[...seen].filter(id => lookOf(id) === null).slice(0, 5)}`)
        }
        const drawn = new Promise(done => map.once('render', done))
        map.triggerRepaint()
        await drawn
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel)
    } while ([...seen].some(id => lookOf(id) === null))
    return [performance.now() - began, seen.size]
}"""
WINDOW_IS_THERE = """() => {
    const twin = window.__twin
    if (!twin?.ready) return false
    const { clientWidth, clientHeight } = twin.map.getContainer()
    for (let x = 0.35; x < 0.7; x += 0.05) {
        for (let y = 0.3; y < 0.9; y += 0.05) {
            if (twin.pick(x * clientWidth, y * clientHeight)?.kind === 'dwelling') return true
        }
    }
    return false
}"""


@dataclass(frozen=True)
class Subject:
    """A community in a database that is kept from run to run, and a camera over its densest place."""

    dwellings: int
    community: int
    camera: str
    cookie: str
    database_url: str


@dataclass(frozen=True)
class Figure:
    ms: float
    cpu_ms: float


Figures = dict[tuple[int, str], list[Figure]]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--dwellings", type=int, nargs="+", default=[DEMO, SCALE, CITY])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--frames", type=int, default=30)
    return parser.parse_args()


def subject(dwellings: int) -> Subject:
    """Make the community, or find it; the first time cutting 100 000 dwellings takes minutes."""
    if dwellings == CITY:
        community = city(dwellings, cut=True)
        as_if_surveyed(community)
    else:
        kept_database(f"twin_bench_map_{dwellings}")
        import django

        django.setup()
        community = demo() if dwellings == DEMO else larger_demo(dwellings)
        as_if_surveyed(community)
    count, camera = densest(community)
    return Subject(
        count, community, camera, session_of_an_officer(community), os.environ["TWIN_DATABASE_URL"]
    )


def demo() -> int:
    from twin.places.models import Community

    if not Community.objects.exists():
        manage("load_demo")
    return Community.objects.get().pk


def larger_demo(dwellings: int) -> int:
    from fixtures.community.demo import size_for
    from fixtures.generate import SEED, write_community
    from twin.base.verbs import unit_of_work
    from twin.demo.places import load_places
    from twin.places.models import Building, Community

    if not Community.objects.exists():
        with tempfile.TemporaryDirectory() as name, unit_of_work():
            write_community(SEED, size_for(dwellings), Path(name))
            load_places(folder=Path(name))
    community = Community.objects.get()
    if Building.objects.filter(cut=Building.Cut.NONE, use=Building.Use.RESIDENTIAL).exists():
        manage("cut_buildings", "--community", str(community.pk))
    return community.pk


def as_if_surveyed(community: int) -> None:
    """What was cut from a guess, or has no use, has no facts to show and so no colours to wait for: here all counts."""
    from django.db.models.functions import Mod

    from twin.places.models import Dwelling

    homes = Dwelling.objects.filter(community=community)
    homes.filter(estimated=True).update(estimated=False)
    uses = [Dwelling.Use.OWN, Dwelling.Use.LET, Dwelling.Use.VACANT]
    for rest, use in enumerate(uses):
        third = homes.alias(rest=Mod("pk", len(uses))).filter(rest=rest)
        third.filter(use=Dwelling.Use.UNKNOWN).update(use=use)


def densest(community: int) -> tuple[int, str]:
    """How many dwellings there are, and the camera over the cell with most of them, as the page's address writes it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), floor(ST_X(b.anchor) / %s) AS x, floor(ST_Y(b.anchor) / %s) AS y
            FROM places_dwelling d JOIN places_building b ON b.id = d.building_id
            WHERE d.community_id = %s AND d.ended_at IS NULL GROUP BY x, y ORDER BY 1 DESC
            """,
            [CELL_DEGREES, CELL_DEGREES, community],
        )
        cells = cursor.fetchall()
    _, x, y = cells[0]
    lon, lat = (x + 0.5) * CELL_DEGREES, (y + 0.5) * CELL_DEGREES
    return sum(row[0] for row in cells), f"{lon:.6f},{lat:.6f},{ZOOM},{BEARING},{PITCH}"


@contextmanager
def opened(browser: Browser, url: str, subject: Subject, *, bare: bool) -> Iterator[tuple[Page, float]]:
    """The command centre over the densest place, with nothing kept from before; and how many ms until a window, or with
    the bare base map until the map, was ready."""
    context = browser.new_context(viewport=SCREEN, locale="zh-CN", reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    name, _, value = subject.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": url}])
    if bare:
        shown = context.request.get(f"{url}/layers/{subject.community}/manifest.json").json()["layers"]
        chosen = json.dumps({layer["name"]: layer["name"] in BASE for layer in shown})
        context.add_init_script(f"localStorage.setItem('twin.layers', {json.dumps(chosen)})")
    page = context.new_page()
    began = monotonic()
    page.goto(f"{url}/?{PLAIN}&community={subject.community}&at={subject.camera}", wait_until="commit")
    until(page, "() => Boolean(window.__twin?.ready)" if bare else WINDOW_IS_THERE)
    yield page, (monotonic() - began) * 1000
    context.close()


def until(page: Page, condition: str) -> None:
    ends = monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(condition):
        if monotonic() > ends:
            raise SystemExit(f"waited in vain for {condition}")
        sleep(0.02)


def whole_family(pid: int) -> list[int]:
    """A process and all below it, also those that one of its other threads has started."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(entry.parent.name)] = int(
                entry.read_text(encoding="utf-8").rpartition(")")[2].split()[1]
            )
    found, new = [], [pid]
    while new:
        found += new
        new = [child for child, parent in parents.items() if parent in new]
    return found


def measured(pid: int, work: Callable[[], Any]) -> tuple[Any, float]:
    """What `work` returns, and the milliseconds of processor time that the browser took meanwhile."""
    before = cpu_seconds(whole_family(pid))
    result = work()
    return result, (cpu_seconds(whole_family(pid)) - before) * 1000


def one_round(browser: Browser, pid: int, subject: Subject, frames: int, figures: Figures) -> None:
    os.environ["TWIN_DATABASE_URL"] = subject.database_url
    port = free_port()
    with web("daphne", port):
        url = f"http://127.0.0.1:{port}"
        for bare in (True, False):
            before = cpu_seconds(whole_family(pid))
            with opened(browser, url, subject, bare=bare) as (page, ready_ms):
                ready_cpu = (cpu_seconds(whole_family(pid)) - before) * 1000
                page.evaluate(PAN, [WARM_UP, STEP_PX])
                frame_ms, cpu_ms = measured(pid, lambda page=page: page.evaluate(PAN, [frames, -STEP_PX]))
                figures[subject.dwellings, "bare frame" if bare else "frame"].append(
                    Figure(frame_ms, cpu_ms / frames)
                )
                if bare:
                    continue
                figures[subject.dwellings, "first window"].append(Figure(ready_ms, ready_cpu))
                figures[subject.dwellings, "recolour"].append(recoloured(page, pid))
                ms, cpu = measured(pid, lambda page=page: page.evaluate(PAN, [frames, STEP_PX]))
                figures[subject.dwellings, "coloured frame"].append(Figure(ms, cpu / frames))


def recoloured(page: Page, pid: int) -> Figure:
    """From the click on a facade mode until every window in sight wears its colour and is drawn."""
    page.locator("[data-test=facades-button]").click()
    page.locator(f"[data-mode={MODE}]").wait_for()
    (ms, windows), cpu_ms = measured(pid, lambda: page.evaluate(RECOLOUR, MODE))
    if windows == 0:
        raise SystemExit("no window is in sight")
    return Figure(ms, cpu_ms)


def chromium_pid() -> int:
    """The browser's own process: the one child of the driver that is called so."""
    for pid in whole_family(os.getpid()):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if words[0].endswith(b"chromium") and not any(word.startswith(b"--type=") for word in words):
            return pid
    raise SystemExit("Chromium's process is not to be found")


COLUMNS = ["first window", "bare frame", "frame", "coloured frame", "recolour"]
RATIOS = {"frame / bare": ("frame", "bare frame"), "coloured / frame": ("coloured frame", "frame")}


def tell(figures: Figures) -> None:
    """Medians as milliseconds by the clock / of processor; the ratios are the medians of those of each round."""
    print(" | ".join(["dwellings", *COLUMNS, *RATIOS]))
    for dwellings in dict.fromkeys(size for size, _ in figures):
        medians = [
            f"{median(f.ms for f in row):.0f} / {median(f.cpu_ms for f in row):.0f}"
            for row in (figures[dwellings, name] for name in COLUMNS)
        ]
        ratios = [
            ratio(figures[dwellings, over], figures[dwellings, under]) for over, under in RATIOS.values()
        ]
        print(" | ".join([str(dwellings), *medians, *ratios]))


def ratio(over: list[Figure], under: list[Figure]) -> str:
    pairs = list(zip(over, under, strict=True))
    return (
        f"{median(a.ms / b.ms for a, b in pairs):.2f} / {median(a.cpu_ms / b.cpu_ms for a, b in pairs):.2f}"
    )


def main() -> None:
    options = arguments()
    os.environ["TWIN_DEMO"] = "1"
    # Each in a process of its own: one process is one database's for good.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as makers:
        subjects = list(makers.map(subject, options.dwellings))
    figures: Figures = defaultdict(list)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        pid = chromium_pid()
        for number in range(options.rounds):
            for each in subjects:
                one_round(browser, pid, each, options.frames, figures)
            print(f"round {number + 1}: {machine()}", flush=True)
        browser.close()
    tell(figures)


if __name__ == "__main__":
    main()
