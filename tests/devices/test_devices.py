from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from tests.conftest import a_building, box
from tests.devices.homes import a_device, a_dwelling, a_kind, rule_of
from tests.devices.test_alarms import NOON
from twin.access.gate import visible
from twin.access.roles import OPENS, RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.base.events import Event
from twin.devices.actions import (
    add_starter_kinds,
    change_device,
    install_device,
    move_device,
    raise_alarm,
    retire_device,
)
from twin.devices.events import AlarmMoved, DeviceChanged, DeviceInstalled, DeviceMoved, DeviceRetired
from twin.devices.models import Alarm, AlarmRule, Device, DeviceKind
from twin.places.actions import (
    change_building,
    cut_building,
    draw_grid,
    end_grid,
    found_community,
    place_in_grid,
    reshape_grid,
)
from twin.places.models import Building, Community, Dwelling, Grid, Unit


def test_a_device_in_a_dwelling_hangs_in_the_middle_of_its_outer_walls(west_building: Building) -> None:
    flat = a_dwelling(west_building, floor=5)
    device = a_device(flat)
    assert device.position.equals_exact(flat.walls.centroid, 1e-12)
    assert device.height_m == pytest.approx((flat.base_m + flat.top_m) / 2)
    assert (device.grid, device.home, device.status) == (west_building.grid, "dwelling", "offline")
    assert (device.home_unit, device.home_building) == (flat.unit, west_building)


def test_a_dwelling_without_outer_walls_lends_its_own_middle(west_building: Building) -> None:
    flat = a_dwelling(west_building)
    flat.walls = None
    flat.save()
    assert a_device(flat).position.equals_exact(flat.footprint.centroid, 1e-12)


def test_a_device_of_a_stairwell_is_at_its_entrance(west_building: Building) -> None:
    stairwell = a_dwelling(west_building).unit
    assert a_device(stairwell, "e-1", "ebike_reader").position.equals_exact(west_building.anchor, 1e-12)
    Unit.objects.filter(pk=stairwell.pk).update(entrance=Point(122.6009, 31.0509, srid=4326))
    stairwell.refresh_from_db()
    reader = a_device(stairwell, "e-2", "ebike_reader")
    assert reader.position.coords == (122.6009, 31.0509)
    assert (reader.home_unit, reader.home_building) == (stairwell, west_building)


def test_a_camera_on_a_roof_says_how_high_it_is(west_building: Building) -> None:
    camera = a_device(west_building, "c-1", "falling_object_camera", height_m=18.5)
    assert camera.height_m == 18.5
    assert camera.position.equals_exact(west_building.anchor, 1e-12)
    assert camera.home_unit is None


def test_a_device_in_the_open_belongs_to_the_leaf_grid_around_it(
    community: Community, west: Grid, east: Grid
) -> None:
    def at(lon: float, name: str) -> Grid:
        return a_device(Point(lon, 31.0505, srid=4326), name, "manhole", community).grid

    assert at(122.6015, "m-1") == west
    assert at(122.6035, "m-2") == east
    assert at(122.7, "m-3").kind == Grid.Kind.UNASSIGNED


def test_a_point_off_the_earth_is_refused(community: Community) -> None:
    with pytest.raises(Invalid, match="latitude"):
        a_device(Point(31.05, 122.6, srid=4326), "m-1", "manhole", community)


def test_a_device_has_exactly_one_home(detector: Device, west_building: Building) -> None:
    for wrong in ({"building": west_building}, {"dwelling": None}, {"home": "point"}):
        with pytest.raises(IntegrityError, match="device_has_one_home"), transaction.atomic():
            Device.objects.filter(pk=detector.pk).update(**wrong)


def test_two_devices_with_one_id_are_refused_until_the_first_retires(
    detector: Device, west_building: Building
) -> None:
    with pytest.raises(Conflict, match="'smoke-1'"):
        a_device(west_building)
    retire_device(device=detector)
    assert a_device(west_building).external_id == "smoke-1"


def test_the_same_id_may_be_used_in_another_community(detector: Device) -> None:
    other = found_community(name="另一个社区")
    assert a_device(a_building(other, 122.65)).external_id == detector.external_id


