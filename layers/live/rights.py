"""Who is at the other end of a socket, what they may join, and whether that has changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import Count, Max, Q
from django.http import HttpRequest, parse_cookie
from django.utils import timezone

from layers.layer import Audience
from layers.live.registry import stream_named
from layers.live.stream import Level, Stream
from layers.live.topics import parse, topic
from twin.access.gate import visible
from twin.access.http import READERS
from twin.access.models import Token
from twin.access.scopes import scope_of, scope_of_token
from twin.access.tokens import authenticate
from twin.accounts.models import User
from twin.base.errors import Unauthenticated
from twin.base.scope import Scope
from twin.places.models import Grid

Standing = tuple[Any, ...]
"""Opaque. As long as it stays the same, so do the viewer's rights, except that a scope ends at its `until`."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who came in by a session or by a token."""

    user_id: int
    session_key: str | None = None
    token_id: int | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    viewer: Viewer
    standing: Standing
    scope: Scope


def admit(cookie: str, authorization: str | None) -> Admission:
    """By the Authorization header if there is one, else by the session cookie. Raises Unauthenticated."""
    if authorization is not None:
        token = authenticate(authorization, kinds=READERS)
        if token.user is None:
            raise Unauthenticated("This token acts for nobody.")
        return _admitted(Viewer(token.user.pk, token_id=token.pk))
    key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME)
    user = _user_of_session(key) if key else None
    if user is None:
        raise Unauthenticated("Sign in first.")
    return _admitted(Viewer(user.pk, session_key=key))


def admit_again(viewer: Viewer) -> Admission | None:
    """The viewer with their rights of now; None when they have to go."""
    if viewer.session_key is not None:
        user = _user_of_session(viewer.session_key)
        if user is None or user.pk != viewer.user_id:
            return None
    try:
        return _admitted(viewer)
    except Unauthenticated:
        return None


def _admitted(viewer: Viewer) -> Admission:
    """The standing is read before the scope: a change in between is seen at the next look, never lost."""
    standing = standings([viewer]).get(viewer)
    user = User.objects.filter(pk=viewer.user_id, is_active=True).first()
    if standing is None or user is None:
        raise Unauthenticated("This log-in has ended.")
    if viewer.token_id is None:
        return Admission(viewer, standing, scope_of(user))
    token = Token.objects.select_related("user").get(pk=viewer.token_id)
    return Admission(viewer, standing, scope_of_token(token))


def _user_of_session(key: str) -> User | None:
    """As Django does for a request, with its check that the password is still the one of the log-in."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user if isinstance(user, User) and user.is_active else None


def standings(viewers: Collection[Viewer]) -> dict[Viewer, Standing]:
    """The standing of each viewer; those who have to go are missing. Three queries, however many viewers.

    Changes are counted, not only looked for by their highest id: of two writers the one with the lower id may commit last.
    """
    users = {
        pk: (password, changes, latest)
        for pk, password, changes, latest in User.objects.filter(
            pk__in={v.user_id for v in viewers}, is_active=True
        )
        .annotate(changes=Count("rightschange"), latest=Max("rightschange"))
        .values_list("pk", "password", "changes", "latest")
    }
    sessions = _living_sessions({v.session_key for v in viewers if v.session_key is not None})
    tokens = _living_tokens({v.token_id for v in viewers if v.token_id is not None})
    return {
        viewer: users[viewer.user_id]
        for viewer in viewers
        if viewer.user_id in users
        and (viewer.session_key in sessions if viewer.token_id is None else viewer.token_id in tokens)
    }


def _living_sessions(keys: set[str]) -> set[str]:
    if not keys:
        return set()
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
    living = sessions.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(living.values_list("session_key", flat=True))


def _living_tokens(ids: set[int]) -> set[int]:
    if not ids:
        return set()
    living = Token.objects.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), pk__in=ids)
    return set(living.filter(revoked_at=None).values_list("pk", flat=True))


def joinable(names: Iterable[str], scope: Scope) -> set[str]:
    """Which of these topics this scope may follow. Rights on a topic are all or nothing."""
    keys: dict[str, set[int]] = {}
    for name in names:
        parsed = parse(name)
        if parsed is not None:
            keys.setdefault(parsed[0], set()).add(parsed[1])
    return {
        topic(stream.name, key)
        for stream_name, of_stream in keys.items()
        if (stream := stream_named(stream_name)) is not None
        for key in _joinable_keys(stream, of_stream, scope)
    }


def _joinable_keys(stream: Stream, keys: set[int], scope: Scope) -> set[int]:
    if stream.level is Level.USER:
        return keys & {scope.user_id}
    grids = Grid.objects.leaves() if stream.level is Level.LEAF else Grid.objects.filter(parent=None)
    paths = visible(grids, to=scope).filter(pk__in=keys).values_list("pk", "path")
    granted = scope.where(lambda grant: grant.tag_level >= stream.tag_level)
    return {pk for pk, path in paths if stream.audience is Audience.STAFF or granted.covers(path)}
