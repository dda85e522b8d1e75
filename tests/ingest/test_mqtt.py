"""MQTT over a real broker: the one of the test servers, and one of our own where it has to be stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiomqtt
import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from deploy.local.binaries import need
from tests.conftest import ROOT, box
from tests.devices.homes import a_device, a_dwelling
from twin.access.actions import issue_token, revoke_token
from twin.access.models import Token
from twin.devices.models import Alarm, Device, Reading
from twin.ingest.mqtt_listener import IN_FLIGHT, Client, Listener
from twin.places.actions import add_building, found_community

pytestmark = pytest.mark.django_db(transaction=True)

AT = "2026-05-01T12:00:00Z"
PATIENCE_S = 120
"""Only a failure takes so long."""
Publish = Callable[..., Awaitable[None]]


@pytest.fixture
def detector() -> Device:
    """Committed, in a community of its own."""
    community = found_community(name="消息社区")
    building = add_building(
        community=community, footprint=box(122.6008, 31.051, 122.6012, 31.0511), height_m=17.4
    )
    return a_device(a_dwelling(building))


@pytest.fixture
def issued(detector: Device) -> tuple[Token, str]:
    return issue_token(community=detector.community, kind="device", name="网关")


@pytest.fixture
def secret(issued: tuple[Token, str]) -> str:
    return issued[1]


@pytest.fixture
def prefix() -> str:
    """Topics of this test alone: others may use the same broker."""
    return f"test-{uuid4().hex}"


@pytest.fixture
def topic(prefix: str, detector: Device) -> str:
    return f"{prefix}/{detector.community_id}/gateway-1"


def client(url: str) -> aiomqtt.Client:
    broker = urlsplit(url)
    return aiomqtt.Client(
        broker.hostname or "", broker.port or 1883, username=broker.username, password=broker.password,
        protocol=aiomqtt.ProtocolVersion.V5,
    )  # fmt: skip


def with_token(secret: str) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)
    properties.UserProperty = ("token", secret)
    return properties


@pytest.fixture
def publish() -> Publish:
    async def send(topic: str, body: Any, *, token: str | None = None, url: str = "") -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with client(url or settings.MQTT_URL) as sender:
            await sender.publish(topic, raw, qos=1, properties=with_token(token) if token else None)

    return send


@asynccontextmanager
async def listening(prefix: str, *, url: str = "", **options: Any) -> AsyncIterator[Listener]:
    """A listener that has subscribed; its session outlives it for a minute."""
    subscribed = asyncio.Event()
    listener = Listener(
        url or settings.MQTT_URL, prefix=prefix, **{"identifier": f"{prefix}-in", "session_s": 60, **options}
    )
    running = asyncio.create_task(listener.run(subscribed.set))
    try:
        await asyncio.wait_for(subscribed.wait(), PATIENCE_S)
        yield listener
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def until(condition: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again."""

    async def poll() -> None:
        while True:
            answer = condition()
            if (await answer) if isinstance(answer, Awaitable) else answer:
                return
            await asyncio.sleep(0.02)

    await asyncio.wait_for(poll(), PATIENCE_S)


async def asked(question: Callable[[], Any]) -> Any:
    """The answer of the database, asked in a thread with a connection that is closed again."""

    def ask() -> Any:
        try:
            return question()
        finally:
            connections.close_all()

    return await asyncio.to_thread(ask)


def alarm(seq: int = 1, device: str = "smoke-1") -> dict[str, Any]:
    return {"readings": [{"device": device, "at": AT, "seq": seq, "event": "alarm"}]}


async def test_a_message_with_its_token_as_user_property_raises_an_alarm(
    prefix: str, topic: str, secret: str, publish: Publish
) -> None:
    async with listening(prefix) as listener:
        await publish(f"{topic}/readings", alarm(), token=secret)
        await until(lambda: listener.tally["taken"] == 1)
    assert await asked(Alarm.objects.count) == 1


async def test_a_message_with_its_token_in_the_body_is_kept_once_however_often_it_comes(
    prefix: str, topic: str, secret: str, publish: Publish
) -> None:
    async with listening(prefix) as listener:
        for _ in range(3):
            await publish(f"{topic}/readings", {"token": secret, "batch": "b-1", **alarm()})
        await until(lambda: listener.tally["taken"] == 3)
    assert await asked(lambda: (Reading.objects.count(), Alarm.objects.get().count)) == (1, 1)


async def test_zigbee2mqtt_speaks_below_its_gateway(
    prefix: str, topic: str, secret: str, publish: Publish
) -> None:
    async with listening(prefix) as listener:
        await publish(f"{topic}/zigbee2mqtt/bridge/state", b"online", token=secret)
        await publish(f"{topic}/zigbee2mqtt/smoke-1", {"smoke": True, "battery": 9}, token=secret)
        await until(lambda: listener.tally["taken"] == 2)
    assert await asked(lambda: set(Alarm.objects.values_list("rule__code", flat=True))) == {
        "alarm",
        "low_battery",
    }


