"""What a device raises and clears, in sets: a storm is one statement. What people do with an alarm is in `handling.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from twin.base.errors import Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.devices.events import AlarmCleared, AlarmRaised, AlarmRepeated
from twin.devices.models import Alarm, AlarmRule, Device

# The partial unique index decides between two processes: whoever comes second adds to the count of the first. A repeat
# that is older than the last "all clear" (it came late) is counted, but does not bring the alarm back.
RAISE = """
    INSERT INTO devices_alarm AS alarm (
        community_id, device_id, rule_id, grid_id, building_id, unit_id, dwelling_id, position, height_m,
        severity, condition, handling, count, first_at, last_at, truth, note
    )
    SELECT device.community_id, device.id, rule.id, device.grid_id,
           COALESCE(dwelling.building_id, unit.building_id, device.building_id),
           COALESCE(dwelling.unit_id, device.unit_id), device.dwelling_id, device.position, device.height_m,
           rule.severity, 'ACTIVE', 'NEW', hit.times, hit.first_at, hit.last_at, '', ''
    FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[], %s::timestamptz[])
         AS hit (device_id, rule_id, times, first_at, last_at)
    JOIN devices_device AS device ON device.id = hit.device_id
    JOIN devices_alarmrule AS rule ON rule.id = hit.rule_id
    LEFT JOIN places_dwelling AS dwelling ON dwelling.id = device.dwelling_id
    LEFT JOIN places_unit AS unit ON unit.id = device.unit_id
    ORDER BY device.id, rule.id
    ON CONFLICT (device_id, rule_id) WHERE closed_at IS NULL DO UPDATE SET
        count = alarm.count + excluded.count,
        first_at = LEAST(alarm.first_at, excluded.first_at),
        last_at = GREATEST(alarm.last_at, excluded.last_at),
        condition = CASE WHEN alarm.cleared_at > excluded.last_at THEN alarm.condition ELSE 'ACTIVE' END,
        cleared_at = CASE WHEN alarm.cleared_at > excluded.last_at THEN alarm.cleared_at END
    RETURNING id, community_id, grid_id, device_id, dwelling_id, xmax = 0 AS is_new
"""
CLEAR = """
    UPDATE devices_alarm AS alarm SET condition = 'CLEARED', cleared_at = calm.at
    FROM (
        SELECT open.id, said.at
        FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS said (device_id, rule_id, at)
        JOIN devices_alarm AS open ON open.device_id = said.device_id AND open.rule_id = said.rule_id
        WHERE open.closed_at IS NULL AND open.condition = 'ACTIVE' AND open.last_at <= said.at
        ORDER BY open.id
        FOR NO KEY UPDATE OF open
    ) AS calm
    WHERE alarm.id = calm.id
    RETURNING alarm.id, alarm.community_id, alarm.grid_id
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A device met a rule `times` times, from `first_at` to `last_at` (UTC)."""

    device_id: int
    rule_id: int
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Calm:
    """A device says that a rule is met no longer, as of `at` (UTC)."""

    device_id: int
    rule_id: int
    at: datetime


@verb
def raise_alarm(*, device: Device, rule: AlarmRule, at: datetime, times: int = 1) -> Alarm:
    """A device met a rule at that moment (UTC): a new alarm, or one more time of the one that is open.

    Raises Invalid for a rule of another device kind.
    """
    if rule.kind_id != device.kind_id:
        raise Invalid("%(rule)s is no rule for %(device)s.", rule=rule, device=device, where="rule")
    hold_devices([device.pk])
    [alarm_id] = raise_alarms([Hit(device.pk, rule.pk, times, at, at)])
    return Alarm.objects.with_place().get(pk=alarm_id)


@verb
def clear_alarm(*, device: Device, rule: AlarmRule, at: datetime) -> Alarm | None:
    """The device says that it is over, as of that moment (UTC). People still have to close it. None: nothing was active,
    or it has been raised again since."""
    cleared = clear_alarms([Calm(device.pk, rule.pk, at)])
    return Alarm.objects.with_place().get(pk=cleared[0]) if cleared else None


def hold_devices(device_ids: Iterable[int]) -> None:
    """Keep these devices where they are until the transaction ends, in order of id so that two writers queue rather than
    deadlock: an alarm must not be raised in a grid that its device is just leaving."""
    list(
        Device.objects.filter(pk__in=device_ids)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk")
    )


def raise_alarms(hits: list[Hit]) -> list[int]:
    """Raise or repeat one alarm per hit; each (device, rule) at most once. The devices are held. Returns alarm ids."""
    if not hits:
        return []
    columns = [[getattr(hit, column) for hit in hits] for column in Hit.__slots__]
    rows = _run(RAISE, columns)
    for alarm_id, community_id, grid_id, device_id, dwelling_id, is_new in rows:
        if is_new:
            emit(
                AlarmRaised(
                    community_id=community_id,
                    alarm_id=alarm_id,
                    grid_id=grid_id,
                    device_id=device_id,
                    dwelling_id=dwelling_id,
                )
            )
        else:
            emit(AlarmRepeated(community_id=community_id, alarm_id=alarm_id, grid_id=grid_id))
    return [row[0] for row in rows]


def clear_alarms(calms: list[Calm]) -> list[int]:
    """Clear the open alarms that these end. Returns the ids of those that were active."""
    if not calms:
        return []
    rows = _run(CLEAR, [[getattr(calm, column) for calm in calms] for column in Calm.__slots__])
    for alarm_id, community_id, grid_id in rows:
        emit(AlarmCleared(community_id=community_id, alarm_id=alarm_id, grid_id=grid_id))
    return [row[0] for row in rows]


def _run(statement: str, parameters: list[list[Any]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
