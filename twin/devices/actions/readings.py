from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from twin.base.errors import Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.devices.actions.alarms import Calm, Hit, clear_alarms, raise_alarms
from twin.devices.events import DeviceCameOnline
from twin.devices.judging import Said, judge
from twin.devices.models import AlarmRule, Device, Reading
from twin.places.models import Community

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
LOOK_AHEAD = 10_000
"""So many known readings are judged again when some come late: the newest ones, which have the last word."""
INCOMING = """
    CREATE TEMPORARY TABLE IF NOT EXISTS devices_reading_incoming (
        device_id bigint, at timestamptz, seq bigint, received_at timestamptz, "values" jsonb, event text, reason text
    ) ON COMMIT DELETE ROWS;
    DELETE FROM devices_reading_incoming  -- a second upload in the same transaction
"""
COPY = 'COPY devices_reading_incoming (device_id, at, seq, received_at, "values", event, reason) FROM STDIN'
# In order of the key, so that two uploads of the same readings queue rather than deadlock.
KEEP = """
    INSERT INTO devices_reading (device_id, at, seq, received_at, "values", event, reason)
    SELECT device_id, at, seq, received_at, "values", event, reason FROM devices_reading_incoming
    ORDER BY device_id, at, seq
    ON CONFLICT DO NOTHING
    RETURNING device_id, at, seq
"""
# Readings that come late add what is not known yet, and overwrite nothing newer.
NOTE = """
    UPDATE devices_device AS device
    SET state = 'online', last_seen_at = GREATEST(device.last_seen_at, %s),
        last_values = CASE WHEN device.values_at > said.at THEN said.measured || device.last_values
                           ELSE device.last_values || said.measured END,
        values_at = GREATEST(device.values_at, said.at)
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::jsonb[]) AS said (device_id, at, measured)
    WHERE device.id = said.device_id
"""

Key = tuple[int, datetime, int]
"""Device, time and number: what makes a reading the same one."""


