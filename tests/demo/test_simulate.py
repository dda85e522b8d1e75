"""The simulator against a twin that answers over real HTTP, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from django.conf import settings
from django.contrib.gis.geos import LineString, MultiLineString
from paho.mqtt.subscribeoptions import SubscribeOptions
from pytest_django.live_server_helper import LiveServer

from tests.conftest import ROOT
from tests.devices.homes import a_device, a_dwelling
from tests.waiting import until
from twin.access.actions import issue_token
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.devices.models import Alarm, Device
from twin.patrol.actions import end_shift
from twin.patrol.models import Fix, Shift
from twin.places.actions import add_street
from twin.places.models import Building, Community, Grid

Simulator = Callable[..., subprocess.Popen[str]]
DETECTORS = 4
"""Which devices are always silent depends on their ids, and here on the tests that went before; not all of four are."""


@pytest.fixture
def keys(
    transactional_db: None, community: Community, west: Grid, east: Grid, west_building: Building,
    east_building: Building, in_role: Callable[..., User], tmp_path: Path,
) -> Path:  # fmt: skip
    """Two grids with a street, a building and a worker each, and detectors in a home in the west; the tokens in a file."""
    street = LineString((122.6001, 31.0505), (122.6039, 31.0505), srid=4326)
    add_street(
        community=community, geometry=MultiLineString(street, srid=4326), name="海棠路", kind="residential"
    )
    home = a_dwelling(west_building)
    for n in range(DETECTORS):
        a_device(home, f"smoke-{n}")
    phones = []
    for grid in (west, east):
        worker = in_role(RoleKind.GRID_WORKER, grid=grid)
        _, token = issue_token(community=community, kind="worker", name="手机", user=worker)
        phones.append({"user_id": worker.pk, "username": worker.username, "token": token, "grid_id": grid.pk})
    _, gateway = issue_token(community=community, kind="device", name="网关")
    path = tmp_path / "tokens.json"
    document = {
        "base_url": None,
        "gateways": [{"community": community.pk, "token": gateway}],
        "workers": phones,
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def simulator(keys: Path, live_server: LiveServer) -> Iterator[Simulator]:
    """Starts simulators; none outlives its test. They get no database: its address leads nowhere."""
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        command = [
            sys.executable,
            "manage.py",
            "simulate",
            "--tokens",
            str(keys),
            "--base-url",
            live_server.url,
        ]
        nowhere = {"TWIN_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
        process = subprocess.Popen(
            [*command, *options], cwd=ROOT, env={**os.environ, **nowhere}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        said, _ = process.communicate()
        print(said)  # shown when the test has failed


# With this seed no phone's clock is wrong and none is cut off in the first minutes.
LIVELY = ("--speed", "20", "--seed", "2", "--alarms-per-hour", "60", "--mqtt-url", "")


def stop(process: subprocess.Popen[str]) -> str:
    """End it as a supervisor does; returns what it said."""
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said


def test_workers_walk_and_devices_speak(simulator: Simulator, west: Grid, east: Grid) -> None:
    process = simulator(*LIVELY)
    until(lambda: Shift.objects.open().filter(fix_count__gte=4).count() == 2, "both workers are tracked")
    until(
        lambda: Alarm.objects.filter(condition=Alarm.Condition.CLEARED).exists(),
        "an alarm is raised and cleared",
    )
    assert {shift.grid for shift in Shift.objects.all()} == {west, east}
    assert any(device.status == "online" for device in Device.objects.all())
    assert "stopped" in stop(process)


def test_a_worker_walks_where_its_grid_is(simulator: Simulator, west: Grid) -> None:
    simulator(*LIVELY, "--workers", "1")
    until(lambda: Fix.objects.count() > 20, "the worker is tracked")
    near = [fix for fix in Fix.objects.all() if west.geometry.distance(fix.position) < 0.001]
    assert len(near) > 0.8 * Fix.objects.count()  # the rest is what receivers make up
    assert Shift.objects.get().grid == west


def test_a_told_stop_ends_the_shifts_that_were_begun(simulator: Simulator) -> None:
    process = simulator(*LIVELY)
    until(lambda: Shift.objects.open().filter(fix_count__gte=1).count() == 2, "both workers are tracked")
    stop(process)
    assert not Shift.objects.open().exists()


def test_a_stop_before_anything_answers_is_clean_too(keys: Path, simulator: Simulator) -> None:
    process = simulator(*LIVELY, "--base-url", "http://127.0.0.1:9")
    assert process.stdout is not None
    until(lambda: "waiting" in process.stdout.readline(), "it waits for the twin")
    stop(process)


def test_a_shift_that_somebody_ended_is_followed_by_another(simulator: Simulator, officer: User) -> None:
    simulator(*LIVELY, "--workers", "1")
    first = until(lambda: Shift.objects.open().filter(fix_count__gte=1).first(), "the worker is tracked")
    end_shift(shift=first, by=officer)
    until(lambda: Shift.objects.open().exclude(pk=first.pk).exists(), "the next shift")


def test_an_open_shift_is_gone_on_with_and_left_open(simulator: Simulator, keys: Path, west: Grid) -> None:
    from twin.patrol.actions import start_shift

    worker = User.objects.get(pk=json.loads(keys.read_text())["workers"][0]["user_id"])
    shift = start_shift(worker=worker, grid=west)
    process = simulator(*LIVELY, "--workers", "1")
    until(lambda: Shift.objects.filter(fix_count__gte=1), "the worker is tracked")
    stop(process)
    assert Shift.objects.open().get() == shift


def test_it_ends_by_itself_when_its_time_is_over(simulator: Simulator) -> None:
    process = simulator(*LIVELY, "--duration", "3")
    assert process.wait(timeout=60) == 0


def test_a_wrong_token_is_said(simulator: Simulator, keys: Path) -> None:
    document = json.loads(keys.read_text())
    document["workers"] = [{**phone, "token": "twin_wrong"} for phone in document["workers"]]
    keys.write_text(json.dumps(document))
    said, _ = simulator(*LIVELY).communicate(timeout=60)
    assert "This token is not known" in said


async def test_readings_travel_over_mqtt_with_their_token(
    simulator: Simulator, keys: Path, community: Community
) -> None:
    topic = f"twin/{community.pk}/demo/readings"
    secret = secret_of(keys)
    with_broker = (*LIVELY[:6], "--mqtt-url", settings.MQTT_URL)
    async with broker() as client:
        await client.subscribe(topic, options=SubscribeOptions(qos=1))
        simulator(*with_broker)
        async for message in client.messages:
            if ("token", secret) in message.properties.UserProperty:
                break
    (reading, *_) = json.loads(message.payload)["readings"]
    assert reading["device"].startswith("smoke-")


def secret_of(keys: Path) -> str:
    return str(json.loads(keys.read_text(encoding="utf-8"))["gateways"][0]["token"])


def broker() -> Any:
    from urllib.parse import unquote, urlsplit

    url = urlsplit(settings.MQTT_URL)
    return aiomqtt.Client(
        url.hostname or "", url.port or 1883, username=unquote(url.username or ""),
        password=unquote(url.password or ""), protocol=aiomqtt.ProtocolVersion.V5,
    )  # fmt: skip
