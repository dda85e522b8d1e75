from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.devices.homes import a_device, a_dwelling, rule_of
from twin.access.gate import visible
from twin.access.models import AuditEntry
from twin.access.roles import MAY_HANDLE_ALARMS, RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import Event
from twin.devices.actions import acknowledge, clear_alarm, close, raise_alarm
from twin.devices.events import AlarmAcknowledged, AlarmCleared, AlarmClosed, AlarmRaised, AlarmRepeated
from twin.devices.models import NEXT, Alarm, Device
from twin.places.models import Building, Grid

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def alarm_of(device: Device, at: datetime = NOON, rule: str = "alarm") -> Alarm:
    return raise_alarm(device=device, rule=rule_of(device, rule), at=at)


def test_an_alarm_is_where_its_device_is(detector: Device, west: Grid, west_building: Building) -> None:
    alarm = alarm_of(detector)
    assert (alarm.condition, alarm.handling, alarm.severity, alarm.count) == ("ACTIVE", "NEW", 1, 1)
    assert (alarm.grid, alarm.building, alarm.dwelling) == (west, west_building, detector.dwelling)
    assert alarm.unit == detector.dwelling.unit
    assert alarm.position == detector.position
    assert alarm.height_m == detector.height_m == pytest.approx(2.9 * 5.5)
    assert alarm.address == "海棠路100弄1号楼1单元501室"


def test_raising_again_adds_to_the_open_alarm(detector: Device, told: list[Event]) -> None:
    first = alarm_of(detector)
    again = alarm_of(detector, minutes(5))
    assert again.pk == first.pk
    assert (again.count, again.first_at, again.last_at) == (2, NOON, minutes(5))
    assert [type(event) for event in told] == [AlarmRaised, AlarmRepeated]
    assert told[0] == AlarmRaised(
        community_id=detector.community_id, alarm_id=first.pk, grid_id=detector.grid_id,
        device_id=detector.pk, dwelling_id=detector.dwelling_id,
    )  # fmt: skip


def test_a_repeat_that_arrives_late_counts_but_moves_no_time_forward(detector: Device) -> None:
    alarm_of(detector, minutes(5))
    late = alarm_of(detector, minutes(1))
    assert (late.count, late.first_at, late.last_at) == (2, minutes(1), minutes(5))


def test_another_rule_of_the_same_device_is_another_alarm(detector: Device) -> None:
    assert alarm_of(detector).pk != alarm_of(detector, rule="low_battery").pk


def test_a_rule_of_another_kind_is_refused(detector: Device, west_building: Building) -> None:
    button = a_device(west_building, "sos-1", kind="sos")
    with pytest.raises(Invalid, match="no rule for"):
        raise_alarm(device=detector, rule=rule_of(button), at=NOON)


def test_a_device_that_clears_does_not_close_the_handling(detector: Device, told: list[Event]) -> None:
    raised = alarm_of(detector)
    cleared = clear_alarm(device=detector, rule=rule_of(detector), at=minutes(3))
    assert cleared is not None
    assert (cleared.pk, cleared.condition, cleared.cleared_at) == (raised.pk, "CLEARED", minutes(3))
    assert (cleared.handling, cleared.closed_at) == ("NEW", None)
    assert clear_alarm(device=detector, rule=rule_of(detector), at=minutes(4)) is None
    assert [type(event) for event in told] == [AlarmRaised, AlarmCleared]


def test_an_all_clear_from_before_the_last_alarm_clears_nothing(detector: Device) -> None:
    alarm_of(detector, minutes(5))
    assert clear_alarm(device=detector, rule=rule_of(detector), at=minutes(4)) is None


def test_an_alarm_that_comes_back_is_active_again(detector: Device) -> None:
    alarm_of(detector)
    clear_alarm(device=detector, rule=rule_of(detector), at=minutes(3))
    assert alarm_of(detector, minutes(2)).condition == "CLEARED"  # late: it was over since
    back = alarm_of(detector, minutes(4))
    assert (back.condition, back.cleared_at, back.count) == ("ACTIVE", None, 3)


def test_after_closing_the_next_alarm_is_a_new_one(detector: Device, officer: User) -> None:
    first = alarm_of(detector)
    acknowledge(alarm=first, by=officer)
    close(alarm=first, by=officer, truth="misuse", note="油烟")
    second = alarm_of(detector, minutes(30))
    assert second.pk != first.pk
    assert (second.count, second.handling) == (1, "NEW")


def test_two_open_alarms_of_one_device_and_rule_are_refused_by_name(detector: Device) -> None:
    alarm = alarm_of(detector)
    alarm.pk = None
    with pytest.raises(IntegrityError, match="one_open_alarm_per_device_and_rule"), transaction.atomic():
        alarm.save(force_insert=True)