@dataclass(frozen=True, slots=True)
class NewReading:
    """What a device said. `device` is its own id; `at` its own clock, with zone; `seq` counts its readings (None: it does not
    count); `values` are finite numbers by metric; `event` a word such as "alarm" or "clear"."""

    device: str
    at: datetime
    seq: int | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    event: str = ""

    def number(self) -> int:
        """`seq`, or a negative number made from the content: without a count, two readings of the same second are the same
        only if they say the same."""
        if self.seq is not None:
            return self.seq
        said = json.dumps([dict(self.values), self.event], sort_keys=True).encode()
        return -1 - (int.from_bytes(sha256(said).digest()[:8]) >> 1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many readings are new, how many were known already, and the alarms raised or repeated."""

    accepted: int
    duplicates: int
    alarm_ids: tuple[int, ...]


@verb
def record_readings(
    *, community: Community, readings: Sequence[NewReading], received_at: datetime | None = None
) -> Recorded:
    """Keep what devices said, all or nothing, and raise or clear the alarms that follow. Sent twice it changes nothing.

    Raises Invalid, naming the reading, for a device that this community does not have.
    """
    now = received_at or timezone.now()
    devices = _hold(community, readings)
    rows: dict[Key, NewReading] = {}
    for reading in readings:
        rows.setdefault((devices[reading.device].pk, reading.at.astimezone(UTC), reading.number()), reading)
    fresh = _keep(rows, now)
    said: dict[int, list[Said]] = defaultdict(list)
    for (device_id, at, _), reading in rows.items():
        if (device_id, at, reading.number()) in fresh:
            said[device_id].append(Said(_believable(at, now), reading.values, reading.event))
    heard = [device for device in devices.values() if device.pk in said]
    _add_what_came_after(heard, said, fresh)
    for device in heard:
        said[device.pk].sort(key=lambda one: one.at)
    alarm_ids = _judge(heard, said)
    _note(heard, said, now)
    return Recorded(len(fresh), len(readings) - len(fresh), tuple(alarm_ids))


def _hold(community: Community, readings: Sequence[NewReading]) -> dict[str, Device]:
    """The devices by their own id, locked in order of id: uploads for the same devices queue, and nobody moves them."""
    names = {reading.device for reading in readings}
    rows = Device.objects.standing().filter(community=community, external_id__in=names)
    known = {d.external_id: d for d in rows.order_by("pk").select_for_update(no_key=True)}
    for index, reading in enumerate(readings):
        if reading.device not in known:
            raise Invalid(
                "Device '%(device)s' is not known here.",
                device=reading.device,
                where=f"readings[{index}].device",
            )
    return known


def _keep(rows: Mapping[Key, NewReading], now: datetime) -> set[Key]:
    """Write the rows that are not there yet; returns their keys."""
    with connection.cursor() as cursor:
        cursor.execute(INCOMING)
        with cursor.copy(COPY) as copy:
            for (device_id, at, number), reading in rows.items():
                values = json.dumps(dict(reading.values), allow_nan=False)
                copy.write_row((device_id, at, number, now, values, reading.event, _reason(at, now)))
        cursor.execute(KEEP)
        return set(cursor.fetchall())


def _reason(at: datetime, now: datetime) -> str:
    if at < EARLIEST:
        return Reading.Reason.CLOCK_BEHIND
    return Reading.Reason.CLOCK_AHEAD if at > now + AHEAD else ""


def _believable(at: datetime, now: datetime) -> datetime:
    """When it happened: the device's time, or that of its arrival if the device's is before 2020 or has not come yet."""
    return at if EARLIEST <= at <= now else now


def _add_what_came_after(devices: Sequence[Device], said: Mapping[int, list[Said]], fresh: set[Key]) -> None:
    """A reading may arrive after what the device said later, and an alarm that is over by then must not glow for ever. Where
    that is so, what is known from that time on is judged with it."""
    late = {d.pk: min(one.at for one in said[d.pk]) for d in devices}
    late = {d.pk: late[d.pk] for d in devices if d.values_at and d.values_at > late[d.pk]}
    if not late:
        return
    since = Q()
    for device_id, at in late.items():
        since |= Q(device=device_id, at__gte=at)
    for row in Reading.objects.filter(since, reason="").order_by("-at")[:LOOK_AHEAD]:
        if (row.device_id, row.at, row.seq) not in fresh:
            at = _believable(row.at, row.received_at)
            said[row.device_id].append(Said(at, row.values, row.event, known=True))


def _judge(devices: Sequence[Device], said: Mapping[int, list[Said]]) -> list[int]:
    """Raise and clear what the rules say; returns the ids of alarms raised or repeated."""
    rules: dict[int, list[AlarmRule]] = defaultdict(list)
    for rule in AlarmRule.objects.in_force().filter(kind__in={device.kind_id for device in devices}):
        rules[rule.kind_id].append(rule)
    hits: list[Hit] = []
    calms: list[Calm] = []
    for device in devices:
        for rule in rules[device.kind_id]:
            verdict = judge(rule, said[device.pk])
            if verdict.first_at and verdict.last_at:
                hits.append(Hit(device.pk, rule.pk, verdict.times, verdict.first_at, verdict.last_at))
            if verdict.cleared_at:
                calms.append(Calm(device.pk, rule.pk, verdict.cleared_at))
    raised = raise_alarms(hits)
    clear_alarms(calms)
    return raised


def _note(devices: Sequence[Device], said: Mapping[int, list[Said]], now: datetime) -> None:
    """The devices have been heard of; their last values are the newest of each metric."""
    if not devices:
        return
    values = [
        json.dumps({metric: value for one in said[d.pk] for metric, value in one.values.items()})
        for d in devices
    ]
    newest = [said[d.pk][-1].at for d in devices]
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [now, [d.pk for d in devices], newest, values])
    for device in devices:
        if device.state == Device.State.OFFLINE:
            emit(
                DeviceCameOnline(
                    community_id=device.community_id, device_id=device.pk, grid_id=device.grid_id
                )
            )
