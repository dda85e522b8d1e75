from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.devices.homes import a_device, a_dwelling, rule_of
from tests.devices.test_readings import NOON, said
from twin.access.roles import OPENS, RoleKind
from twin.accounts.models import User
from twin.devices.actions import raise_alarm, record_readings, retire_device
from twin.devices.models import Device
from twin.places.models import Building, Community, Grid


@pytest.fixture
def detector(west_building: Building) -> Device:
    return a_device(a_dwelling(west_building), name="厨房烟感")


@pytest.fixture
def signed_in(officer: User, client: Client) -> Client:
    client.force_login(officer)
    return client


def ids(answer: Any) -> list[int]:
    return [row["id"] for row in answer.json()["results"]]


def test_a_device_tells_where_it_is_and_what_it_last_said(
    signed_in: Client, community: Community, detector: Device, west: Grid, west_building: Building
) -> None:
    record_readings(community=community, readings=[said(0, battery_pct=80)], received_at=NOON)
    alarm = raise_alarm(device=detector, rule=rule_of(detector), at=NOON)
    document = signed_in.get(f"/api/devices/{detector.pk}/").json()
    assert document.pop("lon") == pytest.approx(detector.position.x)
    assert document.pop("lat") == pytest.approx(detector.position.y)
    assert [row["id"] for row in document.pop("alarms")] == [alarm.pk]
    assert document == {
        "id": detector.pk, "community_id": community.pk, "grid_id": west.pk, "device_kind": "smoke",
        "kind_name": {"zh": "烟雾报警器", "en": "Smoke detector"}, "icon": "smoke", "name": "厨房烟感",
        "status": "online", "home": "dwelling", "building_id": west_building.pk,
        "unit_id": detector.dwelling.unit_id, "dwelling_id": detector.dwelling_id, "height_m": detector.height_m,
        "last_seen_at": "2026-05-01T12:00:00Z", "last_values": {"battery_pct": 80}, "values_at": "2026-05-01T12:00:00Z",
        "external_id": "smoke-1", "ended_at": None,
    }  # fmt: skip


def test_devices_are_found_by_place_and_kind(
    signed_in: Client, community: Community, detector: Device, west: Grid, east: Grid, west_building: Building
) -> None:
    reader = a_device(detector.dwelling.unit, "e-1", "ebike_reader")
    lift = a_device(west_building, "l-1", "lift")
    cover = a_device(Point(122.6035, 31.0505, srid=4326), "m-1", "manhole", community)

    def found(query: str) -> list[int]:
        return ids(signed_in.get(f"/api/devices/?{query}"))

    everything = [cover.pk, lift.pk, reader.pk, detector.pk]
    assert found(f"community={community.pk}") == everything
    assert found(f"building={west_building.pk}") == [lift.pk, reader.pk, detector.pk]
    assert found(f"unit={detector.dwelling.unit_id}") == [reader.pk, detector.pk]
    assert found(f"dwelling={detector.dwelling_id}") == [detector.pk]
    assert found(f"grid={east.pk}") == [cover.pk]
    assert found(f"grid={community.root.pk}") == everything
    assert found("kind=lift") == [lift.pk]
    assert found("state=online") == []
    assert found("community=999999") == found("grid=999999") == []


@pytest.mark.parametrize(
    "query", ["community=x", "grid=0", "building=1.5", "dwelling=99999999999999999999", "state=asleep"]
)
def test_a_filter_that_cannot_be_right_is_named(signed_in: Client, query: str) -> None:
    answer = signed_in.get(f"/api/devices/?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["where"] == query.split("=")[0]


def test_a_retired_device_is_listed_no_more_but_can_be_looked_at(signed_in: Client, detector: Device) -> None:
    retire_device(device=detector)
    assert ids(signed_in.get("/api/devices/")) == []
    assert signed_in.get(f"/api/devices/{detector.pk}/").json()["status"] == "retired"


@pytest.mark.parametrize("kind", [k for k in RoleKind if k != RoleKind.STAIRWELL_HEAD])
def test_devices_are_shown_to_those_who_may_see_facts(
    kind: RoleKind, detector: Device, in_role: Callable[..., User], client: Client
) -> None:
    client.force_login(in_role(kind))
    seen = OPENS[kind].facts
    assert ids(client.get("/api/devices/")) == ([detector.pk] if seen else [])
    assert client.get(f"/api/devices/{detector.pk}/").status_code == (200 if seen else 404)


def test_nobody_sees_devices_without_signing_in(client: Client, detector: Device) -> None:
    assert client.get("/api/devices/").status_code == 401
    assert client.get(f"/api/devices/{detector.pk}/").status_code == 401


def test_what_does_not_exist_and_what_is_no_id_look_alike(signed_in: Client, db: None) -> None:
    for name in ("999999", "x", "9" * 30):
        assert signed_in.get(f"/api/devices/{name}/").status_code == 404


def test_many_devices_cost_as_many_queries_as_one(
    signed_in: Client, detector: Device, west_building: Building
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get("/api/devices/").status_code == 200
        return len(queries)

    one = queries()
    for number in range(5):
        a_device(a_dwelling(west_building, room=f"60{number}", floor=6), f"s-{number}")
    a_device(detector.dwelling.unit, "e-1", "ebike_reader")
    a_device(west_building, "l-1", "lift")
    assert queries() == one
    assert one <= 6
