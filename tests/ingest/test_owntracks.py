"""The samples and their expected decode come from OwnTracks' and traccar's own documents (see the sample data's manifest)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from twin.access.actions import issue_token
from twin.accounts.models import User
from twin.ingest.owntracks import read_message
from twin.patrol.models import Fix, Shift
from twin.places.models import Community

ADDRESS = "/ingest/owntracks/"
Post = Callable[..., Any]


@pytest.fixture
def post(client: Client, community: Community, worker: User) -> Post:
    """POST as the app does: basic authentication with the token as password."""
    _, secret = issue_token(community=community, kind="worker", name="手机", user=worker)

    def send(body: Any, password: str = secret) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        basic = base64.b64encode(f"phone:{password}".encode()).decode()
        return client.post(
            ADDRESS, raw, content_type="application/json", headers={"Authorization": f"Basic {basic}"}
        )

    return send


@pytest.fixture
def location(now: datetime) -> dict[str, Any]:
    return {
        "_type": "location",
        "lat": 31.0511,
        "lon": 122.6012,
        "tst": int(now.timestamp()),
        "acc": 9,
        "vel": 18,
    }


def fault(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"].get("where", "")


@pytest.mark.sample_data
def test_every_sample_is_decoded_as_expected(sample_data: Path) -> None:
    samples = json.loads((sample_data / "payloads_gps" / "owntracks_samples.json").read_text())["samples"]
    assert samples
    for sample in samples:
        expected, fix = sample["expect"], read_message(json.dumps(sample["body"]).encode())
        if expected["outcome"] != "store":
            assert fix is None, sample["id"]
            continue
        assert fix is not None, sample["id"]
        assert (fix.lon, fix.lat) == (expected["lon"], expected["lat"]), sample["id"]
        assert fix.at == datetime.fromisoformat(expected["time_utc"]), sample["id"]
        assert fix.accuracy_m == expected.get("accuracy_m"), sample["id"]
        speed = expected.get("speed_mps")
        assert fix.speed_m_s == (pytest.approx(speed, abs=1e-4) if speed is not None else None), sample["id"]


def test_a_position_is_stored_once_and_answered_with_a_list(
    post: Post, location: dict[str, Any], shift: Shift
) -> None:
    for _ in range(2):
        answer = post(location)
        assert (answer.status_code, answer.json()) == (200, [])
    fix = Fix.objects.get()
    assert (fix.shift, fix.position.coords, fix.accuracy_m) == (shift, (122.6012, 31.0511), 9)
    assert fix.speed_m_s == pytest.approx(5.0)


def test_off_shift_nothing_is_stored_and_the_app_may_forget_it(post: Post, location: dict[str, Any]) -> None:
    assert (post(location).status_code, Fix.objects.count()) == (200, 0)


@pytest.mark.parametrize("kind", ["lwt", "transition", "waypoint", "encrypted", "status"])
def test_a_message_without_a_position_is_taken_and_stores_nothing(
    post: Post, location: dict[str, Any], shift: Shift, kind: str
) -> None:
    assert post({**location, "_type": kind}).json() == []
    assert not Fix.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("lat", 91), ("lon", float("nan")), ("lon", "122"), ("tst", None), ("tst", 1.5), ("tst", 10**12), ("acc", -2),
     ("vel", 1e9), ("_type", 3)],
)  # fmt: skip
def test_a_fault_is_named_and_nothing_is_saved(
    post: Post, location: dict[str, Any], shift: Shift, name: str, value: Any
) -> None:
    assert fault(post({**location, name: value})) == (400, name)
    assert not Fix.objects.exists()


@pytest.mark.parametrize("password", ["", "wrong", "twin_wrong"])
def test_a_wrong_password_is_refused(post: Post, location: dict[str, Any], password: str) -> None:
    assert fault(post(location, password=password)) == (401, "Authorization")


@pytest.mark.parametrize("header", ["Basic", "Basic ???", "Basic /w==", "Digest x", "Basic " + "A" * 8192])
def test_a_broken_header_is_refused(
    client: Client, worker: User, location: dict[str, Any], header: str
) -> None:
    answer = client.post(
        ADDRESS, json.dumps(location), content_type="application/json", headers={"Authorization": header}
    )
    assert fault(answer) == (401, "Authorization")


def test_a_body_over_a_mebibyte_is_refused(post: Post) -> None:
    assert fault(post(b" " * (1024 * 1024 + 1))) == (413, "body")
