"""Everything together, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from twin.demo.simulate.gateway import GatewayProcess, Life, find_devices
from twin.demo.simulate.patrolling import Tally, Worker
from twin.demo.simulate.site import Away, Refused, Site
from twin.demo.simulate.terrain import Terrain
from twin.demo.simulate.tokens import Keys, Phone, read_keys

log = logging.getLogger(__name__)

WAIT_FOR_KEYS_S = 2.0
REPORT_S = 300.0
GOODBYE_S = 5.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to simulate. `speed`: how many seconds of walking, talking and trouble pass in one; the times that phones and
    devices write stay those of the clock on the wall, for the twin believes no others. `workers` None: all."""

    keys: Path
    base_url: str | None
    mqtt_url: str | None
    speed: float = 1.0
    seed: int = 1
    workers: int | None = None
    alarms_per_hour: float = 12.0
    duration_s: float | None = None


async def simulate(wanted: Wanted) -> Tally:
    """Simulate until SIGTERM, SIGINT or the end of `duration_s`; returns what was sent. Raises Refused when a token is
    wrong."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tally = Tally()
    living = asyncio.create_task(_live(wanted, tally))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({living, stopping}, timeout=wanted.duration_s, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            living.result()
    finally:
        stopping.cancel()
        living.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await living
    return tally


async def _live(wanted: Wanted, tally: Tally) -> None:
    keys = await _keys(wanted.keys)
    async with Site(wanted.base_url or keys.base_url or "http://127.0.0.1:8000") as site:
        workers: list[Worker] = []
        try:
            async with asyncio.TaskGroup() as tasks:
                for worker in await _hire(site, keys, wanted, tally):
                    workers.append(worker)
                    tasks.create_task(worker.run())
                for gateway in await _gateways(site, keys, wanted, tally):
                    tasks.create_task(gateway.run())
                tasks.create_task(_report(tally, len(workers)))
        finally:
            await _say_goodbye(workers)


async def _hire(site: Site, keys: Keys, wanted: Wanted, tally: Tally) -> list[Worker]:
    terrains: dict[int, Terrain] = {}
    workers = []
    for phone in _chosen(keys.workers, wanted):
        community = int((await site.get_patiently(f"/api/grids/{phone.grid_id}/", phone.token))["community"])
        if community not in terrains:
            layers = ("streets", "buildings", "grids")
            terrains[community] = Terrain(
                *[await site.all_features(community, layer, phone.token) for layer in layers]
            )
        random = Random(f"{wanted.seed}/worker/{phone.username}")  # noqa: S311  (not a secret)
        workers.append(Worker(site, phone, community, terrains[community], random, wanted.speed, tally))
    return workers


def _chosen(phones: Sequence[Phone], wanted: Wanted) -> Sequence[Phone]:
    """So many, spread over the grids."""
    if wanted.workers is None or wanted.workers >= len(phones):
        return phones
    return [phones[n * len(phones) // wanted.workers] for n in range(wanted.workers)]


async def _gateways(site: Site, keys: Keys, wanted: Wanted, tally: Tally) -> list[GatewayProcess]:
    gateways = []
    for key in keys.gateways:
        devices = await find_devices(site, key.community, keys.workers, wanted.seed)
        random = Random(f"{wanted.seed}/gateway/{key.community}")  # noqa: S311  (not a secret)
        life = Life(random, devices, wanted.alarms_per_hour)
        gateways.append(GatewayProcess(site, key, life, wanted.speed, wanted.mqtt_url, tally))
        log.info("community %s: %s devices", key.community, len(devices))
    return gateways


async def _keys(path: Path) -> Keys:
    """The demo's keys, as soon as the demo is there."""
    said = False
    while True:
        try:
            return read_keys(path)
        except FileNotFoundError:
            if not said:
                log.info("waiting for the demo's keys: %s", path)
            said = True
            await asyncio.sleep(WAIT_FOR_KEYS_S)


async def _report(tally: Tally, workers: int) -> None:
    while True:
        await asyncio.sleep(REPORT_S)
        log.info("%s workers; %s", workers, tally)


async def _say_goodbye(workers: Sequence[Worker]) -> None:
    """End the shifts that were begun here, if the twin still answers within a few seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_S):
            ended = await asyncio.gather(*(worker.end() for worker in workers), return_exceptions=True)
            for error in ended:
                if isinstance(error, Exception) and not isinstance(error, Away | Refused):
                    raise error