async def test_what_is_refused_is_told_to_its_gateway_and_the_next_message_is_kept(
    prefix: str, topic: str, secret: str, publish: Publish
) -> None:
    bad: list[tuple[str, Any, str | None, str]] = [
        ("readings", b"{", secret, "body"),
        ("readings", alarm(), None, "token"),
        ("readings", {"token": 7, **alarm()}, None, "token"),
        ("readings", alarm(), "twin_wrong", "Authorization"),
        ("readings", alarm(device="smoke-9"), secret, "readings[0].device"),
        ("readings", b" " * (1024 * 1024 + 1), secret, "body"),
        ("zigbee2mqtt/smoke-1", b'{"smoke": NaN}', secret, "smoke"),
        ("tts/anything", {}, secret, "end_device_ids.device_id"),
    ]
    async with listening(prefix) as listener, client(settings.MQTT_URL) as gateway:
        await gateway.subscribe(f"{topic}/errors")
        for number, (rest, body, token, where) in enumerate(bad):
            await publish(f"{topic}/{rest}", body, token=token)
            told = json.loads((await asyncio.wait_for(anext(gateway.messages), PATIENCE_S)).payload)
            assert (told["topic"], told["error"]["where"]) == (f"{topic}/{rest}", where)
            assert listener.tally["refused"] == number + 1
        await publish(f"{topic}/readings", alarm(), token=secret)
        await until(lambda: listener.tally["taken"] == 1)
        assert listener.tally["failed"] == 0
    assert await asked(Reading.objects.count) == 1


async def test_a_token_of_another_community_brings_nothing_in(
    prefix: str, topic: str, publish: Publish
) -> None:
    def foreign() -> str:
        return issue_token(community=found_community(name="另一个社区"), kind="device", name="外来")[1]

    secret = await asked(foreign)
    async with listening(prefix) as listener:
        await publish(f"{topic}/readings", alarm(), token=secret)
        await publish(f"{prefix}/x/gateway-1/readings", alarm(), token=secret)
        await until(lambda: listener.tally["refused"] == 2)
    assert await asked(Reading.objects.count) == 0


async def test_a_gateway_is_vouched_for_only_where_the_operator_says_so(
    prefix: str, detector: Device, issued: tuple[Token, str], publish: Publish
) -> None:
    token, _ = issued
    named = f"{prefix}/{detector.community_id}/{token.pk}/zigbee2mqtt/smoke-1"
    unknown = f"{prefix}/{detector.community_id}/{token.pk + 1}/zigbee2mqtt/smoke-1"
    async with listening(prefix) as listener:
        await publish(named, {"smoke": True})
        await until(lambda: listener.tally["refused"] == 1)
    async with listening(prefix, broker_checks=True) as listener:
        await publish(unknown, {"smoke": True})
        await until(lambda: listener.tally["refused"] == 1)
        await publish(named, {"smoke": True})
        await until(lambda: listener.tally["alarms"] == 1)
        await asked(lambda: revoke_token(token=token))
        await publish(named, {"smoke": True})
        await until(lambda: listener.tally["refused"] == 2)
    assert await asked(lambda: Alarm.objects.get().count) == 1


async def test_a_listener_that_is_stopped_finishes_what_it_has_begun(
    prefix: str, topic: str, secret: str, detector: Device, publish: Publish
) -> None:
    async with held(detector) as release:
        async with listening(prefix) as listener:
            await publish(f"{topic}/zigbee2mqtt/smoke-1", {"smoke": True}, token=secret)
            await until_blocked()
            asyncio.get_running_loop().call_later(0.2, release)  # while it is being stopped
        assert listener.tally["taken"] == 1
    async with listening(prefix) as again:
        await publish(f"{topic}/readings", alarm(), token=secret)
        await until(lambda: again.tally["taken"] == 1)
    assert await asked(lambda: Alarm.objects.get().count) == 2, "the first message was not delivered again"


async def test_a_message_that_comes_again_after_the_connection_broke_is_kept_once(
    prefix: str, topic: str, secret: str, detector: Device, publish: Publish
) -> None:
    """Neither time nor number tells that it is the same: zigbee2mqtt sends none."""
    async with held(detector) as release, listening(prefix) as listener:
        await publish(f"{topic}/zigbee2mqtt/smoke-1", {"smoke": True}, token=secret)
        await until_blocked()
        async with Client(settings.MQTT_URL, identifier=f"{prefix}-in", session_s=60):
            pass  # of the same name: the broker throws the listener out, and it comes back
        await until(lambda: listener.tally["repeated"] == 1)
        release()
        await until(lambda: listener.tally["taken"] == 1)
        await publish(f"{topic}/zigbee2mqtt/smoke-1", {"smoke": True}, token=secret)
        await until(lambda: listener.tally["taken"] == 2)
        assert listener.tally["repeated"] == 1
    assert await asked(lambda: Alarm.objects.get().count) == 2


