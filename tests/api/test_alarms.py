from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.devices.homes import a_device, a_dwelling, rule_of
from tests.devices.test_readings import NOON
from twin.access.models import AuditEntry
from twin.access.roles import MAY_HANDLE_ALARMS, OPENS, RoleKind
from twin.accounts.models import User
from twin.devices.actions import acknowledge, close, raise_alarm
from twin.devices.models import Alarm, Device
from twin.places.models import Building, Community, Grid


@pytest.fixture
def detector(west_building: Building) -> Device:
    return a_device(a_dwelling(west_building), name="厨房烟感")


@pytest.fixture
def alarm(detector: Device) -> Alarm:
    return raise_alarm(device=detector, rule=rule_of(detector), at=NOON)


@pytest.fixture
def signed_in(officer: User, client: Client) -> Client:
    client.force_login(officer)
    return client


def ids(answer: Any) -> list[int]:
    return [row["id"] for row in answer.json()["results"]]


def path(alarm: Alarm, step: str = "") -> str:
    return f"/api/alarms/{alarm.pk}/{step}"


CLOSING = {"truth": "real", "note": "灶台起火，已扑灭"}


def test_an_alarm_tells_what_where_and_since_when(
    signed_in: Client,
    community: Community,
    alarm: Alarm,
    detector: Device,
    west: Grid,
    west_building: Building,
) -> None:
    document = signed_in.get(path(alarm)).json()
    assert document.pop("lon") == pytest.approx(detector.position.x)
    assert document.pop("lat") == pytest.approx(detector.position.y)
    assert document == {
        "id": alarm.pk, "community_id": community.pk, "grid_id": west.pk, "device_id": detector.pk,
        "device_name": "厨房烟感", "device_kind": "smoke", "building_id": west_building.pk,
        "unit_id": detector.dwelling.unit_id, "dwelling_id": detector.dwelling_id, "height_m": detector.height_m,
        "address": "海棠路100弄1号楼1单元501室", "rule": "alarm", "title": {"zh": "烟雾报警", "en": "Smoke"},
        "severity": 1, "condition": "ACTIVE", "handling": "NEW", "count": 1, "first_at": "2026-05-01T12:00:00Z",
        "last_at": "2026-05-01T12:00:00Z", "cleared_at": None, "acked_at": None, "acked_by": None, "closed_at": None,
        "closed_by": None, "truth": "", "note": "",
    }  # fmt: skip


def test_an_alarm_is_acknowledged_then_closed(signed_in: Client, alarm: Alarm, officer: User) -> None:
    taken = signed_in.post(path(alarm, "acknowledge/")).json()
    assert (taken["handling"], taken["acked_by"]) == ("ACKED", str(officer))
    closed = signed_in.post(path(alarm, "close/"), CLOSING, content_type="application/json").json()
    assert (closed["handling"], closed["truth"], closed["note"]) == ("CLOSED", "real", CLOSING["note"])
    assert closed["closed_by"] == str(officer)
    assert set(AuditEntry.objects.filter(by=officer).values_list("action", flat=True)) >= {
        "alarm.acknowledge",
        "alarm.close",
    }


def test_a_step_that_is_not_next_is_a_conflict_that_names_the_states(signed_in: Client, alarm: Alarm) -> None:
    answer = signed_in.post(path(alarm, "close/"), CLOSING, content_type="application/json")
    assert answer.status_code == 409
    assert "待确认" in answer.json()["error"]["message"]
    signed_in.post(path(alarm, "acknowledge/"))
    assert signed_in.post(path(alarm, "acknowledge/")).status_code == 409


@pytest.mark.parametrize(
    ("body", "where"),
    [({}, "truth"), ({"truth": "real"}, "note"), ({"truth": "maybe", "note": "x"}, "truth"),
     ({"truth": "real", "note": "  "}, "note"), ({"truth": "real", "note": "长" * 2001}, "note")],
    ids=["nothing", "no note", "another truth", "an empty note", "a novel"],
)  # fmt: skip
def test_closing_needs_a_truth_and_a_note(
    signed_in: Client, alarm: Alarm, body: dict[str, str], where: str
) -> None:
    signed_in.post(path(alarm, "acknowledge/"))
    answer = signed_in.post(path(alarm, "close/"), body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["where"]) == (400, where)


