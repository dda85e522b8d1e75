"""The track of a shift: its raw fixes, judged and measured when somebody asks. The raw ones are kept as they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from gis.track import CleanTrack, Fixes, clean
from twin.patrol.models import GRACE, Shift
from twin.patrol.querysets import FixQuerySet

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
"""Before that, and more than `AHEAD` after now, no clock is believed."""
AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Track:
    """Raw fixes in order of time, and what they amount to: `cleaned.reasons` has one entry for each."""

    fixes: Fixes
    cleaned: CleanTrack


def track_of(shift: Shift, rows: FixQuerySet) -> Track:
    """The track of a shift from these (already scoped) fixes of it."""
    columns: Sequence[Sequence[Any]] = (
        list(
            zip(
                *rows.with_lonlat()
                .order_by("at", "seq")
                .values_list("at", "lon", "lat", "accuracy_m", "mocked"),
                strict=True,
            )
        )
        or [()] * 5
    )
    at = [moment.timestamp() for moment in columns[0]]
    fixes = Fixes.of(at, *columns[1:])
    ends = shift.ended_at + GRACE if shift.ended_at is not None else timezone.now() + AHEAD
    window = ((shift.started_at - GRACE).timestamp(), ends.timestamp())
    clock = (EARLIEST.timestamp(), (timezone.now() + AHEAD).timestamp())
    return Track(fixes, clean(fixes, shift=window, clock=clock))