def test_acknowledging_says_who_and_when_and_is_audited(
    detector: Device, officer: User, told: list[Event]
) -> None:
    alarm = acknowledge(alarm=alarm_of(detector), by=officer)
    assert (alarm.handling, alarm.acked_by) == ("ACKED", officer)
    assert alarm.acked_at is not None
    entry = AuditEntry.objects.get(action="alarm.acknowledge")
    assert (entry.by, entry.subject) == (officer, f"devices.Alarm:{alarm.pk}")
    assert told[-1] == AlarmAcknowledged(
        community_id=alarm.community_id, alarm_id=alarm.pk, grid_id=alarm.grid_id, by_id=officer.pk
    )


def test_closing_says_what_it_was_and_is_audited(detector: Device, officer: User, told: list[Event]) -> None:
    alarm = acknowledge(alarm=alarm_of(detector), by=officer)
    close(alarm=alarm, by=officer, truth="real", note="  灶台起火，已扑灭  ")
    alarm.refresh_from_db()
    assert (alarm.handling, alarm.truth, alarm.note) == ("CLOSED", "real", "灶台起火，已扑灭")
    assert (alarm.condition, alarm.closed_by) == ("ACTIVE", officer)
    assert AuditEntry.objects.get(action="alarm.close").detail == {"truth": "real"}
    assert type(told[-1]) is AlarmClosed


@pytest.mark.parametrize(
    ("truth", "note", "where"),
    [
        ("", "一切正常", "truth"),
        ("false", "一切正常", "truth"),
        ("real", " ", "note"),
        ("real", "长" * 2001, "note"),
    ],
    ids=["no truth", "another truth", "no note", "a novel"],
)
def test_closing_needs_a_truth_and_a_note(
    detector: Device, officer: User, truth: str, note: str, where: str
) -> None:
    alarm = acknowledge(alarm=alarm_of(detector), by=officer)
    with pytest.raises(Invalid) as refused:
        close(alarm=alarm, by=officer, truth=truth, note=note)
    assert refused.value.where == where
    assert Alarm.objects.get().handling == "ACKED"


def test_what_nobody_has_acknowledged_cannot_be_closed(detector: Device, officer: User) -> None:
    with pytest.raises(Conflict, match="is new; from there it can become acknowledged, not closed"):
        close(alarm=alarm_of(detector), by=officer, truth="real", note="已到场")


def test_what_is_closed_stays_closed(detector: Device, officer: User) -> None:
    alarm = acknowledge(alarm=alarm_of(detector), by=officer)
    close(alarm=alarm, by=officer, truth="test", note="月度测试")
    with pytest.raises(Conflict, match="is closed; from there it can become nothing"):
        acknowledge(alarm=alarm, by=officer)
    with pytest.raises(Conflict):
        close(alarm=alarm, by=officer, truth="real", note="再次")


def test_the_table_of_steps_knows_every_state_and_ends_in_closed() -> None:
    assert set(NEXT) == set(Alarm.Handling.values)
    assert [state for state, following in NEXT.items() if not following] == ["CLOSED"]


@pytest.mark.parametrize("kind", [k for k in RoleKind if k != RoleKind.STAIRWELL_HEAD])
def test_only_roles_that_handle_alarms_may_acknowledge(
    kind: RoleKind, detector: Device, in_role: Callable[..., User]
) -> None:
    alarm, user = alarm_of(detector), in_role(kind)
    if kind in MAY_HANDLE_ALARMS:
        acknowledge(alarm=alarm, by=user)
    else:
        with pytest.raises(NotVisible):
            acknowledge(alarm=alarm, by=user)
    assert Alarm.objects.get().handling == ("ACKED" if kind in MAY_HANDLE_ALARMS else "NEW")


def test_a_worker_of_another_grid_may_neither_see_nor_acknowledge(
    detector: Device, east: Grid, west: Grid, in_role: Callable[..., User]
) -> None:
    alarm = alarm_of(detector)
    neighbour, own = (in_role(RoleKind.GRID_WORKER, grid=grid) for grid in (east, west))
    assert list(visible(Alarm.objects.all(), to=scope_of(own))) == [alarm]
    assert not visible(Alarm.objects.all(), to=scope_of(neighbour)).exists()
    with pytest.raises(NotVisible):
        acknowledge(alarm=alarm, by=neighbour)


def test_a_stairwell_head_sees_the_alarms_of_the_own_stairwell_only(
    detector: Device, west_building: Building, in_role: Callable[..., User]
) -> None:
    own = alarm_of(detector)
    alarm_of(a_device(a_dwelling(west_building, unit="2"), "smoke-2"))
    alarm_of(a_device(west_building, "lift-1", kind="lift"))
    head = in_role(RoleKind.STAIRWELL_HEAD, unit=detector.dwelling.unit)
    assert list(visible(Alarm.objects.all(), to=scope_of(head))) == [own]


def test_the_bell_counts_what_nobody_has_taken_on(
    detector: Device, west_building: Building, officer: User
) -> None:
    alarm = alarm_of(detector)
    other = alarm_of(a_device(west_building, "lift-1", kind="lift"))
    acknowledge(alarm=alarm, by=officer)
    assert list(Alarm.objects.pending()) == [other]
    assert set(Alarm.objects.open()) == {alarm, other}
