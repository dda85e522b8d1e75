from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from twin.access.roles import MAY_PATROL
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import emit
from twin.base.verbs import verb
from twin.patrol.events import ShiftEnded, ShiftStarted
from twin.patrol.models import Shift
from twin.patrol.querysets import SUPERVISES_PATROLS
from twin.places.actions.holding import hold_grids
from twin.places.models import Grid


@verb
def start_shift(*, worker: User, grid: Grid, at: datetime | None = None) -> Shift:
    """Put a worker on shift in a leaf grid, from `at` (UTC, default now): from here on positions are stored.

    Raises NotVisible unless the worker may patrol there, Invalid for a grid that is no leaf, Conflict while another shift of
    the worker is open.
    """
    if not scope_of(worker).holds(MAY_PATROL, grid.path):
        raise NotVisible("%(grid)s is not among the grids where you patrol.", grid=grid, where="grid")
    hold_grids(grid.community_id)
    if not Grid.objects.leaves().filter(pk=grid.pk).exists():
        raise Invalid(
            "%(grid)s is divided further or has ended; a shift belongs to one leaf grid.",
            grid=grid,
            where="grid",
        )
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                community_id=grid.community_id, worker=worker, grid=grid, started_at=at or timezone.now()
            )
    except IntegrityError as error:
        if "one_open_shift_per_worker" not in str(error):
            raise
        raise Conflict(
            "%(worker)s is on shift already; end that shift first.", worker=worker, code="already_on_shift"
        ) from error
    emit(ShiftStarted(community_id=shift.community_id, shift_id=shift.pk, grid_id=shift.grid_id))
    return shift


@verb
def end_shift(*, shift: Shift, by: User, at: datetime | None = None) -> Shift:
    """End a shift, at `at` (UTC, default now). The worker may, and whoever supervises the grid; even a worker whose role
    has ended may end the shift that is still open.

    Raises NotVisible for everybody else, Conflict if it has ended already, Invalid for an end before the start.
    """
    shift = Shift.objects.select_for_update(of=["self"]).select_related("grid", "worker").get(pk=shift.pk)
    if by.pk != shift.worker_id and not scope_of(by).holds(SUPERVISES_PATROLS, shift.grid.path):
        raise NotVisible("There is nothing here for you.")
    if shift.ended_at is not None:
        raise Conflict("This shift has ended already.", code="already_ended")
    if at is not None and at <= shift.started_at:
        raise Invalid("A shift ends after it starts.", where="at")
    close_shift(shift=shift, at=at)
    return shift


@verb
def close_shift(*, shift: Shift, at: datetime | None = None) -> None:
    """End an open shift that is locked, whoever asks: for other verbs, not for people."""
    shift.ended_at = at or max(timezone.now(), shift.started_at + timedelta(microseconds=1))
    shift.save(update_fields=["ended_at"])
    emit(ShiftEnded(community_id=shift.community_id, shift_id=shift.pk, grid_id=shift.grid_id))
