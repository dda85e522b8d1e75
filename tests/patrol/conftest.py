from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base import events
from twin.patrol.actions import start_shift
from twin.patrol.arrival import Fixes, microseconds
from twin.patrol.models import Shift
from twin.places.models import Grid

Walk = Callable[..., Fixes]


def fixes_at(
    moments: Sequence[datetime],
    *,
    lon: Sequence[float] | float = 122.601,
    lat: Sequence[float] | float = 31.051,
    first: int = 1,
    accuracy_m: float = 8.0,
    speed_m_s: float = float("nan"),
    mocked: Sequence[bool] | bool = False,
) -> Fixes:
    """One fix at each moment; `first` is the number of the first."""
    n = len(moments)

    def column(value: Any, kind: type) -> np.ndarray:
        return np.broadcast_to(np.asarray(value, dtype=kind), (n,)).copy()

    return Fixes(
        seq=np.arange(first, first + n, dtype=np.int64),
        at_us=np.array([microseconds(m) for m in moments], dtype=np.int64),
        lon=column(lon, float),
        lat=column(lat, float),
        accuracy_m=column(accuracy_m, float),
        speed_m_s=column(speed_m_s, float),
        mocked=column(mocked, bool),
    )


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def worker(in_role: Callable[..., User], west: Grid) -> User:
    return in_role(RoleKind.GRID_WORKER, grid=west)


@pytest.fixture
def shift(worker: User, west: Grid, now: datetime) -> Shift:
    """Open since half an hour ago."""
    return start_shift(worker=worker, grid=west, at=now - timedelta(minutes=30))


@pytest.fixture
def seconds_ago(now: datetime) -> Callable[..., list[datetime]]:
    def moments(*seconds: float) -> list[datetime]:
        return [now - timedelta(seconds=s) for s in seconds]

    return moments


@pytest.fixture
def told() -> Iterator[Callable[..., list[Any]]]:
    """`told(SomeEvent)` is the list of those that are emitted from now on."""
    listening: list[tuple[type[events.Event], Callable[[Any], None]]] = []

    def hear(kind: type[events.Event]) -> list[Any]:
        heard: list[Any] = []
        listening.append((kind, heard.append))
        events.listen(kind, within=True)(heard.append)
        return heard

    yield hear
    for kind, listener in listening:
        events._within[kind].remove(listener)
