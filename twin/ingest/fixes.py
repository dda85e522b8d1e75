"""POST /ingest/fixes/: batches of fixes from the patrol page or any phone that can write JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import numpy as np
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from msgspec import Meta

from gis.crs import BD09, GCJ02, WGS84
from twin.base.errors import Invalid, TooLarge
from twin.base.uploads import once
from twin.ingest.bodies import decode, read_body
from twin.ingest.senders import worker_of
from twin.patrol.actions import record_fixes
from twin.patrol.arrival import Fixes, Floats, Integers, microseconds

FIX_LIMIT = 2000
# AMap's and WeChat's kits give GCJ-02, Baidu's BD-09.
SHIFTED = (GCJ02, BD09)
# What every client of the database can read back, in any time zone.
EARLIEST_US, LATEST_US = (
    microseconds(datetime(2, 1, 1, tzinfo=UTC)),
    microseconds(datetime(9999, 1, 1, tzinfo=UTC)),
)

# msgspec's ranges refuse NaN as well.
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Metres = Annotated[float, Meta(ge=0, le=1e6)]
FASTEST_M_S = 1000


class FixIn(msgspec.Struct, gc=False):
    """One fix as it comes: degrees in the system that `crs` names, longitude first; metres; metres per second."""

    seq: Annotated[int, Meta(ge=0, lt=2**53)]
    at: Annotated[datetime, Meta(tz=True)]
    lon: Longitude
    lat: Latitude
    accuracy_m: Metres | None
    speed_m_s: Annotated[float, Meta(ge=0, le=FASTEST_M_S)] | None = None
    mocked: bool = False
    crs: Literal["EPSG:4326", "GCJ-02", "BD-09"] = "EPSG:4326"


class BatchIn(msgspec.Struct):
    batch: UUID
    shift: Annotated[int, Meta(ge=1, lt=2**53)]
    fixes: Annotated[list[FixIn], Meta(min_length=1)]


DECODER = msgspec.json.Decoder(BatchIn)


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """Store a batch once. The same batch again gets the same answer; the header `Upload-Repeated` tells."""
    worker = worker_of(request)
    body = read_body(request)
    batch = decode(body, DECODER)
    fixes = columns(batch.fixes)

    def work() -> dict[str, Any]:
        done = record_fixes(worker=worker, fixes=fixes, shift_id=batch.shift)
        return {"accepted": done.accepted, "known": done.known, "dropped": done.dropped}

    answer = once(sender=f"user:{worker.pk}", batch=str(batch.batch), body=body, work=work)
    repeated = answer.pop("repeated", False)
    response = JsonResponse({"batch": str(batch.batch), **answer})
    if repeated:
        response.headers["Upload-Repeated"] = "true"
    return response


def columns(fixes: Sequence[FixIn]) -> Fixes:
    """Rows to columns, in EPSG:4326. Raises TooLarge, and Invalid for a year that no calendar of ours holds."""
    if len(fixes) > FIX_LIMIT:
        raise TooLarge("At most %(most)s fixes at once; send several batches.", most=FIX_LIMIT, where="fixes")
    lon = np.array([f.lon for f in fixes], dtype=np.float64)
    lat = np.array([f.lat for f in fixes], dtype=np.float64)
    _to_wgs84(fixes, lon, lat)
    return Fixes(
        seq=np.array([f.seq for f in fixes], dtype=np.int64),
        at_us=_times(fixes),
        lon=lon,
        lat=lat,
        accuracy_m=np.array([f.accuracy_m for f in fixes], dtype=np.float64),  # None becomes NaN
        speed_m_s=np.array([f.speed_m_s for f in fixes], dtype=np.float64),
        mocked=np.array([f.mocked for f in fixes], dtype=np.bool_),
    )


def _times(fixes: Sequence[FixIn]) -> Integers:
    """Microseconds since 1970. A double holds them exactly enough: 2**53 microseconds are 285 years."""
    at_us = np.rint(np.array([f.at.timestamp() for f in fixes]) * 1e6).astype(np.int64)
    beyond = np.flatnonzero((at_us < EARLIEST_US) | (at_us > LATEST_US))
    if len(beyond):
        raise Invalid("Years are 2 to 9998.", where=f"fixes[{beyond[0]}].at")
    return at_us


def _to_wgs84(fixes: Sequence[FixIn], lon: Floats, lat: Floats) -> None:
    """Move shifted coordinates, in place. Nearly always there are none, and nothing is done."""
    systems: list[str] = [f.crs for f in fixes]
    if systems.count(WGS84.code) == len(systems):
        return
    for system in SHIFTED:
        rows = np.array([code == system.code for code in systems])
        lon[rows], lat[rows] = system.to_lonlat(lon[rows], lat[rows])
