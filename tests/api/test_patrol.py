from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.patrol.conftest import fixes_at
from twin.access.actions import issue_token
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.patrol.actions import end_shift, record_fixes, start_shift
from twin.patrol.models import Fix, Shift
from twin.places.actions import found_community
from twin.places.models import Community, Grid

ADDRESS = "/api/shifts/"


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def post(client: Client, address: str, body: Any = None) -> Any:
    return client.post(address, body or {}, content_type="application/json")


def test_a_worker_starts_and_ends_a_shift(as_user: Callable[..., Client], worker: User, west: Grid) -> None:
    phone = as_user(worker)
    started = post(phone, ADDRESS, {"community": west.community_id, "grid": west.pk})
    assert started.status_code == 201
    shift = started.json()
    assert (shift["worker_id"], shift["grid_id"], shift["ended_at"]) == (worker.pk, west.pk, None)
    assert (shift["lon"], shift["lat"], shift["at"]) == (None, None, None)
    ended = post(phone, f"{ADDRESS}{shift['id']}/end/")
    assert ended.status_code == 200
    assert ended.json()["ended_at"] is not None


def test_a_phone_does_it_with_its_token(
    client: Client, community: Community, worker: User, west: Grid
) -> None:
    _, secret = issue_token(community=community, kind="worker", name="手机", user=worker)
    headers = {"Authorization": f"Bearer {secret}"}
    body = {"community": community.pk, "grid": west.pk}
    started = client.post(ADDRESS, body, content_type="application/json", headers=headers)
    assert started.status_code == 201
    open_now = client.get(ADDRESS, {"open": "true", "worker": worker.pk}, headers=headers)
    assert [s["id"] for s in open_now.json()["results"]] == [started.json()["id"]]


def test_a_second_shift_is_a_conflict(as_user: Callable[..., Client], shift: Shift, west: Grid) -> None:
    answer = post(as_user(shift.worker), ADDRESS, {"community": west.community_id, "grid": west.pk})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "already_on_shift")


def test_ending_twice_is_a_conflict(as_user: Callable[..., Client], shift: Shift) -> None:
    end_shift(shift=shift, by=shift.worker)
    assert post(as_user(shift.worker), f"{ADDRESS}{shift.pk}/end/").status_code == 409


def test_a_grid_of_others_or_of_another_community_is_not_there(
    as_user: Callable[..., Client], worker: User, west: Grid, east: Grid
) -> None:
    elsewhere = found_community(name="另一个社区")
    phone = as_user(worker)
    for community, grid in (
        (west.community_id, east.pk), (elsewhere.pk, elsewhere.root.pk), (elsewhere.pk, west.pk), (west.community_id, 10**17),
    ):  # fmt: skip
        assert post(phone, ADDRESS, {"community": community, "grid": grid}).status_code == 404
    assert not Shift.objects.exists()


