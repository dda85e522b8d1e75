"""What arrives over MQTT: topic and bytes in, readings kept. The connection is in `mqtt_listener.py`.

    twin/<community id>/<gateway>/readings                 the canonical form
    twin/<community id>/<gateway>/<form>[/<device name>]   another form, see `decoders`
    twin/<community id>/<gateway>/errors                   what was refused, and why

MQTT does not tell a receiver who has sent a message, so each one brings a device token of the community that its topic
names: as the user property `token` (MQTT 5), or as the field `token` of the canonical form. Gateways that can do neither are
vouched for by the broker, where the operator says so: there the broker lets each gateway write below its own name only, and
its name is the id of its token.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from twin.access.models import Token
from twin.access.tokens import authenticate_secret
from twin.base.errors import Invalid, TooLarge, Unauthenticated
from twin.ingest.bodies import BODY_LIMIT, decode
from twin.ingest.canonical import TOKEN, convert, read_batch
from twin.ingest.decoders import BY_TOPIC
from twin.ingest.readings import GATEWAYS, take

CANONICAL: Final = "readings"
ERRORS: Final = "errors"
TOKEN_PROPERTY: Final = "token"  # noqa: S105 - the name of a property


@dataclass(frozen=True, slots=True)
class Sent:
    """One message. `token` is the user property of that name; `received_at` the moment of arrival (UTC)."""

    topic: str
    body: bytes
    token: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Address:
    """What a topic says. `rest` is what follows the form: a device's name, where the form wants one."""

    community_id: int
    gateway: str
    form: str
    rest: str


def topics_of(prefix: str) -> list[str]:
    """The topics to listen to."""
    return [f"{prefix}/+/+/{CANONICAL}", *(f"{prefix}/+/+/{form}/#" for form in sorted(BY_TOPIC))]


def errors_topic(topic: str, prefix: str) -> str:
    """Where the gateway that wrote to `topic` is told what was wrong."""
    community, gateway = topic.removeprefix(f"{prefix}/").split("/")[:2]
    return f"{prefix}/{community}/{gateway}/{ERRORS}"


def address_of(topic: str, prefix: str) -> Address:
    """Raises Invalid for a topic that names no community or no form that is known."""
    community, gateway, form, *rest = [*topic.removeprefix(f"{prefix}/").split("/"), "", ""]
    if not (community.isascii() and community.isdigit() and len(community) < 16):
        raise Invalid("'%(community)s' is no community's id.", community=community, where="topic")
    if form != CANONICAL and form not in BY_TOPIC:
        raise Invalid("There is no form '%(form)s'.", form=form, where="topic")
    return Address(int(community), gateway, form, "/".join(rest).strip("/"))


def take_message(sent: Sent, *, prefix: str, broker_checks: bool) -> dict[str, Any]:
    """Keep the readings of one message; the answer is that of POST /ingest/readings/. Raises what that raises."""
    if len(sent.body) > BODY_LIMIT:
        raise TooLarge(
            "At most %(most)s KiB at once; send several batches.",
            most=BODY_LIMIT // 1024,
            where="body",
        )
    address = address_of(sent.topic, prefix)
    token = _token_of(sent, address, broker_checks)
    if token.community_id != address.community_id:
        raise Unauthenticated("This token is not known.", where="token")
    if address.form == CANONICAL:
        batch, readings = read_batch(sent.body)
        return take(token=token, body=sent.body, batch=batch, readings=readings)
    decoder = BY_TOPIC[address.form]
    readings = convert(decoder(sent.body, topic=address.rest, received_at=sent.received_at))
    return take(token=token, body=sent.body, batch=None, readings=readings)


def _token_of(sent: Sent, address: Address, broker_checks: bool) -> Token:
    secret = sent.token
    if secret is None and address.form == CANONICAL:
        secret = decode(sent.body, TOKEN).token
    if secret is not None:
        return authenticate_secret(secret, kinds=GATEWAYS)
    vouched = _named(address.gateway, sent.received_at) if broker_checks else None
    if vouched is None:
        raise Unauthenticated(
            "Send a device token: the user property `token`, or the field `token` of the canonical form.",
            where="token",
        )
    return vouched


def _named(gateway: str, now: datetime) -> Token | None:
    """The token in force whose id is the gateway's name."""
    if not (gateway.isascii() and gateway.isdigit() and len(gateway) < 16):
        return None
    in_force = Q(expires_at=None) | Q(expires_at__gt=now)
    tokens = Token.objects.filter(in_force, pk=int(gateway), kind__in=GATEWAYS, revoked_at=None)
    return tokens.select_related("community").first()
