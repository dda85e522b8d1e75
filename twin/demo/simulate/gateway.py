"""A gateway between the community's devices and the twin: sensors over MQTT, meters over HTTP, everything over HTTP where
there is no broker."""

from __future__ import annotations

import asyncio
import heapq
import json
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any
from urllib.parse import unquote, urlsplit

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from twin.demo.simulate.habits import Device, Word, kind_in_trouble
from twin.demo.simulate.patrolling import Tally
from twin.demo.simulate.site import Away, Refused, Site
from twin.demo.simulate.tokens import Gateway, Phone

log = logging.getLogger(__name__)

TICK_S = 1.0
AT_ONCE = 100
"""Readings in one message."""
KEPT = 20_000
READ_BY_HTTP = frozenset({"water_meter", "electricity_meter"})
RECONNECT_S = 3.0
FIRST_TROUBLE_S = (8, 25)
"""Nobody should have to wait long for the first alarm, whatever the rate."""
FIRST_WORD_S = 60
ASKED_AT_ONCE = 4

Reading = dict[str, Any]


@dataclass(slots=True)
class Installed:
    """A device as the API tells it, and its habits. `token` is one that may look at it."""

    id: int
    token: str
    habits: Device
    own_id: str | None = None
    """What it calls itself: asked for when it has something to say, for a list does not tell."""
    in_trouble: bool = False


@dataclass
class Readings:
    """Readings on their way out, oldest first, kept while nobody takes them."""

    send: Callable[[list[Reading]], Any]
    waiting: deque[Reading] = field(default_factory=lambda: deque(maxlen=KEPT))

    async def flush(self) -> None:
        """Send all that wait. Raises Away; then they keep waiting."""
        while self.waiting:
            batch = [reading for reading, _ in zip(self.waiting, range(AT_ONCE), strict=False)]
            try:
                await self.send(batch)
            except Refused as refused:
                log.warning("readings were refused: %s", refused)
            for _ in batch:
                self.waiting.popleft()


