from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.crs import BD09, GCJ02
from twin.access.actions import issue_token, revoke_token
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.models import Upload
from twin.patrol.actions import end_shift, start_shift
from twin.patrol.models import Fix, Shift
from twin.places.models import Community, Grid

ADDRESS = "/ingest/fixes/"
Post = Callable[..., Any]


@pytest.fixture
def post(client: Client, community: Community, worker: User) -> Post:
    """POST with the worker's token; `body` is bytes, or what becomes JSON."""
    _, secret = issue_token(community=community, kind="worker", name="手机", user=worker)

    def send(body: Any, token: str | None = secret, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        if token is not None:
            headers.setdefault("Authorization", f"Bearer {token}")
        return client.post(ADDRESS, raw, content_type="application/json", headers=headers)

    return send


@pytest.fixture
def batch(shift: Shift, now: datetime) -> Callable[..., dict[str, Any]]:
    """A batch of `n` good fixes; keyword arguments change the last one."""

    def make(n: int = 3, **last: Any) -> dict[str, Any]:
        fixes = [
            {
                "seq": k,
                "at": (now - timedelta(seconds=2 * (n - k))).isoformat(),
                "lon": 122.601 + k * 1e-5,
                "lat": 31.051,
                "accuracy_m": 6.0,
                "speed_m_s": 1.1,
            }
            for k in range(n)
        ]
        fixes[-1].update(last)
        return {"batch": str(uuid4()), "shift": shift.pk, "fixes": fixes}

    return make


def fault(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"].get("where", "")


def nothing_saved() -> bool:
    return not (Fix.objects.exists() or Upload.objects.exists())


def test_a_batch_is_stored_and_moves_the_worker(post: Post, batch: Callable[..., Any], shift: Shift) -> None:
    sent = batch()
    answer = post(sent)
    assert answer.status_code == 200
    assert answer.json() == {"batch": sent["batch"], "accepted": 3, "known": 0, "dropped": 0}
    shift.refresh_from_db()
    assert shift.last_position.coords == (122.60102, 31.051)
    assert shift.fix_count == 3


def test_the_same_batch_again_gets_the_same_answer_and_changes_nothing(
    post: Post, batch: Callable[..., Any], shift: Shift
) -> None:
    sent = batch()
    first, second = post(sent), post(sent)
    assert second.json() == first.json()
    assert "Upload-Repeated" not in first.headers
    assert second.headers["Upload-Repeated"] == "true"
    shift.refresh_from_db()
    assert (Fix.objects.count(), shift.fix_count) == (3, 3)


def test_a_batch_name_with_other_content_is_refused(post: Post, batch: Callable[..., Any]) -> None:
    sent = batch()
    post(sent)
    answer = post({**sent, "fixes": sent["fixes"][:1]})
    assert fault(answer) == (409, "batch")
    assert Fix.objects.count() == 3


def test_batches_that_overlap_store_every_fix_once(post: Post, batch: Callable[..., Any]) -> None:
    sent = batch(4)
    post({**sent, "fixes": sent["fixes"][:3]})
    answer = post({**sent, "batch": str(uuid4()), "fixes": sent["fixes"][1:]})
    assert (answer.json()["accepted"], answer.json()["known"]) == (1, 2)
    assert Fix.objects.count() == 4


def test_fixes_taken_off_shift_are_counted_and_not_stored(
    post: Post, batch: Callable[..., Any], shift: Shift, now: datetime
) -> None:
    answer = post(batch(3, at=(now - timedelta(hours=5)).isoformat()))
    assert (answer.json()["accepted"], answer.json()["dropped"]) == (2, 1)
    assert Fix.objects.count() == 2


@pytest.mark.parametrize("system", [GCJ02, BD09], ids=str)
def test_shifted_coordinates_are_moved_at_the_edge(
    post: Post, batch: Callable[..., Any], system: Any
) -> None:
    lon, lat = (float(v) for v in system.from_lonlat(122.6012, 31.0511))
    post(batch(2, lon=lon, lat=lat, crs=system.code))
    first, shifted = Fix.objects.order_by("seq")
    assert first.position.coords == (122.601, 31.051)
    assert shifted.position.coords == pytest.approx((122.6012, 31.0511), abs=1e-6)
    assert abs(lon - 122.6012) > 1e-4


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lon", 180.5), ("lon", -181), ("lat", 90.01), ("lat", 1e300), ("lon", "122.6"), ("lon", None), ("lat", True),
        ("lon", float("nan")), ("lat", float("inf")), ("lat", float("-inf")), ("accuracy_m", -1),
        ("accuracy_m", float("nan")), ("speed_m_s", -0.1), ("speed_m_s", "fast"), ("seq", -1), ("seq", 1.5),
        ("seq", 2**63), ("at", 1700000000), ("at", "yesterday"), ("at", "2026-02-31T00:00:00Z"),
        ("at", "2026-01-01T00:00:00"), ("at", "0001-01-01T00:00:00Z"), ("at", "9999-12-31T23:59:59-14:00"),
        ("crs", "EPSG:3857"), ("crs", ""), ("mocked", "no"),
    ],
)  # fmt: skip
def test_a_fault_is_named_and_nothing_is_saved(
    post: Post, batch: Callable[..., Any], field: str, value: Any
) -> None:
    assert fault(post(batch(8, **{field: value}))) == (400, f"fixes[7].{field}")
    assert nothing_saved()


