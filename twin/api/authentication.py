from __future__ import annotations

from django.http import HttpRequest
from rest_framework import authentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from twin.access.http import READERS
from twin.access.models import Token
from twin.access.tokens import authenticate
from twin.accounts.models import User
from twin.base.errors import Unauthenticated


class SessionAuthentication(authentication.SessionAuthentication):
    """A browser's session. Unlike REST framework's own it asks for credentials, so a stranger gets 401 and not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class TokenAuthentication(authentication.BaseAuthentication):
    """A worker's, wall's or GIS client's token, in the Authorization header only. Walls and GIS clients only read."""

    def authenticate(self, request: Request | HttpRequest) -> tuple[User, object] | None:
        header = request.headers.get("Authorization")
        if not header:
            return None
        token = authenticate(header, kinds=READERS)
        if token.user is None:
            raise Unauthenticated("This token acts for nobody.", where="Authorization")
        if token.kind != Token.Kind.WORKER and request.method not in SAFE_METHODS:
            raise Unauthenticated(
                "A %(kind)s token only reads.", kind=Token.Kind(token.kind).label, where="Authorization"
            )
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
