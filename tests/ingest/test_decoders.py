from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from twin.base.errors import Invalid
from twin.devices.actions import NewReading
from twin.ingest.canonical import convert
from twin.ingest.decoders import BY_TOPIC
from twin.ingest.decoders.chirpstack import read_chirpstack
from twin.ingest.decoders.fields import said_by
from twin.ingest.decoders.milesight import read_milesight
from twin.ingest.decoders.thingsboard import read_thingsboard_device, read_thingsboard_gateway
from twin.ingest.decoders.tts import read_tts
from twin.ingest.decoders.zigbee2mqtt import read_zigbee2mqtt

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def as_bytes(said: Any) -> bytes:
    return json.dumps(said).encode()


@pytest.fixture(scope="module")
def samples() -> list[dict[str, Any]]:
    from tests.conftest import SAMPLE_DATA

    if not SAMPLE_DATA.is_dir():
        pytest.skip(f"no sample data at {SAMPLE_DATA}; set TWIN_SAMPLE_DATA")
    said: dict[str, list[dict[str, Any]]] = json.loads(
        Path(SAMPLE_DATA, "payloads_iot", "samples.json").read_text(encoding="utf-8")
    )
    return said["samples"]


def sample(samples: list[dict[str, Any]], **wanted: str) -> dict[str, Any]:
    [found] = [s for s in samples if wanted.items() <= s.items()]
    return found


@pytest.mark.sample_data
def test_zigbee2mqtt_samples_say_what_they_are_expected_to(samples: list[dict[str, Any]]) -> None:
    heard = {}
    for one in samples:
        if topic := one.get("mqtt_topic"):
            device = topic.removeprefix("zigbee2mqtt/")
            [reading] = convert(read_zigbee2mqtt(as_bytes(one["payload"]), device=device, received_at=NOW))
            assert (reading.device, reading.at, reading.seq) == (device, NOW, None)
            heard[device] = (reading.event, dict(reading.values))
    assert heard == {
        "0x00158d0000000003": ("clear", {"smoke": 0}),
        "flat_smoke": (
            "alarm",
            {"smoke": 1, "battery_pct": 100, "battery_low": 0, "tamper": 0, "link_quality": 134},
        ),
        "sos": ("alarm", {"battery_pct": 100, "link_quality": 18}),
        "door": ("", {"door_open": 0, "link_quality": 128}),
    }


@pytest.mark.sample_data
def test_a_chirpstack_sample_names_its_device_and_time(samples: list[dict[str, Any]]) -> None:
    one = sample(samples, network="chirpstack_v4")
    [reading] = convert(read_chirpstack(as_bytes(one["payload"]), received_at=NOW))
    assert reading.device == one["expect"]["device"]
    assert reading.at == datetime(2022, 7, 18, 9, 34, 15, 775023, UTC)
    assert (reading.values, reading.event) == ({}, "")  # no codec: it was heard


@pytest.mark.sample_data
def test_a_things_stack_sample_names_its_device_number_and_values(samples: list[dict[str, Any]]) -> None:
    one = sample(samples, network="tts_v3")
    [reading] = convert(read_tts(as_bytes(one["payload"]), received_at=NOW))
    assert (reading.device, reading.seq) == (one["expect"]["device"], 1)
    assert reading.values == {"temperature_c": 1.0, "luminosity": 0.64}
    assert reading.at == datetime(2020, 2, 12, 15, 15, 45, 789586, UTC)


@pytest.mark.sample_data
def test_thingsboard_samples_give_their_times_and_records(samples: list[dict[str, Any]]) -> None:
    one = sample(samples, platform="ThingsBoard device")
    [reading] = convert(read_thingsboard_device(as_bytes(one["payload"]), device="t-1", received_at=NOW))
    assert reading.at == datetime.fromisoformat(one["expect"]["time_utc"])
    assert reading.values == {"temperature_c": 22.5, "humidity_pct": 61}
    many = sample(samples, platform="ThingsBoard gateway")
    readings = convert(read_thingsboard_gateway(as_bytes(many["payload"]), received_at=NOW))
    assert len({r.device for r in readings}) == many["expect"]["devices"]
    assert len(readings) == many["expect"]["records"]