def test_homes_and_kinds_of_another_community_are_refused(
    community: Community, west_building: Building
) -> None:
    other = found_community(name="另一个社区")
    with pytest.raises(Invalid, match="another community"):
        install_device(community=community, kind=a_kind(other), external_id="x", home=west_building)
    with pytest.raises(Invalid, match="another community"):
        install_device(community=other, kind=a_kind(other), external_id="x", home=west_building)


def test_a_device_follows_its_building_into_another_grid_and_so_do_its_open_alarms(
    detector: Device, west_building: Building, west: Grid, east: Grid, told: list[Event]
) -> None:
    alarm = raise_alarm(device=detector, rule=rule_of(detector), at=NOON)
    told.clear()
    place_in_grid(building=west_building, grid=east)
    detector.refresh_from_db()
    alarm.refresh_from_db()
    assert (detector.grid, alarm.grid) == (east, east)
    community_id = detector.community_id
    move = {"community_id": community_id, "from_grid_id": west.pk, "to_grid_id": east.pk}
    assert told == [DeviceMoved(device_id=detector.pk, **move), AlarmMoved(alarm_id=alarm.pk, **move)]


def test_devices_of_stairwells_and_buildings_follow_too_but_retired_ones_stay(
    detector: Device, west_building: Building, west: Grid, east: Grid
) -> None:
    reader = a_device(detector.dwelling.unit, "e-1", "ebike_reader")
    lift = a_device(west_building, "l-1", "lift")
    retire_device(device=detector)
    place_in_grid(building=west_building, grid=east)
    assert set(Device.objects.filter(grid=east)) == {reader, lift}
    assert list(Device.objects.filter(grid=west)) == [detector]


def test_a_new_border_moves_what_stands_in_the_open(
    community: Community, west: Grid, east: Grid, told: list[Event]
) -> None:
    cover = a_device(Point(122.6018, 31.0505, srid=4326), "m-1", "manhole", community)
    alarm = raise_alarm(device=cover, rule=rule_of(cover, "tilt"), at=NOON)
    assert cover.grid == west
    told.clear()
    reshape_grid(grid=west, geometry=box(122.600, 31.050, 122.6015, 31.052))
    cover.refresh_from_db()
    assert cover.grid.kind == Grid.Kind.UNASSIGNED
    reshape_grid(grid=east, geometry=box(122.6015, 31.050, 122.604, 31.052))
    cover.refresh_from_db()
    alarm.refresh_from_db()
    assert (cover.grid, alarm.grid) == (east, east)
    assert [type(event) for event in told] == [DeviceMoved, AlarmMoved] * 2


def test_a_finer_grid_takes_what_stands_in_it_and_gives_it_back(community: Community, west: Grid) -> None:
    cover = a_device(Point(122.6018, 31.0505, srid=4326), "m-1", "manhole", community)
    micro = draw_grid(
        community=community, parent=west, name="微网格", geometry=box(122.6015, 31.050, 122.602, 31.051)
    )
    cover.refresh_from_db()
    assert cover.grid == micro
    end_grid(grid=micro)
    cover.refresh_from_db()
    assert cover.grid == west


def test_a_device_that_is_carried_away_leaves_its_open_alarm_behind(
    detector: Device, east_building: Building, west: Grid, east: Grid, told: list[Event]
) -> None:
    alarm = raise_alarm(device=detector, rule=rule_of(detector), at=NOON)
    flat, told[:] = detector.dwelling, []
    moved = move_device(device=detector, home=a_dwelling(east_building))
    alarm.refresh_from_db()
    assert (moved.grid, alarm.grid, alarm.dwelling) == (east, west, flat)
    assert [type(event) for event in told] == [DeviceMoved]
    move_device(device=moved, home=east_building)
    assert type(told[-1]) is DeviceChanged


def test_a_life_of_a_device_is_told(west_building: Building, told: list[Event]) -> None:
    device = change_device(device=a_device(west_building), name="楼道烟感")
    retire_device(device=device)
    assert [type(event) for event in told] == [DeviceInstalled, DeviceChanged, DeviceRetired]
    assert Device.objects.get().name == "楼道烟感"
    with pytest.raises(Conflict, match="retired"):
        retire_device(device=device)
    with pytest.raises(Invalid, match="Only external_id, kind, name"):
        change_device(device=device, grid=None)


