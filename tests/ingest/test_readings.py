from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import a_building
from tests.devices.homes import a_device, a_dwelling
from twin.access.actions import issue_token, revoke_token
from twin.accounts.models import User
from twin.base.models import Upload
from twin.devices.models import Alarm, Device, Reading
from twin.places.actions import found_community
from twin.places.models import Building, Community

ADDRESS = "/ingest/readings/"
AT = "2026-05-01T20:00:00+08:00"
Post = Callable[..., Any]


@pytest.fixture
def detector(west_building: Building) -> Device:
    return a_device(a_dwelling(west_building))


@pytest.fixture
def post(client: Client, community: Community) -> Post:
    """POST with a gateway's token; `body` is bytes, or what becomes JSON."""
    _, secret = issue_token(community=community, kind="device", name="网关")

    def send(body: Any, address: str = ADDRESS, token: str | None = secret, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        if token is not None:
            headers.setdefault("Authorization", f"Bearer {token}")
        return client.post(address, raw, content_type="application/json", headers=headers)

    return send


def reading(**fields: Any) -> dict[str, Any]:
    return {"device": "smoke-1", "at": AT, **fields}


def fault(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"].get("where", "")


def nothing_saved() -> bool:
    return not (Reading.objects.exists() or Alarm.objects.exists() or Upload.objects.exists())


def test_a_batch_is_kept_and_its_alarm_told(post: Post, detector: Device) -> None:
    answer = post({"readings": [reading(seq=1, values={"battery_pct": 80}), reading(seq=2, event="alarm")]})
    alarm = Alarm.objects.get()
    assert answer.json() == {"accepted": 2, "duplicates": 0, "alarms": [alarm.pk]}
    assert answer.status_code == 200
    assert Reading.objects.count() == 2


def test_sent_twice_it_changes_nothing(post: Post, detector: Device) -> None:
    body = {"readings": [reading(event="alarm")]}
    post(body)
    assert post(body).json() == {"accepted": 0, "duplicates": 1, "alarms": []}
    assert Alarm.objects.get().count == 1


def test_a_batch_with_a_name_gets_its_answer_again(post: Post, detector: Device) -> None:
    body = {"batch": "b-1", "readings": [reading(event="alarm")]}
    first, again = post(body), post(body)
    assert again.json() == first.json()
    assert (first.headers.get("Upload-Repeated"), again.headers["Upload-Repeated"]) == (None, "true")
    other = post({"batch": "b-1", "readings": [reading(event="clear")]})
    assert fault(other) == (409, "batch")


def test_fields_that_are_not_known_are_passed_over(post: Post, detector: Device) -> None:
    assert post({"readings": [reading(firmware="1.2", values={})], "site": 7}).json()["accepted"] == 1


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (reading(values={"smoke": "high"}), "readings[1].values.smoke"),
        (reading(values={"ok": 1, "smoke": True}), "readings[1].values.smoke"),
        (reading(values={"ok": 1, "smoke": None}), "readings[1].values.smoke"),
        (reading(values={"smoke": 1e16}), "readings[1].values.smoke"),
        (reading(values={"smoke": 10**400}), "readings[1].values.smoke"),
        (reading(values={"smoke": float("nan")}), "readings[1].values.smoke"),
        (reading(values={"smoke": float("-inf")}), "readings[1].values.smoke"),
        (reading(values={"no name": 1}), "readings[1].values"),
        (reading(values={f"m{n}": n for n in range(65)}), "readings[1].values"),
        (reading(values=[1]), "readings[1].values"),
        (reading(at="2026-05-01T20:00:00"), "readings[1].at"),
        (reading(at="yesterday"), "readings[1].at"),
        (reading(at=1777636800), "readings[1].at"),
        (reading(at="0001-01-01T00:00:00+14:00"), "readings[1].at"),
        (reading(at="9999-12-31T23:00:00-14:00"), "readings[1].at"),
        (reading(seq=-1), "readings[1].seq"),
        (reading(seq=2**63), "readings[1].seq"),
        (reading(event="ALARM!"), "readings[1].event"),
        (reading(device=""), "readings[1].device"),
        (reading(device="smoke\x00"), "readings[1].device"),
        (reading(device="smoke-9"), "readings[1].device"),
        ({"device": "smoke-1"}, "readings[1]"),
        ("text", "readings[1]"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_one_wrong_reading_refuses_all_by_name(post: Post, detector: Device, wrong: Any, where: str) -> None:
    assert fault(post({"batch": "b-1", "readings": [reading(event="alarm"), wrong]})) == (400, where)
    assert nothing_saved()


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        (b"", 400, "body"),
        (b'{"readings": [{"device": "smoke-1", "at"', 400, "body"),
        (b"\xff\xfe\x00", 400, "body"),
        (b"[]", 400, "body"),
        (b"{}", 400, "body"),
        (b'{"readings": []}', 400, "readings"),
        (b'{"x": ' + b"[" * 200_000, 400, "body"),
        (b" " * (1024 * 1024 + 1), 413, "body"),
        (json.dumps({"readings": [reading(seq=n) for n in range(1001)]}).encode(), 413, "readings"),
        (json.dumps({"readings": [reading()], "batch": "b" * 81}).encode(), 400, "batch"),
        (b'{"readings": [{"device": "\\ud800", "at": "2026-05-01T00:00:00Z"}]}', 400, "body"),
    ],
    ids=[
        "nothing",
        "half",
        "bytes",
        "a list",
        "no list",
        "none",
        "deep",
        "huge",
        "many",
        "name",
        "surrogate",
    ],
)
def test_a_body_that_cannot_be_right_is_refused(
    post: Post, detector: Device, body: bytes, status: int, where: str
) -> None:
    assert fault(post(body)) == (status, where)
    assert nothing_saved()


def test_a_device_of_another_community_looks_like_an_unknown_one(post: Post, detector: Device) -> None:
    other = found_community(name="另一个社区")
    a_device(a_building(other, 122.65), "foreign")
    answers = [post({"readings": [reading(device=name)]}) for name in ("foreign", "unknown")]
    texts = [a.content.decode().replace("foreign", "…").replace("unknown", "…") for a in answers]
    assert texts[0] == texts[1]
    assert [fault(answer) for answer in answers] == [(400, "readings[0].device")] * 2
    assert nothing_saved()


def test_a_retired_device_is_not_known_any_more(post: Post, detector: Device) -> None:
    from twin.devices.actions import retire_device

    retire_device(device=detector)
    assert fault(post({"readings": [reading()]})) == (400, "readings[0].device")


def test_without_a_gateways_token_nothing_gets_in(
    post: Post, detector: Device, community: Community, officer: User, client: Client
) -> None:
    token, revoked = issue_token(community=community, kind="device", name="旧网关")
    revoke_token(token=token)
    _, reader = issue_token(community=community, kind="gis", name="桌面", user=officer)
    for wrong in (None, "", "twin_nonsense", revoked, reader, "\x00"):
        assert fault(post({"readings": [reading()]}, token=wrong)) == (401, "Authorization")
    client.force_login(officer)
    assert post({"readings": [reading()]}, token=None).status_code == 401
    assert nothing_saved()


def test_a_token_in_the_address_is_refused(post: Post, community: Community) -> None:
    _, secret = issue_token(community=community, kind="device", name="网关")
    assert fault(post({"readings": [reading()]}, f"{ADDRESS}?key={secret}")) == (400, "key")


def test_readings_are_brought_and_never_fetched(client: Client, db: None) -> None:
    assert client.get(ADDRESS).status_code == 405


def test_a_network_server_may_speak_its_own_form(post: Post, detector: Device) -> None:
    said = {
        "end_device_ids": {"device_id": "smoke-1"},
        "uplink_message": {"f_cnt": 3, "received_at": AT, "decoded_payload": {"smoke": True, "battery": 40}},
    }
    answer = post(said, f"{ADDRESS}tts/").json()
    assert (answer["accepted"], len(answer["alarms"])) == (1, 1)
    assert post(said, f"{ADDRESS}tts/").json()["duplicates"] == 1
    join = {"end_device_ids": {"device_id": "smoke-1"}, "join_accept": {}}
    assert post(join, f"{ADDRESS}tts/").json() == {"accepted": 0, "duplicates": 0, "alarms": []}


def test_a_wrong_value_in_another_form_is_named(post: Post, detector: Device) -> None:
    said = {"smoke-1": [{"ts": 1777636800000, "values": {"pressure": 1e300}}]}
    assert fault(post(said, f"{ADDRESS}thingsboard/")) == (400, "readings[0].values.pressure")
    assert fault(post({"smoke-1": 3}, f"{ADDRESS}thingsboard/")) == (400, "smoke-1")
    assert post(said, f"{ADDRESS}morse/").status_code == 404


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ALMOST = st.fixed_dictionaries(
    {},
    optional={
        "device": st.just("smoke-1") | JSON,
        "at": st.just(AT) | JSON,
        "seq": JSON,
        "values": JSON | st.dictionaries(st.text(max_size=8), JSON, max_size=3),
        "event": JSON,
    },
)
BROKEN = st.fixed_dictionaries(
    {"device": st.just("smoke-9"), "at": st.just(AT)}
)  # refused, whatever stands beside it


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200)
    | JSON.map(lambda said: json.dumps(said).encode())
    | st.lists(ALMOST, max_size=3).map(lambda rows: json.dumps({"readings": [*rows, {"at": 1}]}).encode())
    | st.tuples(st.lists(ALMOST, max_size=3), BROKEN, JSON).map(
        lambda parts: json.dumps({"readings": [*parts[0], parts[1]], "batch": parts[2]}).encode()
    ),
    address=st.sampled_from([ADDRESS, f"{ADDRESS}tts/", f"{ADDRESS}chirpstack/", f"{ADDRESS}thingsboard/"]),
    token=st.sampled_from(["right"] * 5 + ["twin_wrong", "", "Ω"]),
)
def test_garbage_is_refused_and_leaves_nothing(
    post: Post, detector: Device, body: bytes, address: str, token: str
) -> None:
    sent = {} if token == "right" else {"token": token.encode().decode("latin-1")}
    answer = post(body, address, **sent)
    said = answer.json()
    assert 400 <= answer.status_code < 500 or said == {"accepted": 0, "duplicates": 0, "alarms": []}
    assert answer.status_code < 400 or said["error"]["message"]
    assert nothing_saved()


def test_a_reading_of_now_is_not_late(post: Post, detector: Device) -> None:
    post({"readings": [reading(at=timezone.now().isoformat())]})
    assert Reading.objects.get().reason == ""