@pytest.mark.sample_data
def test_a_milesight_sample_is_read_from_its_bytes(samples: list[dict[str, Any]]) -> None:
    [codec] = [s["codec"] for s in samples if "codec" in s]
    fields = read_milesight(bytes.fromhex(codec["bytes"]))
    assert fields == codec["decoded"]
    said = said_by(fields)
    assert said["values"]["battery_pct"] == codec["expect"]["battery_pct"]
    assert said["event"] == "clear"  # expected: no alarm


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"smoke": True, "test": True}, "alarm"),
        ({"test": True}, "test"),
        ({"gas": "alarm"}, "alarm"),
        ({"gas": "normal"}, "clear"),
        ({"gas": "warming up"}, None),
        ({"smoke": False, "carbon_monoxide": True}, "alarm"),
        ({"leakage_status": "leak"}, "alarm"),
        ({"action": "panic"}, "alarm"),
        ({"action": "single"}, "single"),
        ({"action": ""}, None),
        ({"action": "1_button"}, None),
        ({"temperature": 21}, None),
    ],
    ids=str,
)
def test_what_happened_is_one_word(fields: dict[str, Any], event: str | None) -> None:
    assert said_by(fields)["event"] == event


def test_texts_and_nested_things_are_passed_over_and_names_are_made_fit() -> None:
    fields = {
        "update": {"state": "idle"},
        "colour": "red",
        "Outdoor °C": 3,
        "7": 1,
        "contact": False,
        "on": True,
    }
    assert said_by(fields)["values"] == {"Outdoor__C": 3, "door_open": 1, "on": 1}


@pytest.mark.parametrize(
    "device", ["", "bridge/state", "bridge", "kitchen/availability", "kitchen/set", "kitchen/get"]
)
def test_what_zigbee2mqtt_says_about_itself_is_no_reading(device: str) -> None:
    assert read_zigbee2mqtt(b"online", device=device, received_at=NOW) == []


def test_zigbee2mqtt_may_say_when_the_device_was_seen() -> None:
    for seen in (1777636800000, "2026-05-01T20:00:00+08:00"):
        [reading] = read_zigbee2mqtt(as_bytes({"last_seen": seen}), device="kitchen/smoke", received_at=NOW)
        assert reading["at"] == NOW
        assert reading["values"] == {}


def test_a_chirpstack_codec_speaks_before_the_bytes() -> None:
    event = {
        "deviceInfo": {"devEui": "24e1", "deviceProfileName": "Milesight EM300-MLD"},
        "fCnt": 12, "data": "AXVcBQAB", "time": "2026-05-01T12:00:00Z",
    }  # fmt: skip
    [reading] = read_chirpstack(as_bytes(event), received_at=NOW)
    assert (reading["event"], reading["values"], reading["seq"]) == ("alarm", {"battery_pct": 92}, 12)
    [decoded] = read_chirpstack(as_bytes({**event, "object": {"battery": 50}}), received_at=NOW)
    assert (decoded["event"], decoded["values"]) == (None, {"battery_pct": 50})


def test_events_that_are_no_uplinks_hold_no_reading() -> None:
    join = {"deviceInfo": {"devEui": "24e1"}, "devAddr": "00189440"}
    assert read_chirpstack(as_bytes(join), received_at=NOW) == []
    accepted = {"end_device_ids": {"device_id": "dev1"}, "join_accept": {}}
    assert read_tts(as_bytes(accepted), received_at=NOW) == []


@pytest.mark.parametrize("form", sorted(BY_TOPIC))
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[1]", b'"text"', b"\xff\xfe", b'{"time": NaN}', b'{"a": [1]}', b"[" * 100_000],
    ids=["nothing", "half", "null", "a list", "a text", "bytes", "NaN", "another shape", "deep"],
)
def test_what_is_not_of_the_form_is_refused_or_says_nothing(form: str, body: bytes) -> None:
    where, readings = _heard(form, body)
    assert where or all(not reading.values and not reading.event for reading in readings)


def _heard(form: str, body: bytes) -> tuple[str | None, list[NewReading]]:
    """Where the fault lies, or what was read."""
    try:
        return None, convert(BY_TOPIC[form](body, topic="d-1", received_at=NOW))
    except Invalid as refused:
        return refused.where, []


@pytest.mark.parametrize("when", ["yesterday", 1e300, True, [], "2026-05-01"], ids=str)
def test_what_is_no_time_is_refused_by_name(when: Any) -> None:
    for body in ({"last_seen": when}, {"last_seen": when, "smoke": True}):
        with pytest.raises(Invalid) as refused:
            convert(read_zigbee2mqtt(as_bytes(body), device="d-1", received_at=NOW))
        assert refused.value.where in {"last_seen", "readings[0].at"}
