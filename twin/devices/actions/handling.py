"""What people do with an alarm. Each step is checked against the one table of steps (`models.NEXT`) and audited."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as say_later

from twin.access.actions import record
from twin.access.roles import MAY_HANDLE_ALARMS
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import emit
from twin.base.verbs import verb
from twin.devices.events import AlarmAcknowledged, AlarmClosed
from twin.devices.models import NEXT, Alarm

NOTE_LENGTH = 2000


@verb
def acknowledge(*, alarm: Alarm, by: User) -> Alarm:
    """Somebody has seen the alarm and takes it on.

    Raises NotVisible for somebody who may not handle alarms in its grid, Conflict unless it is new.
    """
    current = _handled(alarm, by, Alarm.Handling.ACKED)
    current.acked_at, current.acked_by = timezone.now(), by
    current.save(update_fields=["handling", "acked_at", "acked_by"])
    record(by=by, action="alarm.acknowledge", community=current.community, subject=current)
    emit(
        AlarmAcknowledged(
            community_id=current.community_id, alarm_id=current.pk, grid_id=current.grid_id, by_id=by.pk
        )
    )
    return current


@verb
def close(*, alarm: Alarm, by: User, truth: str, note: str) -> Alarm:
    """The alarm is dealt with: say what it was, and what was found.

    Raises Invalid without a truth class or a note, NotVisible for somebody who may not handle alarms in its grid, Conflict
    for one that nobody has acknowledged or that is closed already.
    """
    if truth not in Alarm.Truth.values:
        raise Invalid("Say what it was: one of %(known)s.", known=Alarm.Truth.values, where="truth")
    note = note.strip()
    if not note or len(note) > NOTE_LENGTH:
        raise Invalid("Say what was found, in 1 to %(most)s characters.", most=NOTE_LENGTH, where="note")
    current = _handled(alarm, by, Alarm.Handling.CLOSED)
    current.closed_at, current.closed_by = timezone.now(), by
    current.truth, current.note = truth, note
    current.save(update_fields=["handling", "closed_at", "closed_by", "truth", "note"])
    record(by=by, action="alarm.close", community=current.community, subject=current, detail={"truth": truth})
    emit(
        AlarmClosed(
            community_id=current.community_id, alarm_id=current.pk, grid_id=current.grid_id, by_id=by.pk
        )
    )
    return current


def _handled(alarm: Alarm, by: User, step: str) -> Alarm:
    """The alarm as it is now, locked and moved to `step`, unless the table or the person's rights forbid it."""
    current: Alarm = Alarm.objects.with_place().select_for_update(of=("self",)).get(pk=alarm.pk)
    if not scope_of(by).holds(MAY_HANDLE_ALARMS, current.grid.path):
        raise NotVisible("There is nothing here for you.")
    if step not in NEXT[current.handling]:
        allowed = [Alarm.Handling(step).label for step in sorted(NEXT[current.handling])]
        raise Conflict(
            "Alarm %(alarm)s is %(handling)s; from there it can become %(allowed)s, not %(step)s.",
            alarm=current.pk,
            handling=Alarm.Handling(current.handling).label,
            allowed=allowed or say_later("nothing"),
            step=Alarm.Handling(step).label,
            where="handling",
        )
    current.handling = step
    return current
