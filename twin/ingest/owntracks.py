"""POST /ingest/owntracks/: the OwnTracks app in HTTP mode, https://owntracks.org/booklet/tech/json/.

The app cannot send a bearer token, so the worker's token is the password that it is set up with; the user name is not read.
It keeps a message until it is answered with 200 and a list, so messages that hold no position are answered like that too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from msgspec import Meta

from twin.ingest.bodies import decode, read_body
from twin.ingest.fixes import FASTEST_M_S, FixIn, Latitude, Longitude, columns
from twin.ingest.senders import worker_of_token
from twin.patrol.actions import record_fixes

KM_H_M_S = 1 / 3.6


class Kind(msgspec.Struct):
    """What every message says first."""

    kind: str = msgspec.field(name="_type")


class Location(msgspec.Struct):
    """A position: `tst` in unix seconds, `acc` in metres, `vel` in km/h, -1 where unknown."""

    kind: Literal["location"] = msgspec.field(name="_type")
    lat: Latitude
    lon: Longitude
    tst: Annotated[int, Meta(ge=-(2**31), lt=2**33)]
    acc: Annotated[float, Meta(ge=-1, le=1e6)] | None = None
    vel: Annotated[float, Meta(ge=-1, le=FASTEST_M_S / KM_H_M_S)] | None = None


KIND = msgspec.json.Decoder(Kind)
LOCATION = msgspec.json.Decoder(Location)


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """Store one position; sent again it changes nothing."""
    worker = worker_of_token(request)
    fix = read_message(read_body(request))
    if fix is not None:
        record_fixes(worker=worker, fixes=columns([fix]))
    return JsonResponse([], safe=False)


def read_message(body: bytes) -> FixIn | None:
    """The fix of a message; None for a kind that is no position: a waypoint, a last will. Raises Invalid."""
    if decode(body, KIND).kind != "location":
        return None
    said = decode(body, LOCATION)
    speed_km_h = _known(said.vel)
    return FixIn(
        seq=0,
        at=datetime.fromtimestamp(said.tst, UTC),
        lon=said.lon,
        lat=said.lat,
        accuracy_m=_known(said.acc),
        speed_m_s=None if speed_km_h is None else speed_km_h * KM_H_M_S,
    )


def _known(value: float | None) -> float | None:
    return value if value is not None and value >= 0 else None