def test_alarms_are_found_by_state_place_and_severity(
    signed_in: Client, community: Community, alarm: Alarm, officer: User, west: Grid, east: Grid,
    east_building: Building,
) -> None:  # fmt: skip
    lift = a_device(east_building, "l-1", "lift")
    trapped = raise_alarm(device=lift, rule=rule_of(lift), at=NOON)
    acknowledge(alarm=alarm, by=officer)
    close(alarm=alarm, by=officer, **CLOSING)

    def found(query: str) -> list[int]:
        return ids(signed_in.get(f"/api/alarms/?{query}"))

    assert found(f"community={community.pk}") == [trapped.pk, alarm.pk]
    assert found(f"community={community.pk}&open=true") == [trapped.pk]
    assert found("open=false") == [alarm.pk]
    assert found(f"grid={west.pk}") == [alarm.pk]
    assert found(f"dwelling={alarm.dwelling_id}") == found(f"building={alarm.building_id}") == [alarm.pk]
    assert found(f"device={lift.pk}") == found("severity=2") == found("handling=NEW") == [trapped.pk]
    assert found("severity=1&severity=2") == [trapped.pk, alarm.pk]
    assert found("community=999999") == []


@pytest.mark.parametrize("query", ["severity=9", "dwelling=x", "handling=ASLEEP"])
def test_a_filter_that_cannot_be_right_is_named(signed_in: Client, query: str) -> None:
    answer = signed_in.get(f"/api/alarms/?{query}")
    assert (answer.status_code, answer.json()["error"]["where"].split("[")[0]) == (400, query.split("=")[0])


@pytest.mark.parametrize("kind", [k for k in RoleKind if k != RoleKind.STAIRWELL_HEAD])
def test_each_role_sees_and_handles_what_it_may(
    kind: RoleKind, alarm: Alarm, in_role: Callable[..., User], client: Client
) -> None:
    client.force_login(in_role(kind))
    sees, handles = OPENS[kind].facts, kind in MAY_HANDLE_ALARMS
    assert ids(client.get("/api/alarms/")) == ([alarm.pk] if sees else [])
    assert client.get(path(alarm)).status_code == (200 if sees else 404)
    assert client.post(path(alarm, "acknowledge/")).status_code == (200 if handles else 404)
    assert Alarm.objects.get().handling == ("ACKED" if handles else "NEW")


def test_a_worker_of_another_grid_gets_404_for_every_step(
    alarm: Alarm, east: Grid, in_role: Callable[..., User], client: Client
) -> None:
    client.force_login(in_role(RoleKind.GRID_WORKER, grid=east))
    assert client.get(path(alarm)).status_code == 404
    for step in ("acknowledge/", "close/"):
        assert client.post(path(alarm, step), CLOSING, content_type="application/json").status_code == 404
    assert ids(client.get("/api/alarms/")) == []


def test_the_note_is_for_those_who_may_handle_alarms(
    alarm: Alarm, officer: User, in_role: Callable[..., User], client: Client
) -> None:
    acknowledge(alarm=alarm, by=officer)
    close(alarm=alarm, by=officer, truth="misuse", note="王家做饭忘关火")
    for kind, note in ((RoleKind.DUTY_OFFICER, "王家做饭忘关火"), (RoleKind.WALL, None)):
        client.force_login(in_role(kind))
        assert client.get(path(alarm)).json()["note"] == note


def test_nobody_gets_alarms_without_signing_in(client: Client, alarm: Alarm) -> None:
    assert client.get("/api/alarms/").status_code == 401
    assert client.post(path(alarm, "acknowledge/")).status_code == 401


def test_a_forged_request_is_refused(alarm: Alarm, officer: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    assert strict.post(path(alarm, "acknowledge/")).status_code == 403
    assert Alarm.objects.get().handling == "NEW"


def test_many_alarms_cost_as_many_queries_as_one(
    signed_in: Client, alarm: Alarm, officer: User, west_building: Building
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get("/api/alarms/").status_code == 200
        return len(queries)

    one = queries()
    for number in range(5):
        device = a_device(a_dwelling(west_building, room=f"60{number}", floor=6), f"s-{number}")
        acknowledge(alarm=raise_alarm(device=device, rule=rule_of(device), at=NOON), by=officer)
    assert queries() == one
    assert one <= 6