@pytest.mark.parametrize("field", ["seq", "at", "lon", "lat", "accuracy_m"])
def test_a_missing_value_is_named(post: Post, batch: Callable[..., Any], field: str) -> None:
    sent = batch()
    del sent["fixes"][1][field]
    answer = post(sent)
    assert fault(answer) == (400, "fixes[1]")
    assert field in answer.json()["error"]["message"]
    assert nothing_saved()


@pytest.mark.parametrize(
    ("change", "where"),
    [({"batch": "mine"}, "batch"), ({"shift": "7"}, "shift"), ({"shift": 0}, "shift"), ({"shift": 2**53}, "shift"),
     ({"fixes": []}, "fixes"), ({"fixes": {}}, "fixes"), ({"fixes": [3]}, "fixes[0]")],
)  # fmt: skip
def test_a_fault_of_the_batch_is_named(
    post: Post, batch: Callable[..., Any], change: dict[str, Any], where: str
) -> None:
    assert fault(post({**batch(), **change})) == (400, where)
    assert nothing_saved()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe\x00", b"{}", b'{"batch":"\xed\xa0\x80"}', b"[" * 5000],
)
def test_garbage_is_refused(post: Post, body: bytes) -> None:
    assert post(body).status_code == 400
    assert nothing_saved()


def test_half_a_batch_is_refused(post: Post, batch: Callable[..., Any]) -> None:
    whole = json.dumps(batch()).encode()
    for end in range(0, len(whole), 37):
        assert fault(post(whole[:end])) == (400, "body")
    assert nothing_saved()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_no_body_is_a_server_error(post: Post, body: bytes) -> None:
    assert 400 <= post(body).status_code < 500


def test_a_body_over_a_mebibyte_is_refused_whatever_it_holds(post: Post, batch: Callable[..., Any]) -> None:
    padded = json.dumps(batch()).encode() + b" " * 1024 * 1024
    assert fault(post(padded)) == (413, "body")
    assert nothing_saved()


def test_more_than_two_thousand_fixes_are_refused(post: Post, batch: Callable[..., Any]) -> None:
    sent = batch()
    sent["fixes"] = [{**sent["fixes"][0], "seq": n} for n in range(2001)]
    assert fault(post(sent)) == (413, "fixes")
    assert nothing_saved()
    sent["fixes"].pop()
    assert post(sent).json()["accepted"] == 2000


@pytest.mark.parametrize("token", [None, "", "twin_wrong", "x" * 10_000])
def test_a_wrong_token_is_refused(post: Post, batch: Callable[..., Any], token: str | None) -> None:
    answer = post(batch(), token=token)
    assert fault(answer) == (401, "Authorization")
    assert nothing_saved()


@pytest.mark.parametrize("kind", ["device", "gis", "wall"])
def test_a_token_of_another_kind_is_refused(
    post: Post, batch: Callable[..., Any], kind: str, community: Community, worker: User
) -> None:
    _, secret = issue_token(
        community=community, kind=kind, name="x", user=None if kind == "device" else worker
    )
    assert fault(post(batch(), token=secret)) == (401, "Authorization")
    assert nothing_saved()


def test_a_revoked_token_is_refused(
    post: Post, batch: Callable[..., Any], community: Community, worker: User
) -> None:
    token, secret = issue_token(community=community, kind="worker", name="旧手机", user=worker)
    revoke_token(token=token)
    assert fault(post(batch(), token=secret)) == (401, "Authorization")


def test_a_token_in_the_address_is_refused_even_beside_a_good_one(
    client: Client, community: Community, worker: User, batch: Callable[..., Any]
) -> None:
    _, secret = issue_token(community=community, kind="worker", name="手机", user=worker)
    answer = client.post(
        f"{ADDRESS}?token={secret}",
        json.dumps(batch()),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert fault(answer) == (400, "token")
    assert nothing_saved()


def test_somebody_elses_shift_is_not_there(
    post: Post, batch: Callable[..., Any], in_role: Callable[..., User], west: Grid, now: datetime
) -> None:
    fellow = in_role(RoleKind.GRID_WORKER, grid=west)
    other = start_shift(worker=fellow, grid=west, at=now - timedelta(hours=1))
    assert fault(post({**batch(), "shift": other.pk})) == (404, "shift")
    assert fault(post({**batch(), "shift": 10**12})) == (404, "shift")
    assert nothing_saved()


def test_a_late_batch_is_taken_after_the_shift_has_ended(
    post: Post, batch: Callable[..., Any], shift: Shift, worker: User
) -> None:
    sent = batch()
    end_shift(shift=shift, by=worker)
    assert post(sent).json()["accepted"] == 3


def test_a_signed_in_worker_needs_a_csrf_token(batch: Callable[..., Any], worker: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(worker)
    body = json.dumps(batch())
    refused = browser.post(ADDRESS, body, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "csrf")
    browser.get("/api/session/")
    token = browser.cookies["csrftoken"].value
    answer = browser.post(ADDRESS, body, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.json()["accepted"] == 3


def test_nobody_signed_in_is_refused(client: Client, batch: Callable[..., Any]) -> None:
    answer = client.post(ADDRESS, json.dumps(batch()), content_type="application/json")
    assert fault(answer) == (401, "Authorization")


def test_only_posts_are_taken(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 405


def test_however_many_fixes_come_the_questions_to_the_database_are_as_many(
    post: Post, batch: Callable[..., Any], django_assert_num_queries: Callable[..., Any]
) -> None:
    for n in (1, 500):
        sent = batch(n)
        with django_assert_num_queries(15):
            assert post(sent).status_code == 200