@pytest.mark.parametrize("kind", [k for k in RoleKind if k != RoleKind.STAIRWELL_HEAD])
def test_devices_are_facts(kind: RoleKind, detector: Device, in_role: Callable[..., User]) -> None:
    seen = visible(Device.objects.all(), to=scope_of(in_role(kind)))
    assert list(seen) == ([detector] if OPENS[kind].facts else [])


def test_a_stairwell_head_sees_the_devices_of_the_own_stairwell_only(
    detector: Device, west_building: Building, in_role: Callable[..., User]
) -> None:
    reader = a_device(detector.dwelling.unit, "e-1", "ebike_reader")
    a_device(a_dwelling(west_building, unit="2"), "smoke-2")
    head = in_role(RoleKind.STAIRWELL_HEAD, unit=detector.dwelling.unit)
    assert set(visible(Device.objects.all(), to=scope_of(head))) == {detector, reader}


def test_the_starter_kinds_are_added_once(community: Community) -> None:
    add_starter_kinds(community=community)
    add_starter_kinds(community=community)
    assert DeviceKind.objects.filter(community=community).count() == 11
    severities = dict(AlarmRule.objects.filter(code="alarm").values_list("kind__code", "severity"))
    assert severities == {
        "smoke": 1, "gas": 1, "sos": 1, "lift": 2, "falling_object_camera": 2,
        "ebike_reader": 3, "fire_lane_camera": 3,
    }  # fmt: skip


def test_half_a_rule_is_refused_by_name(community: Community) -> None:
    kind = a_kind(community)
    for half in ({"trigger": "event"}, {"trigger": "threshold", "metric": "co_ppm", "comparison": "gt"}):
        with pytest.raises(IntegrityError, match="alarm_rule_says_what_triggers_it"), transaction.atomic():
            AlarmRule.objects.create(
                community=community, kind=kind, code="half", title="半条规则", severity=1, **half
            )


def test_the_place_of_many_devices_and_alarms_costs_one_query_each(
    detector: Device, west_building: Building, django_assert_num_queries: Callable[..., object]
) -> None:
    reader = a_device(detector.dwelling.unit, "e-1", "ebike_reader")
    for device in (detector, reader, a_device(west_building, "l-1", "lift")):
        raise_alarm(device=device, rule=rule_of(device), at=NOON)
    with django_assert_num_queries(1):
        said = [(d.home_building, d.home_unit, d.kind.code, d.grid.path) for d in Device.objects.with_place()]
    assert len(said) == 3
    with django_assert_num_queries(1):
        told = [(a.address, a.rule.title, a.device.kind, a.grid.path) for a in Alarm.objects.with_place()]
    assert len(told) == 3


def test_a_device_finds_its_dwelling_again_when_its_building_is_cut_anew(
    west_building: Building, told: list[Event]
) -> None:
    cut_building(building=west_building)
    old = Dwelling.objects.get(building=west_building, unit__number="2", room="502")
    device = a_device(old)
    reader = a_device(old.unit, "e-1", "ebike_reader")
    alarm = raise_alarm(device=device, rule=rule_of(device), at=NOON)
    told.clear()
    cut_building(building=west_building, again=True)
    new = Dwelling.objects.standing().get(building=west_building, unit__number="2", room="502")
    for row in (device, reader, alarm):
        row.refresh_from_db()
    assert new.pk != old.pk
    assert (device.dwelling, alarm.dwelling, alarm.unit, reader.unit) == (new, new, new.unit, new.unit)
    assert [type(event) for event in told] == [DeviceChanged, AlarmMoved, DeviceChanged]


def test_a_device_whose_dwelling_is_cut_away_stays_at_its_building(west_building: Building) -> None:
    cut_building(building=west_building)
    device = a_device(Dwelling.objects.get(building=west_building, unit__number="2", room="602"))
    height = device.height_m
    change_building(building=west_building, floors_above=5)
    cut_building(building=west_building, again=True)
    device.refresh_from_db()
    assert (device.home, device.building, device.dwelling) == ("building", west_building, None)
    assert device.height_m == height
