"""Who asks: the scope of a request, from a session cookie or a token in the Authorization header."""

from __future__ import annotations

from django.http import HttpRequest

from twin.access.models import Token
from twin.access.scopes import scope_of, scope_of_token
from twin.access.tokens import authenticate
from twin.accounts.models import User
from twin.base.errors import Unauthenticated
from twin.base.scope import Scope

READERS = frozenset({Token.Kind.GIS, Token.Kind.WORKER, Token.Kind.WALL})


def scope_of_request(request: HttpRequest) -> Scope:
    """The viewer's scope, resolved once per request. Raises Unauthenticated when nobody is signed in."""
    scope: Scope | None = getattr(request, "_scope", None)
    if scope is None:
        scope = _resolve(request)
        request._scope = scope  # type: ignore[attr-defined]
    return scope


def _resolve(request: HttpRequest) -> Scope:
    user = request.user
    if isinstance(user, User) and user.is_authenticated:
        return scope_of(user)
    header = request.headers.get("Authorization")
    if header:
        return scope_of_token(authenticate(header, kinds=READERS))
    raise Unauthenticated("Sign in first.")
