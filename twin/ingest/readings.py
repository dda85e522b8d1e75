"""POST /ingest/readings/: what devices say, sent by a gateway with its token; in the twin's own form or in that of a network
server that can call an address (ChirpStack, The Things Stack, ThingsBoard)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from twin.access.models import Token
from twin.access.tokens import authenticate
from twin.base.errors import NotVisible
from twin.base.uploads import once
from twin.devices.actions import NewReading, record_readings
from twin.ingest.bodies import read_body
from twin.ingest.canonical import convert, read_batch
from twin.ingest.decoders import BY_ADDRESS
from twin.ingest.senders import refuse_tokens_in_the_address

GATEWAYS = frozenset({Token.Kind.DEVICE})


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """Keep a batch, all or nothing. With a `batch` id it is done once: the same batch again gets the same answer, and the
    header `Upload-Repeated` tells."""
    token = gateway_of(request)
    body = read_body(request)
    batch, readings = read_batch(body)
    return _answer(take(token=token, body=body, batch=batch, readings=readings))


@csrf_exempt
@require_POST
def receive_as(request: HttpRequest, form: str) -> JsonResponse:
    """Keep what a network server says in its own form. What holds no reading (a join, a status) is accepted and counts 0."""
    token = gateway_of(request)
    body = read_body(request)
    decoder = BY_ADDRESS.get(form)
    if decoder is None:
        raise NotVisible(
            "There is no form '%(form)s'; known are %(known)s.",
            form=form,
            known=sorted(BY_ADDRESS),
        )
    readings = convert(decoder(body, received_at=timezone.now()))
    return _answer(take(token=token, body=body, batch=None, readings=readings))


def gateway_of(request: HttpRequest) -> Token:
    """The token of a device gateway. Raises Unauthenticated."""
    refuse_tokens_in_the_address(request)
    return authenticate(request.headers.get("Authorization"), kinds=GATEWAYS)


def take(*, token: Token, body: bytes, batch: str | None, readings: list[NewReading]) -> dict[str, Any]:
    """Keep the readings of a gateway's community: how many are new, how many were known, and the alarms they raised."""

    def work() -> dict[str, Any]:
        done = record_readings(community=token.community, readings=readings)
        return {"accepted": done.accepted, "duplicates": done.duplicates, "alarms": list(done.alarm_ids)}

    if not readings:
        return {"accepted": 0, "duplicates": 0, "alarms": []}
    if batch is None:
        return work()
    return once(sender=f"token:{token.pk}", batch=batch, body=body, work=work)


def _answer(answer: dict[str, Any]) -> JsonResponse:
    repeated = answer.pop("repeated", False)
    response = JsonResponse(answer)
    if repeated:
        response.headers["Upload-Repeated"] = "true"
    return response
