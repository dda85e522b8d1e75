"""Recording fixes: one COPY, one INSERT and one UPDATE per shift, however many fixes come.

Which shift a fix belongs to is decided by its own time, for phones send late and twice. Where the phone's clock cannot be
right (before 2020, or more than a day ahead), that time says nothing, so the server's clock decides: while the shift is open
the fix is kept with its reason, for it was handed over on shift; it moves nothing on the map and counts in no track.
Otherwise it is dropped like every fix outside a shift. Nothing outside a shift is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.contrib.gis.geos import Point
from django.db.models import F
from django.utils import timezone

from twin.accounts.models import User
from twin.base.errors import NotVisible
from twin.base.events import emit
from twin.base.verbs import verb
from twin.patrol.actions.copying import copy_fixes
from twin.patrol.arrival import MICROSECOND, Fixes, Flags, Integers, microseconds, moment
from twin.patrol.events import FixesRecorded, Newest
from twin.patrol.models import GRACE, Shift
from twin.patrol.tracks import AHEAD, EARLIEST

GRACE_US = GRACE // MICROSECOND
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch: newly stored, stored before, and dropped because taken outside every shift."""

    accepted: int
    known: int
    dropped: int


@verb
def record_fixes(
    *, worker: User, fixes: Fixes, shift_id: int | None = None, received_at: datetime | None = None
) -> Recorded:
    """Store a worker's fixes in the shifts that they were taken in. Sending them again changes nothing.

    `shift_id` is the one that the phone names: drops are counted there, and fixes with an impossible clock belong to it.
    Without it they belong to the shift that is open. Raises NotVisible if the shift is not the worker's.
    """
    now = received_at or timezone.now()
    believable = (fixes.at_us >= microseconds(EARLIEST)) & (fixes.at_us <= microseconds(now + AHEAD))
    shifts = _shifts_around(worker, fixes.at_us[believable], now, shift_id)
    if shift_id is not None and all(its.pk != shift_id for its in shifts):
        raise NotVisible("There is no such shift of yours.", where="shift")
    owner = _owners(shifts, fixes, believable, now, shift_id)
    kept = np.flatnonzero(owner != NOWHERE)
    ids = np.array([s.pk for s in shifts] or [0], dtype=np.int64)
    stored = copy_fixes(
        sender=worker.pk,
        shift_ids=ids[owner[kept]],
        fixes=fixes.take(kept),
        clock_wrong=~believable[kept],
        received_at=now,
    )
    for index, its in enumerate(shifts):
        telling = (owner == index) & believable & _telling(fixes)
        _advance(its, fixes.take(np.flatnonzero(telling)), stored.get(its.pk, 0), now)
    dropped = len(fixes) - len(kept)
    if dropped and shift_id is not None:
        Shift.objects.filter(pk=shift_id).update(dropped_count=F("dropped_count") + dropped)
    accepted = sum(stored.values())
    return Recorded(accepted=accepted, known=len(kept) - accepted, dropped=dropped)


def _shifts_around(worker: User, at_us: Integers, now: datetime, named: int | None) -> list[Shift]:
    """The worker's shifts that these fixes may belong to, locked: two batches of one phone queue, and a shift cannot end
    between the question and the write."""
    times = [now, *(moment(t) for t in (at_us.min(), at_us.max()))] if len(at_us) else [now]
    around = Shift.objects.open_within(min(times) - GRACE, max(times) + GRACE)
    if named is not None:
        around |= Shift.objects.filter(pk=named)
    return list(around.filter(worker=worker).select_for_update(no_key=True).order_by("started_at"))


def _owners(
    shifts: list[Shift], fixes: Fixes, believable: Flags, now: datetime, named: int | None
) -> Integers:
    """For every fix the index of its shift, or NOWHERE. A shift that holds it goes before one that nearly does."""
    owner = np.full(len(fixes), NOWHERE, dtype=np.int64)
    for grace in (0, GRACE_US):
        for index, shift in enumerate(shifts):
            inside = believable & (fixes.at_us >= microseconds(shift.started_at) - grace)
            if shift.ended_at is not None:
                inside &= fixes.at_us <= microseconds(shift.ended_at) + grace
            owner[inside & (owner == NOWHERE)] = index
    for index, shift in enumerate(shifts):
        open_now = shift.ended_at is None and shift.started_at <= now
        if open_now and (named is None or named == shift.pk):
            owner[~believable] = index
    return owner


def _telling(fixes: Fixes) -> Flags:
    """Which fixes say where somebody is: (0, 0) is a receiver without a fix, and a mocked position is a lie."""
    return ~fixes.mocked & ~((fixes.lon == 0) & (fixes.lat == 0))


def _advance(shift: Shift, telling: Fixes, stored: int, now: datetime) -> None:
    """Write what the stored fixes change about their shift, and tell."""
    if not stored:
        return
    newest = _newest(telling, now)
    if newest is not None and shift.last_at is not None and newest.at <= shift.last_at.timestamp():
        newest = None
    if newest is not None:
        shift.last_position = Point(newest.lon, newest.lat, srid=4326)
        shift.last_at = datetime.fromtimestamp(newest.at, UTC)
    shift.fix_count += stored
    shift.save(update_fields=["fix_count", "last_position", "last_at"])
    emit(
        FixesRecorded(
            community_id=shift.community_id, shift_id=shift.pk, grid_id=shift.grid_id, newest=newest
        )
    )


def _newest(telling: Fixes, now: datetime) -> Newest | None:
    """The latest position. A phone whose clock is fast has been nowhere yet after now."""
    if not len(telling):
        return None
    last = np.lexsort((telling.seq, telling.at_us))[-1]
    at = min(moment(telling.at_us[last]), now).timestamp()
    accuracy = float(telling.accuracy_m[last])
    return Newest(
        float(telling.lon[last]), float(telling.lat[last]), at, None if np.isnan(accuracy) else accuracy
    )
