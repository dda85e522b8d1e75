"""Open shifts, and where their workers are. Positions move in frames; the track itself is stored by patrol."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.urls import reverse

from layers.layer import Audience
from layers.live.facts import Fact, Moved, ShiftFact
from layers.live.registry import register
from layers.live.stream import Level, Stream
from twin.access.gate import visible
from twin.base.scope import Scope
from twin.patrol.events import FixesRecorded, ShiftEnded, ShiftStarted
from twin.patrol.models import Shift


def shift_fact(shift: Shift) -> ShiftFact:
    """For a shift read with its worker."""
    position = shift.last_position
    return ShiftFact(
        id=shift.pk,
        grid_id=shift.grid_id,
        worker_id=shift.worker_id,
        worker_name=str(shift.worker),
        photo=reverse("photo", args=[shift.worker_id]) if shift.worker.photo else None,
        started_at=shift.started_at,
        ended_at=shift.ended_at,
        lon=position.x if position else None,
        lat=position.y if position else None,
        at=shift.last_at,
    )


def _snapshot(grids: Collection[int], scope: Scope) -> Iterator[tuple[int, Fact]]:
    rows = Shift.objects.open().filter(grid__in=grids).select_related("worker")
    for shift in visible(rows, to=scope).order_by("pk"):
        yield shift.grid_id, shift_fact(shift)


def _told(events: Sequence[ShiftStarted | ShiftEnded]) -> Iterator[tuple[int, Fact]]:
    rows = Shift.objects.filter(pk__in={event.shift_id for event in events})
    for shift in rows.select_related("worker").order_by("pk"):
        yield shift.grid_id, shift_fact(shift)


def _frame(event: FixesRecorded) -> Iterator[tuple[int, Moved]]:
    if event.newest is not None:
        yield event.grid_id, Moved(event.shift_id, *event.newest)


register(
    Stream(
        name="patrol",
        level=Level.LEAF,
        audience=Audience.GRANTED,
        snapshot=_snapshot,
        facts={ShiftStarted: _told, ShiftEnded: _told},
        frames={FixesRecorded: _frame},
    )
)