async def test_what_comes_while_nobody_listens_waits_at_the_broker(
    prefix: str, topic: str, secret: str, publish: Publish
) -> None:
    async with listening(prefix):
        pass
    waiting = IN_FLIGHT + 20
    for seq in range(waiting):
        reading = {"device": "smoke-1", "at": AT, "seq": seq, "values": {"battery_pct": 90}}
        await publish(f"{topic}/readings", {"readings": [reading]}, token=secret)
    async with listening(prefix) as listener:
        await until(lambda: listener.tally["taken"] == waiting)
    assert await asked(Reading.objects.count) == waiting


async def test_a_message_whose_keeping_was_interrupted_is_delivered_again(
    prefix: str, topic: str, secret: str, detector: Device, publish: Publish
) -> None:
    async with held(detector) as release, listening(prefix, finish_s=0):
        await publish(f"{topic}/readings", alarm(), token=secret)
        await until_blocked()
        release()  # the thread commits while the connection is closed: nobody has acknowledged
    async with listening(prefix) as again:
        await until(lambda: again.tally["taken"] == 1)
        assert again.tally["duplicates"] == 1
    assert await asked(lambda: Alarm.objects.get().count) == 1


async def test_a_lost_database_connection_loses_no_message(
    prefix: str, topic: str, secret: str, detector: Device, publish: Publish
) -> None:
    async with held(detector) as release, listening(prefix) as listener:
        await publish(f"{topic}/readings", alarm(), token=secret)
        await until_blocked()
        await asked(lambda: run(f"SELECT pg_terminate_backend(pid) {BLOCKED}"))
        release()
        await until(lambda: listener.tally["taken"] == 1)
        assert listener.tally["failed"] == 0
    assert await asked(lambda: (Reading.objects.count(), Alarm.objects.get().count)) == (1, 1)


async def test_a_broker_that_comes_back_is_found_again(
    prefix: str, topic: str, secret: str, publish: Publish, own_broker: OwnBroker
) -> None:
    own_broker.start()
    async with listening(prefix, url=own_broker.url) as listener:
        await publish(f"{topic}/readings", alarm(1), token=secret, url=own_broker.url)
        await until(lambda: listener.tally["taken"] == 1)
        own_broker.stop()
        own_broker.start()

        async def knock() -> None:
            while listener.tally["readings"] < 2:
                await publish(f"{topic}/readings", alarm(2), token=secret, url=own_broker.url)
                await asyncio.sleep(0.1)

        await asyncio.wait_for(knock(), PATIENCE_S)
    assert await asked(Reading.objects.count) == 2


def test_the_command_stops_when_it_is_told_to(prefix: str) -> None:
    command = [sys.executable, "manage.py", "ingest_mqtt", "--prefix", prefix, "--client-id", prefix]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"TWIN_LOG_LEVEL": "INFO"}, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        heard = next(line for line in process.stderr if "listening to" in line or "Error" in line)
        assert f"listening to {prefix}/" in heard
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_S) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


BLOCKED = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def run(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


async def until_blocked() -> None:
    """Until somebody waits for a lock in our database."""

    async def blocked() -> bool:
        return bool((await asked(lambda: run(f"SELECT count(*) {BLOCKED}")))[0])

    await until(blocked)


@asynccontextmanager
async def held(device: Device) -> AsyncIterator[Callable[[], None]]:
    """The device's row, locked by somebody else until the release is called."""
    loop = asyncio.get_running_loop()
    locked, released = asyncio.Event(), asyncio.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Device.objects.select_for_update().get(pk=device.pk)
                loop.call_soon_threadsafe(locked.set)
                asyncio.run_coroutine_threadsafe(released.wait(), loop).result(PATIENCE_S)
        finally:
            connections.close_all()

    holding = asyncio.create_task(asyncio.to_thread(hold))
    await asyncio.wait_for(locked.wait(), PATIENCE_S)
    try:
        yield released.set
    finally:
        released.set()
        await holding


class OwnBroker:
    """A mosquitto on a free port that may be stopped."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it accepts connections."""
        self._process = subprocess.Popen(
            [str(need("mosquitto")), "-p", str(self.port)], stderr=subprocess.DEVNULL
        )
        while True:
            with contextlib.suppress(ConnectionError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self._process.poll() is None

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()


@pytest.fixture
def own_broker() -> Iterator[OwnBroker]:
    broker = OwnBroker()
    yield broker
    broker.stop()
