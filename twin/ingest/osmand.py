"""GET or POST /ingest/osmand/: the OsmAnd protocol, which Traccar's phone client and many trackers speak.

One fix in the query string (or a form) with speed in knots, or as JSON with speed in metres per second; see
https://www.traccar.org/osmand/. Who sends is said by the token in the header; the `id` that the protocol carries is only a
name that anyone could write, and decides nothing. There is no number either: the time alone tells two fixes apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from msgspec import Meta

from twin.base.errors import Invalid
from twin.ingest.bodies import decode, invalid, read_body
from twin.ingest.fixes import FASTEST_M_S, FixIn, Latitude, Longitude, Metres, columns
from twin.ingest.senders import worker_of_token
from twin.patrol.actions import record_fixes

KNOT_M_S = 1852 / 3600
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
MILLISECONDS_FROM = 10**11
"""A bare number from here on counts milliseconds: as seconds it would be the year 5138."""
Speed = Annotated[float, Meta(ge=-FASTEST_M_S, le=FASTEST_M_S)]
"""Negative: the phone does not know."""


class Query(msgspec.Struct):
    """The parameters that are read. `location` is "lat,lon" in one."""

    lat: Latitude
    lon: Longitude
    timestamp: str | None = None
    accuracy: Metres | None = None
    speed: Speed | None = None
    mock: bool = False


class Coordinates(msgspec.Struct):
    latitude: Latitude
    longitude: Longitude
    accuracy: Metres | None = None
    speed: Speed | None = None


class Location(msgspec.Struct):
    timestamp: str
    coords: Coordinates
    mock: bool = False


class Message(msgspec.Struct):
    location: Location


DECODER = msgspec.json.Decoder(Message)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> JsonResponse:
    """Store one fix. Sent again it changes nothing, as long as the phone says when it was taken."""
    worker = worker_of_token(request)
    done = record_fixes(worker=worker, fixes=columns([_read(request)]))
    return JsonResponse({"accepted": done.accepted, "known": done.known, "dropped": done.dropped})


def _read(request: HttpRequest) -> FixIn:
    body = read_body(request) if request.method == "POST" else b""
    if request.content_type == "application/json":
        return from_json(decode(body, DECODER))
    try:
        return from_query((QueryDict(body) if body else request.GET).dict())
    except UnicodeDecodeError as error:
        raise Invalid("A form is written in UTF-8.", where="body") from error


def from_query(parameters: Mapping[str, str]) -> FixIn:
    """The fix of a query string or form. Raises Invalid, naming the parameter."""
    known = dict(parameters)
    if "location" in known:
        known["lat"], _, known["lon"] = known["location"].partition(",")
    try:
        query = msgspec.convert(known, Query, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    at = timezone.now() if query.timestamp is None else read_time(query.timestamp, where="timestamp")
    speed = None if query.speed is None else query.speed * KNOT_M_S
    return _fix(query.lon, query.lat, at, query.accuracy, speed, query.mock)


def from_json(message: Message) -> FixIn:
    coords = message.location.coords
    at = read_time(message.location.timestamp, where="location.timestamp")
    return _fix(coords.longitude, coords.latitude, at, coords.accuracy, coords.speed, message.location.mock)


def _fix(
    lon: float, lat: float, at: datetime, accuracy_m: float | None, speed_m_s: float | None, mocked: bool
) -> FixIn:
    known_speed = speed_m_s if speed_m_s is not None and speed_m_s >= 0 else None
    return FixIn(seq=0, at=at, lon=lon, lat=lat, accuracy_m=accuracy_m, speed_m_s=known_speed, mocked=mocked)


def read_time(text: str, *, where: str) -> datetime:
    """Unix seconds or milliseconds, or ISO 8601 with "T" or a space; UTC where no zone is given. Raises Invalid."""
    try:
        if NUMBER.fullmatch(text):
            number = float(text)
            return datetime.fromtimestamp(number / 1000 if abs(number) >= MILLISECONDS_FROM else number, UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError) as error:
        raise Invalid("'%(text)s' is no time.", text=text[:40], where=where) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