@dataclass
class Life:
    """Who says what when. Seconds of the devices' life, from 0; pure but for the random numbers."""

    random: Random
    devices: Sequence[Installed]
    alarms_per_hour: float
    _due: list[tuple[float, int, Installed | None, Word | None, bool]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        for device in self.devices:
            if not device.habits.silent:
                self._plan(self.random.uniform(0, FIRST_WORD_S), device, None)
        if self.alarms_per_hour > 0:
            self._plan(self.random.uniform(*FIRST_TROUBLE_S), None, None)

    def said_until(self, now: float) -> list[tuple[Installed, Word]]:
        """What has been said since the last call."""
        said = []
        while self._due and self._due[0][0] <= now:
            when, _, device, word, is_last = heapq.heappop(self._due)
            if device is None:
                self._trouble(when)
            elif word is None:
                said.append((device, device.habits.heartbeat()))
                self._plan(when + device.habits.next_heartbeat_s(), device, None)
            else:
                said.append((device, word))
                device.in_trouble = not is_last
        return said

    def _trouble(self, now: float) -> None:
        """One device gets into trouble; the next will after an exponential wait, as independent troubles do."""
        self._plan(now + self.random.expovariate(self.alarms_per_hour / 3600), None, None)
        calm = [d for d in self.devices if not d.in_trouble and not d.habits.silent]
        kind = kind_in_trouble(self.random, [d.habits.kind for d in calm])
        if kind is None:
            return
        device = self.random.choice([d for d in calm if d.habits.kind == kind])
        device.in_trouble = True
        words = device.habits.trouble()
        for word in words:
            self._plan(now + word.after, device, word, is_last=word is words[-1])

    def _plan(self, when: float, device: Installed | None, word: Word | None, is_last: bool = False) -> None:
        heapq.heappush(self._due, (when, next(self._order), device, word, is_last))


async def find_devices(site: Site, community: int, phones: Sequence[Phone], seed: int) -> list[Installed]:
    """The community's devices, by what its workers may see, in order of their ids."""
    seen: dict[int, tuple[str, str]] = {}
    for phone in phones:
        for entry in await site.all_results("/api/devices/", phone.token, community=community):
            seen.setdefault(entry["id"], (entry["device_kind"], phone.token))
    return [
        Installed(i, token, Device(Random(f"{seed}/device/{i}"), kind))  # noqa: S311  (not a secret)
        for i, (kind, token) in sorted(seen.items())
    ]


@dataclass
class GatewayProcess:
    """One gateway. `run` until cancelled."""

    site: Site
    key: Gateway
    life: Life
    speed: float
    mqtt_url: str | None
    tally: Tally

    def __post_init__(self) -> None:
        self._by_http = Readings(self._post)
        self._by_mqtt = Readings(self._publish)
        self._broker: aiomqtt.Client | None = None
        self._asking = asyncio.Semaphore(ASKED_AT_ONCE)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen_and_speak())
            if self.mqtt_url:
                tasks.create_task(self._stay_connected(self.mqtt_url))

    async def _listen_and_speak(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            said = self.life.said_until((loop.time() - began) * self.speed)
            await asyncio.gather(
                *(self._ask_own_id(device) for device in {id(d): d for d, _ in said}.values())
            )
            for device, word in said:
                self._hear(device, word)
            for readings in (self._by_http, self._by_mqtt):
                try:
                    await readings.flush()
                except (Away, aiomqtt.MqttError) as error:
                    log.debug("gateway of %s: %s", self.key.community, error)
            await asyncio.sleep(TICK_S)

    async def _ask_own_id(self, device: Installed) -> None:
        if device.own_id is None:
            async with self._asking:
                document = await self.site.get_patiently(f"/api/devices/{device.id}/", device.token)
            device.own_id = str(document["external_id"])

    def _hear(self, device: Installed, word: Word) -> None:
        reading = {"device": device.own_id, "at": datetime.now(UTC).isoformat(), "values": word.values}
        if word.event is not None:
            reading["event"] = word.event
        self.tally.troubles += word.event == "alarm" and word.after == 0
        by_http = not self.mqtt_url or device.habits.kind in READ_BY_HTTP
        (self._by_http if by_http else self._by_mqtt).waiting.append(reading)

    async def _post(self, batch: list[Reading]) -> None:
        await self.site.post("/ingest/readings/", self.key.token, {"readings": batch})
        self.tally.readings += len(batch)

    async def _publish(self, batch: list[Reading]) -> None:
        if self._broker is None:
            raise Away("the broker is away")
        mine = Properties(PacketTypes.PUBLISH)
        mine.UserProperty = [("token", self.key.token)]
        body = json.dumps({"readings": batch}).encode()
        await self._broker.publish(self._topic("readings"), body, qos=1, properties=mine)
        self.tally.readings += len(batch)

    async def _stay_connected(self, url: str) -> None:
        """Keep a connection to the broker, and log what the twin found wrong."""
        address = urlsplit(url)
        while True:
            try:
                async with aiomqtt.Client(
                    address.hostname or "127.0.0.1",
                    address.port or 1883,
                    username=unquote(address.username) if address.username else None,
                    password=unquote(address.password) if address.password else None,
                    protocol=aiomqtt.ProtocolVersion.V5,
                ) as broker:
                    await broker.subscribe(self._topic("errors"))
                    self._broker = broker
                    async for message in broker.messages:
                        log.warning(
                            "a reading was refused: %s", bytes(message.payload).decode(errors="replace")
                        )
            except aiomqtt.MqttError as error:
                log.info("waiting for the broker: %s", error)
            finally:
                self._broker = None
            await asyncio.sleep(RECONNECT_S)

    def _topic(self, last: str) -> str:
        return f"twin/{self.key.community}/demo/{last}"
