from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from twin.base.events import Event


class Newest(NamedTuple):
    """Where somebody was last: EPSG:4326, longitude first; unix seconds; metres, None when the phone did not say."""

    lon: float
    lat: float
    at: float
    accuracy_m: float | None


@dataclass(frozen=True, slots=True)
class ShiftStarted(Event):
    shift_id: int
    grid_id: int


@dataclass(frozen=True, slots=True)
class ShiftEnded(Event):
    shift_id: int
    grid_id: int


@dataclass(frozen=True, slots=True)
class FixesRecorded(Event):
    """Fixes of one shift were stored. `newest` is None when they only filled a gap behind the position that is known."""

    shift_id: int
    grid_id: int
    newest: Newest | None


@dataclass(frozen=True, slots=True)
class VisitsRecorded(Event):
    """Calls were entered."""

    dwelling_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VisitWithdrawn(Event):
    visit_id: int
    dwelling_id: int
