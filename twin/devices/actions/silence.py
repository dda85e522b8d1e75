from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from twin.base.events import emit
from twin.base.verbs import verb
from twin.devices.actions.alarms import Hit, raise_alarms
from twin.devices.events import DeviceWentOffline
from twin.devices.models import AlarmRule, Device, Listening

BREAK = timedelta(minutes=3)
"""The twin listens every minute; after a longer pause it was down, and begins anew."""


@verb
def go_on_listening(*, now: datetime | None = None) -> datetime:
    """Say that the twin listens, and since when without a break (UTC)."""
    moment = now or timezone.now()
    row, begun = Listening.objects.select_for_update().get_or_create(
        pk=1, defaults={"since": moment, "last_at": moment}
    )
    if not begun:
        if moment - row.last_at > BREAK:
            row.since = moment
        row.last_at = max(moment, row.last_at)
        row.save()
    return row.since


@verb
def mark_silent_devices(*, now: datetime | None = None, listening_since: datetime | None = None) -> list[int]:
    """Devices that have been silent for longer than their kind allows are offline, and their offline rules are met.
    Silence counts from `listening_since` on. Returns their ids."""
    moment = now or timezone.now()
    silent = Device.objects.silent_at(moment, listening_since).order_by("pk")
    devices = list(silent.select_for_update(of=("self",), no_key=True))
    Device.objects.filter(pk__in=[d.pk for d in devices]).update(state=Device.State.OFFLINE)
    rules = AlarmRule.objects.in_force().filter(trigger=AlarmRule.Trigger.OFFLINE)
    rules_of: dict[int, list[int]] = {}
    for rule_id, kind_id in rules.filter(kind__in={d.kind_id for d in devices}).values_list("pk", "kind"):
        rules_of.setdefault(kind_id, []).append(rule_id)
    for device in devices:
        emit(DeviceWentOffline(community_id=device.community_id, device_id=device.pk, grid_id=device.grid_id))
    raise_alarms(
        [Hit(d.pk, rule_id, 1, moment, moment) for d in devices for rule_id in rules_of.get(d.kind_id, [])]
    )
    return [device.pk for device in devices]
