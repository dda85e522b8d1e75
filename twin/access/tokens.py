"""Tokens in the Authorization header, never in an address: addresses end up in logs and histories."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe

from django.utils import timezone

from twin.access.models import Token
from twin.base.errors import Unauthenticated

PREFIX = "twin_"


def new_secret() -> tuple[str, bytes]:
    """A secret of 256 bits and its digest. Random enough that a plain SHA-256 cannot be searched."""
    secret = PREFIX + token_urlsafe(32)
    return secret, digest_of(secret)


def digest_of(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def authenticate(header: str | None, *, kinds: frozenset[str]) -> Token:
    """The token of an `Authorization: Bearer …` header. Raises Unauthenticated, naming what is wrong with it."""
    scheme, _, secret = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("Send a token: `Authorization: Bearer twin_…`.", where="Authorization")
    return authenticate_secret(secret.strip(), kinds=kinds)


def authenticate_secret(secret: str, *, kinds: frozenset[str]) -> Token:
    token = Token.objects.select_related("user", "community").filter(sha256=digest_of(secret)).first()
    if token is None:
        raise Unauthenticated("This token is not known.", where="Authorization")
    if token.revoked_at is not None or (token.user is not None and not token.user.is_active):
        raise Unauthenticated("This token has been revoked.", where="Authorization")
    if token.expires_at is not None and token.expires_at <= timezone.now():
        raise Unauthenticated("This token has expired.", where="Authorization")
    if token.kind not in kinds:
        raise Unauthenticated(
            "A %(kind)s token cannot be used here.", kind=Token.Kind(token.kind).label, where="Authorization"
        )
    return token
