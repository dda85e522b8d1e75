"""The facts that travel live: ids and states, never a field about residents. One closed union, told apart by `kind`.

Coordinates are EPSG:4326, longitude first; heights are metres above ground; times are UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

Condition = Literal["ACTIVE", "CLEARED"]
Handling = Literal["NEW", "ACKED", "DISPATCHED", "ON_SITE", "RESOLVED", "CLOSED"]
Severity = Literal[1, 2, 3, 4]
DeviceStatus = Literal["online", "offline", "retired"]


class Words(msgspec.Struct, frozen=True):
    zh: str
    en: str


class _Fact(msgspec.Struct, frozen=True, tag_field="kind"):
    """What all facts have: their kind."""


class AlarmFact(_Fact, frozen=True, tag="alarm"):
    id: int
    grid_id: int
    device_id: int
    device_name: str
    device_kind: str
    building_id: int | None
    unit_id: int | None
    dwelling_id: int | None
    lon: float
    lat: float
    height_m: float
    address: str
    rule: str
    title: Words
    severity: Severity
    condition: Condition
    handling: Handling
    count: int
    first_at: datetime
    last_at: datetime
    acked_at: datetime | None
    closed_at: datetime | None


class AlarmLeftFact(_Fact, frozen=True, tag="alarm_left"):
    """The alarm belongs to another grid now, and is told in that grid's topic."""

    id: int


class ShiftFact(_Fact, frozen=True, tag="shift"):
    id: int
    grid_id: int
    worker_id: int
    worker_name: str
    photo: str | None
    started_at: datetime
    ended_at: datetime | None
    lon: float | None
    lat: float | None
    at: datetime | None


class DeviceFact(_Fact, frozen=True, tag="device"):
    id: int
    grid_id: int
    device_kind: str
    name: str
    status: DeviceStatus
    building_id: int | None
    dwelling_id: int | None
    lon: float
    lat: float
    height_m: float


class DeviceLeftFact(_Fact, frozen=True, tag="device_left"):
    """The device belongs to another grid now, and is told in that grid's topic."""

    id: int


class RecolouredFact(_Fact, frozen=True, tag="recoloured"):
    """In facade modes about this subject these dwellings may look different now; "places": in every mode. What they look
    like is asked for, at the gate."""

    about: str
    dwelling_ids: list[int]


class ShapesFact(_Fact, frozen=True, tag="shapes"):
    """What is drawn has these versions now: by z14 block ("14/x/y"), and for the community as a whole."""

    blocks: dict[str, int]
    version: int


class GridsFact(_Fact, frozen=True, tag="grids"):
    """The leaf grids that there are now. Other ones than those of the manifest: it is to be asked anew, and so is what to
    follow."""

    leaves: list[int]


class RightsFact(_Fact, frozen=True, tag="rights"):
    """The viewer's roles changed then: what may be seen is to be asked anew. Null: never."""

    changed_at: datetime | None


class ManyLookedFact(_Fact, frozen=True, tag="many_looked"):
    """Somebody has looked at more people in a short time than is usual. `id` is that of the audit's entry."""

    id: int
    community_id: int
    by_id: int
    by_name: str
    views: int
    at: datetime


Fact = (
    AlarmFact
    | AlarmLeftFact
    | ShiftFact
    | DeviceFact
    | DeviceLeftFact
    | RecolouredFact
    | ShapesFact
    | GridsFact
    | RightsFact
    | ManyLookedFact
)


class Moved(NamedTuple):
    """One position: shift, longitude, latitude (EPSG:4326), Unix seconds, accuracy in metres (null: not told)."""

    shift_id: int
    lon: float
    lat: float
    at: float
    accuracy_m: float | None
