"""The samples and their expected decode are traccar's (see the sample data's manifest)."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from twin.access.actions import issue_token
from twin.accounts.models import User
from twin.base.errors import Invalid
from twin.ingest.bodies import decode
from twin.ingest.osmand import DECODER, from_json, from_query, read_time
from twin.patrol.models import Fix, Shift
from twin.places.models import Community

ADDRESS = "/ingest/osmand/"


@pytest.fixture
def secret(community: Community, worker: User) -> str:
    return issue_token(community=community, kind="worker", name="手机", user=worker)[1]


@pytest.fixture
def known(now: datetime) -> dict[str, str]:
    return {"id": "anything", "lat": "31.0511", "lon": "122.6012", "timestamp": str(int(now.timestamp()))}


def fault(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"].get("where", "")


@pytest.mark.sample_data
def test_every_sample_is_decoded_as_traccar_decodes_it(sample_data: Path) -> None:
    samples = json.loads((sample_data / "payloads_gps" / "osmand_samples.json").read_text())["samples"]
    assert samples
    for sample in samples:
        expected = sample["expect"]
        if sample["method"] == "POST":
            fix = from_json(decode(json.dumps(sample["body"]).encode(), DECODER))
        else:
            fix = from_query(dict(parse_qsl(urlsplit(sample["path"]).query)))
        assert (fix.lon, fix.lat) == (expected["lon"], expected["lat"]), sample["id"]
        assert fix.at == datetime.fromisoformat(expected["time_utc"].split(" ")[0]), sample["id"]
        assert fix.accuracy_m == expected.get("accuracy_m"), sample["id"]
        speed = expected.get("speed_mps", expected.get("speed_mps_if_knots"))
        assert fix.speed_m_s == (pytest.approx(speed, abs=1e-4) if speed is not None else None), sample["id"]


def test_a_fix_in_the_query_is_stored_once(
    client: Client, secret: str, known: dict[str, str], shift: Shift
) -> None:
    sent = {**known, "accuracy": "7.5", "speed": "2", "mock": "true"}
    for accepted in (1, 0):
        answer = client.get(ADDRESS, sent, headers={"Authorization": f"Bearer {secret}"})
        assert answer.json() == {"accepted": accepted, "known": 1 - accepted, "dropped": 0}
    fix = Fix.objects.get()
    assert (fix.position.coords, fix.accuracy_m, fix.mocked) == ((122.6012, 31.0511), 7.5, True)
    assert fix.speed_m_s == pytest.approx(1.0289, abs=1e-4)


def test_a_form_and_basic_authentication_do_as_well(
    client: Client, secret: str, known: dict[str, str], shift: Shift
) -> None:
    basic = base64.b64encode(f"phone:{secret}".encode()).decode()
    form = "application/x-www-form-urlencoded"
    answer = client.post(
        ADDRESS, urlencode(known), content_type=form, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.json()["accepted"] == 1


def test_latitude_and_longitude_may_come_in_one(now: datetime) -> None:
    fix = from_query({"location": "31.0511,122.6012", "timestamp": str(now.timestamp())})
    assert (fix.lon, fix.lat) == (122.6012, 31.0511)


def test_off_shift_nothing_is_stored(client: Client, secret: str, known: dict[str, str]) -> None:
    answer = client.get(ADDRESS, known, headers={"Authorization": f"Bearer {secret}"})
    assert answer.json() == {"accepted": 0, "known": 0, "dropped": 1}
    assert not Fix.objects.exists()


def test_the_name_in_the_address_opens_nothing(
    client: Client, worker: User, known: dict[str, str], shift: Shift
) -> None:
    assert client.get(ADDRESS, {**known, "id": worker.username}).status_code == 401
    client.force_login(worker)  # a session would let any page move the worker by an image's address
    assert client.get(ADDRESS, known).status_code == 401
    assert not Fix.objects.exists()


def test_a_token_in_the_address_is_refused(client: Client, secret: str, known: dict[str, str]) -> None:
    assert fault(client.get(ADDRESS, {**known, "id": secret})) == (400, "id")


@pytest.mark.parametrize(
    ("name", "value"),
    [("lat", "91"), ("lat", "nan"), ("lon", "-inf"), ("lon", ""), ("lon", "east"), ("timestamp", "soon"),
     ("timestamp", "9" * 30), ("timestamp", ""), ("accuracy", "-3"), ("speed", "1e9"), ("location", "31.05")],
)  # fmt: skip
def test_a_fault_is_named_and_nothing_is_saved(
    client: Client, secret: str, known: dict[str, str], shift: Shift, name: str, value: str
) -> None:
    answer = client.get(ADDRESS, {**known, name: value}, headers={"Authorization": f"Bearer {secret}"})
    assert fault(answer) == (400, "lon" if name == "location" else name)
    assert not Fix.objects.exists()


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"location":{}}', b'{"location":{"timestamp":5,"coords":{}}}']
)
def test_garbage_is_refused(client: Client, secret: str, body: bytes) -> None:
    answer = client.post(
        ADDRESS, body, content_type="application/json", headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 400


def test_a_fault_in_json_is_named(client: Client, secret: str) -> None:
    body = {"location": {"timestamp": "2026-01-01T00:00:00Z", "coords": {"latitude": 99, "longitude": 1}}}
    answer = client.post(
        ADDRESS,
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert fault(answer) == (400, "location.coords.latitude")


@pytest.mark.parametrize(
    "text",
    ["1609459200", "1609459200000", "1609459200.0", "2021-01-01T00:00:00Z", "2021-01-01 00:00:00",
     "2021-01-01T08:00:00+08:00", "2021-01-01T00:00:00.000Z"],
)  # fmt: skip
def test_a_time_is_written_in_many_ways(text: str) -> None:
    assert read_time(text, where="timestamp") == datetime(2021, 1, 1, tzinfo=UTC)


def test_a_time_before_1970_is_a_wrong_clock_and_no_fault() -> None:
    assert read_time("-5", where="timestamp") == datetime(1970, 1, 1, tzinfo=UTC) - timedelta(seconds=5)


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid):
        read_time("1e5", where="timestamp")
