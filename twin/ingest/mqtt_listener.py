"""The connection to the broker. A message is acknowledged after its readings are committed, so what a crash interrupts is
delivered again; what is wrong is told, counted and acknowledged, or it would come back for ever.

Delivered again is not heard again: a listener that is stopped finishes what it has begun, and one whose connection broke
knows by its number a message that it has kept already. Only a listener that was killed between commit and acknowledgement
hears a message as new; where the message tells its time or its number, its readings are duplicates even then.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import aiomqtt
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from twin.base.errors import TwinError
from twin.base.http import body_of
from twin.ingest.mqtt import TOKEN_PROPERTY, Sent, errors_topic, take_message, topics_of

log = logging.getLogger(__name__)

THREADS: Final = 4
IN_FLIGHT: Final = 200
"""So many messages the broker may send ahead of our acknowledgements (MQTT 5, receive maximum)."""
WITHOUT_PROMISE: Final = 10_000
"""So many messages of QoS 0, which nobody acknowledges, may wait before new ones are dropped."""
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0
REPORT_EVERY_S: Final = 60.0
FINISH_S: Final = 10.0
"""So long a listener that is stopped may take to keep and acknowledge what it has begun."""
DELIVER_NO_RETAINED: Final = 2
"""A retained message is an old one: it was heard when it was new."""


class Client(aiomqtt.Client):
    """An MQTT client that acknowledges when it is told to, not when a message arrives."""

    def __init__(self, url: str, *, identifier: str, session_s: int) -> None:
        broker = urlsplit(url)
        wanted = Properties(PacketTypes.CONNECT)
        wanted.SessionExpiryInterval = session_s
        wanted.ReceiveMaximum = IN_FLIGHT
        super().__init__(
            broker.hostname or "localhost",
            broker.port or (8883 if broker.scheme == "mqtts" else 1883),
            username=unquote(broker.username) if broker.username else None,
            password=unquote(broker.password) if broker.password else None,
            identifier=identifier,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=False,
            properties=wanted,
            max_queued_incoming_messages=WITHOUT_PROMISE,
            tls_params=aiomqtt.TLSParameters() if broker.scheme == "mqtts" else None,
        )
        self._client.manual_ack_set(True)

    def acknowledge(self, message: aiomqtt.Message) -> None:
        self._client.ack(message.mid, message.qos)


@dataclass(frozen=True, slots=True)
class Work:
    """The keeping of one message, and what that message said."""

    message: aiomqtt.Message
    done: asyncio.Task[None]

    def is_of(self, message: aiomqtt.Message) -> bool:
        return (message.topic.value, message.payload) == (self.message.topic.value, self.message.payload)


Works = asyncio.Queue[Work]


class Listener:
    """Listens until it is cancelled, and comes back by itself when broker or database were away.

    `tally` counts messages `taken`, `refused`, `failed` and `repeated` (begun before the connection broke), and the
    `readings`, `duplicates` and `alarms` that came of them.
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "twin",
        identifier: str = "twin-ingest",
        broker_checks: bool = False,
        session_s: int = 24 * 3600,
        finish_s: float = FINISH_S,
    ) -> None:
        self.tally: Counter[str] = Counter()
        self._begun: OrderedDict[int, Work] = OrderedDict()
        self._finish_s = finish_s
        self._client = lambda: Client(url, identifier=identifier, session_s=session_s)
        self._prefix = prefix
        self._broker_checks = broker_checks
        self._threads = ThreadPoolExecutor(THREADS, "mqtt")

    async def run(self, listening: Callable[[], None] = lambda: None) -> None:
        """Listen for ever. `listening` is called whenever the broker has accepted the subscription."""
        pause = FIRST_PAUSE_S
        report = asyncio.create_task(self._report())

        def heard() -> None:
            nonlocal pause
            pause = FIRST_PAUSE_S
            log.info("listening to %s/…", self._prefix)
            listening()

        try:
            while True:
                try:
                    await self._listen(heard)
                except aiomqtt.MqttError as error:
                    log.warning("no broker: %s; again in %g s", error, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
        finally:
            report.cancel()
            await asyncio.to_thread(self._threads.shutdown)
            log.info("heard in all: %s", dict(self.tally))

    async def _listen(self, listening: Callable[[], None]) -> None:
        works: Works = asyncio.Queue(IN_FLIGHT)
        before, self._begun = self._begun, OrderedDict()
        async with self._client() as client:
            options = SubscribeOptions(qos=1, noLocal=True, retainHandling=DELIVER_NO_RETAINED)
            await client.subscribe([(topic, options) for topic in topics_of(self._prefix)])
            listening()
            acknowledging = asyncio.create_task(_acknowledge(client, works))
            try:
                async for message in client.messages:
                    await works.put(self._begin(client, message, before))
            except asyncio.CancelledError:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(works.join(), self._finish_s)
                raise
            finally:
                acknowledging.cancel()

    def _begin(self, client: Client, message: aiomqtt.Message, before: dict[int, Work]) -> Work:
        """Begin to keep a message, unless it is one that the last connection broke off before it was acknowledged."""
        known = before.pop(message.mid, None) if message.qos else None
        if known is not None and known.is_of(message):
            self.tally["repeated"] += 1
            done = known.done
        else:
            done = asyncio.create_task(self._take(client, message))
        work = Work(message, done)
        if message.qos:
            self._begun[message.mid] = work
            self._begun.move_to_end(message.mid)
            if len(self._begun) > IN_FLIGHT:  # the broker sends so many only after it has heard of the first
                self._begun.popitem(last=False)
        return work

    async def _take(self, client: Client, message: aiomqtt.Message) -> None:
        """Keep one message, however long the database is away; never raises."""
        sent = Sent(str(message.topic), _body(message), _token(message), timezone.now())
        pause = FIRST_PAUSE_S
        while True:
            try:
                answer = await asyncio.get_running_loop().run_in_executor(self._threads, self._keep, sent)
            except (OperationalError, InterfaceError) as error:
                log.warning("no database for %s: %s; again in %g s", sent.topic, error, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
            except TwinError as error:
                self.tally["refused"] += 1
                log.warning("refused %s: %s (%s)", sent.topic, error, error.where)
                return await self._tell(client, sent, body_of(error.code, str(error), error.where))
            except Exception:
                self.tally["failed"] += 1
                log.exception("failed on %s", sent.topic)
                return await self._tell(client, sent, body_of("failed", "This could not be kept."))
            else:
                self.tally.update(
                    taken=1,
                    readings=answer["accepted"],
                    duplicates=answer["duplicates"],
                    alarms=len(answer["alarms"]),
                )
                return None

    def _keep(self, sent: Sent) -> dict[str, Any]:
        """In a thread of its own, with a connection of its own."""
        close_old_connections()
        try:
            return take_message(sent, prefix=self._prefix, broker_checks=self._broker_checks)
        finally:
            connection.close()

    async def _tell(self, client: Client, sent: Sent, fault: dict[str, Any]) -> None:
        said = json.dumps(
            {"topic": sent.topic, "at": sent.received_at.isoformat(), **fault}, ensure_ascii=False
        )
        with contextlib.suppress(aiomqtt.MqttError):
            await client.publish(errors_topic(sent.topic, self._prefix), said)

    async def _report(self) -> None:
        last: dict[str, int] = {}
        while True:
            await asyncio.sleep(REPORT_EVERY_S)
            if self.tally != last:
                last = dict(self.tally)
                log.info("heard so far: %s", last)


async def _acknowledge(client: Client, works: Works) -> None:
    """In the order of arrival, as MQTT demands, though the work on them is done side by side."""
    while True:
        work = await works.get()
        await asyncio.shield(work.done)  # it goes on when the connection does not
        client.acknowledge(work.message)
        works.task_done()


def _body(message: aiomqtt.Message) -> bytes:
    return message.payload if isinstance(message.payload, bytes) else b""


def _token(message: aiomqtt.Message) -> str | None:
    """The user property `token`."""
    pairs = getattr(message.properties, "UserProperty", [])
    return next((value for name, value in pairs if name == TOKEN_PROPERTY), None)