@pytest.mark.parametrize(
    ("body", "where"),
    [({}, "community"), ({"community": 1}, "grid"), ({"community": "x", "grid": 1}, "community")],
)
def test_a_fault_is_named(as_user: Callable[..., Client], worker: User, body: Any, where: str) -> None:
    answer = as_user(worker).post(ADDRESS, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["where"] == where


def test_the_list_tells_where_everybody_is(
    as_user: Callable[..., Client], officer: User, shift: Shift, now: datetime
) -> None:
    record_fixes(worker=shift.worker, fixes=fixes_at([now]))
    (entry,) = (
        as_user(officer).get(ADDRESS, {"community": shift.community_id, "open": "true"}).json()["results"]
    )
    assert (entry["lon"], entry["lat"], entry["fix_count"]) == (122.601, 31.051, 1)
    assert entry["worker_name"] == str(shift.worker)


def test_open_and_ended_shifts_are_told_apart(
    as_user: Callable[..., Client], officer: User, shift: Shift
) -> None:
    desk = as_user(officer)
    end_shift(shift=shift, by=shift.worker)
    found = {state: desk.get(ADDRESS, {"open": state}).json()["results"] for state in ("true", "false")}
    assert [len(found["true"]), len(found["false"])] == [0, 1]


def test_shifts_elsewhere_are_not_listed(
    as_user: Callable[..., Client], in_role: Callable[..., User], stranger: User, shift: Shift, east: Grid
) -> None:
    for somebody in (stranger, in_role(RoleKind.GRID_HEAD, grid=east), in_role(RoleKind.PLANNER)):
        client = as_user(somebody)
        assert client.get(ADDRESS).json()["results"] == []
        assert client.get(f"{ADDRESS}{shift.pk}/").status_code == 404
        assert post(client, f"{ADDRESS}{shift.pk}/end/").status_code == 404
    assert Client().get(ADDRESS).status_code == 401


def test_a_fellow_worker_sees_the_shift_but_cannot_end_it(
    as_user: Callable[..., Client], in_role: Callable[..., User], shift: Shift, west: Grid
) -> None:
    fellow = as_user(in_role(RoleKind.GRID_WORKER, grid=west))
    assert fellow.get(f"{ADDRESS}{shift.pk}/").status_code == 200
    assert post(fellow, f"{ADDRESS}{shift.pk}/end/").status_code == 404


def test_the_list_asks_as_many_questions_for_many_shifts_as_for_one(
    as_user: Callable[..., Client],
    officer: User,
    in_role: Callable[..., User],
    west: Grid,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    desk = as_user(officer)
    for _ in range(2):
        for _ in range(3):
            somebody = in_role(RoleKind.GRID_WORKER, grid=west)
            start_shift(worker=somebody, grid=west, at=now - timedelta(minutes=1))
        with django_assert_num_queries(4):
            assert desk.get(ADDRESS).status_code == 200


def a_walk(shift: Shift, minutes: int = 20) -> None:
    """East along 31.051 at 1.2 m/s, a fix every five seconds, after ten minutes of standing."""
    n, standing = minutes * 12, 120
    metres = [max(0, k - standing) * 5 * 1.2 for k in range(n + standing)]
    moments = [shift.started_at + timedelta(seconds=5 * k) for k in range(n + standing)]
    fixes = fixes_at(moments, lon=[122.600 + m / 95_360 for m in metres], accuracy_m=5.0)
    record_fixes(worker=shift.worker, fixes=fixes)


@pytest.fixture
def long_shift(worker: User, west: Grid, now: datetime) -> Shift:
    return start_shift(worker=worker, grid=west, at=now - timedelta(hours=2))


def test_a_track_is_cleaned_and_measured(as_user: Callable[..., Client], long_shift: Shift) -> None:
    a_walk(long_shift)
    track = as_user(long_shift.worker).get(f"{ADDRESS}{long_shift.pk}/track/").json()
    assert track["type"] == "FeatureCollection"
    assert track["summary"]["distance_m"] == pytest.approx(1440, rel=0.03)
    assert track["summary"]["fixes"] == 360
    kinds = [feature["properties"]["part"] for feature in track["features"]]
    assert kinds == ["stay", "walk"]
    (lon, lat), *_ = track["features"][1]["geometry"]["coordinates"]
    assert (lon, lat) == pytest.approx((122.600, 31.051), abs=1e-5)


def test_what_does_not_count_is_shown_with_its_reason_and_kept(
    as_user: Callable[..., Client], long_shift: Shift, now: datetime
) -> None:
    a_walk(long_shift)
    at = long_shift.started_at + timedelta(seconds=5 * 300 + 1)
    second = timedelta(seconds=1)
    for n, fix in enumerate([
        fixes_at([at], first=9001, lon=0, lat=0),
        fixes_at([at + second], first=9002, mocked=True),
        fixes_at([at + 2 * second], first=9003, accuracy_m=80.0),
        fixes_at([at + 3 * second], first=9004, lon=122.7, accuracy_m=5.0),
        fixes_at([datetime(2036, 1, 1, tzinfo=UTC)], first=9005),
    ]):  # fmt: skip
        assert record_fixes(worker=long_shift.worker, fixes=fix).accepted == 1, n
    track = as_user(long_shift.worker).get(f"{ADDRESS}{long_shift.pk}/track/").json()
    removed = {
        f["properties"]["reason"]: f["geometry"]
        for f in track["features"]
        if f["properties"]["part"] == "removed"
    }
    assert set(removed) == {"null_island", "mocked", "inaccurate", "teleport", "clock_out_of_range"}
    assert removed["null_island"] is None
    assert track["summary"]["fixes"] == Fix.objects.count() == 365
    assert track["summary"]["distance_m"] == pytest.approx(1440, rel=0.03)


def test_a_shift_without_fixes_has_an_empty_track(as_user: Callable[..., Client], shift: Shift) -> None:
    track = as_user(shift.worker).get(f"{ADDRESS}{shift.pk}/track/").json()
    assert track["features"] == []
    assert track["summary"] == {"distance_m": 0, "walked_s": 0, "stayed_s": 0, "fixes": 0, "reasons": {}}


def test_a_track_holds_its_own_shift_only(
    as_user: Callable[..., Client], worker: User, west: Grid, now: datetime
) -> None:
    minutes = timedelta(minutes=1)
    first = start_shift(worker=worker, grid=west, at=now - 60 * minutes)
    end_shift(shift=first, by=worker, at=now - 30 * minutes)
    second = start_shift(worker=worker, grid=west, at=now - 29 * minutes)
    record_fixes(worker=worker, fixes=fixes_at([now - m * minutes for m in (40, 35, 31, 28, 5)]))
    found = [
        as_user(worker).get(f"{ADDRESS}{s.pk}/track/").json()["summary"]["fixes"] for s in (first, second)
    ]
    assert found == [3, 2]


def test_looking_at_somebody_elses_track_is_written_down(
    as_user: Callable[..., Client], officer: User, shift: Shift
) -> None:
    looks = AuditEntry.objects.filter(action="patrol.track")
    as_user(shift.worker).get(f"{ADDRESS}{shift.pk}/track/")
    assert not looks.exists()
    as_user(officer).get(f"{ADDRESS}{shift.pk}/track/")
    look = looks.get()
    assert (look.by, look.subject, look.community_id) == (
        officer,
        f"patrol.Shift:{shift.pk}",
        shift.community_id,
    )


def test_a_track_is_not_there_for_anybody_else(
    as_user: Callable[..., Client],
    in_role: Callable[..., User],
    stranger: User,
    shift: Shift,
    west: Grid,
    east: Grid,
) -> None:
    address = f"{ADDRESS}{shift.pk}/track/"
    fellow, wall = in_role(RoleKind.GRID_WORKER, grid=west), in_role(RoleKind.WALL)
    for somebody in (
        fellow,
        wall,
        stranger,
        in_role(RoleKind.GRID_HEAD, grid=east),
        in_role(RoleKind.AUDITOR),
    ):
        assert as_user(somebody).get(address).status_code == 404
    assert Client().get(address).status_code == 401
    assert not AuditEntry.objects.filter(action="patrol.track").exists()


def test_a_track_asks_as_many_questions_for_many_fixes_as_for_few(
    as_user: Callable[..., Client],
    officer: User,
    long_shift: Shift,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    desk = as_user(officer)
    for minutes in (1, 60):
        a_walk(long_shift, minutes)
        with django_assert_num_queries(8):
            assert desk.get(f"{ADDRESS}{long_shift.pk}/track/").status_code == 200
