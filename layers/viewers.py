"""Who asks for a shape, and which version of it is the current one: in one statement, once somebody is known.

A map asks for dozens of tiles at once, and to resolve a scope takes longer than to draw a tile. So each process remembers
the scopes of those who ask together with their standing, which is all that their rights depend on, and has every request ask
the database whether that standing is still the same. Nothing is believed for any length of time: a log-out, an ended role, a
revoked token count from the next request on, in every process.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from importlib import import_module
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from gis.tile_address import BLOCK_ZOOM, Tile, block_of
from twin.access.gate import visible
from twin.access.http import READERS, scope_of_request
from twin.access.models import RightsChange, Token
from twin.access.tokens import authenticate
from twin.accounts.models import User
from twin.base.errors import NotVisible, Unauthenticated
from twin.base.scope import Scope
from twin.places.models import Community, ShapeVersion

MOST_REMEMBERED: Final = 5000
STANDING: Final = f"""
    SELECT viewer.password, rights.number, rights.latest, community.shape_version, block.version
    FROM {User._meta.db_table} AS viewer
    CROSS JOIN LATERAL (
        SELECT count(*) AS number, max(id) AS latest FROM {RightsChange._meta.db_table} WHERE user_id = viewer.id
    ) AS rights
    LEFT JOIN {Community._meta.db_table} AS community ON community.id = %(community)s
    LEFT JOIN {ShapeVersion._meta.db_table} AS block
        ON block.community_id = community.id AND block.x = %(x)s AND block.y = %(y)s
    WHERE viewer.id = %(user)s AND viewer.is_active
      AND (EXISTS (SELECT FROM {{sessions}} WHERE session_key = %(session)s AND expire_date > %(now)s)
        OR EXISTS (SELECT FROM {Token._meta.db_table} WHERE id = %(token)s AND revoked_at IS NULL
                   AND (expires_at IS NULL OR expires_at > %(now)s)))
"""
"""Changes of rights are counted, not only looked for by their highest id: of two writers the one with the lower id may commit
last."""

Credential = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A viewer who may see the shapes of this community, and the version of the shapes that were asked for."""

    scope: Scope
    community_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who came in by a session or by a token."""

    user_id: int
    session_key: str | None = None
    token_id: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    identity: Identity
    standing: tuple[Any, ...]
    scope: Scope
    community_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Told:
    """What the database says of somebody now. `version` is None where there is no such community."""

    standing: tuple[Any, ...]
    version: int | None


_known: OrderedDict[Credential, Known] = OrderedDict()
_lock = Lock()


def ask(request: HttpRequest, community_id: int, address: Tile) -> Asked:
    """Raises Unauthenticated when nobody is signed in, NotVisible for a community that does not exist or not for them."""
    credential = (request.COOKIES.get(settings.SESSION_COOKIE_NAME), request.headers.get("Authorization"))
    known = _known.get(credential)
    told = None if known is None else _ask(known.identity, community_id, address)
    if known is None or told is None or not _still(known, told):
        identity = _identify(request, credential)
        told = _ask(identity, community_id, address)
        known = _remember(request, credential, identity, told)
    if told is None or told.version is None or community_id not in known.community_ids:
        raise NotVisible("There is nothing here for you.")
    return Asked(known.scope, community_id, told.version)


def _still(known: Known, told: Told) -> bool:
    ends = known.scope.until
    return told.standing == known.standing and (ends is None or ends > timezone.now())


def _identify(request: HttpRequest, credential: Credential) -> Identity:
    """By the session if somebody is signed in there, else by the token; as `scope_of_request` does."""
    session_key, header = credential
    user = request.user
    if isinstance(user, User) and user.is_authenticated:
        return Identity(user.pk, session_key=session_key)
    if header is not None:
        token = authenticate(header, kinds=READERS)
        if token.user is not None:
            return Identity(token.user.pk, token_id=token.pk)
    raise Unauthenticated("Sign in first.")


def _remember(request: HttpRequest, credential: Credential, identity: Identity, told: Told | None) -> Known:
    """The standing was read before the scope: a change in between is seen at the next request, never lost."""
    if told is None:
        raise Unauthenticated("This log-in has ended.")
    scope = scope_of_request(request)
    ids = visible(Community.objects.all(), to=scope).values_list("pk", flat=True)
    known = Known(identity, told.standing, scope, frozenset(ids))
    with _lock:
        _known[credential] = known
        _known.move_to_end(credential)
        while len(_known) > MOST_REMEMBERED:
            _known.popitem(last=False)
    return known


def _ask(identity: Identity, community_id: int, address: Tile) -> Told | None:
    """None when the log-in has ended, the token is not good any more or the user is disabled."""
    block = block_of(address) if address.z >= BLOCK_ZOOM else None
    with connection.cursor() as cursor:
        cursor.execute(
            STANDING.format(sessions=_sessions_table()),
            {
                "user": identity.user_id, "session": identity.session_key, "token": identity.token_id,
                "now": timezone.now(), "community": community_id,
                "x": block.x if block else None, "y": block.y if block else None,
            },
        )  # fmt: skip
        row = cursor.fetchone()
    if row is None:
        return None
    *standing, of_community, of_block = row
    if of_community is None:
        return Told(tuple(standing), None)
    return Told(tuple(standing), of_community if block is None else of_block or 0)


def _sessions_table() -> str:
    table: str = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()._meta.db_table
    return table
