"""Who sends: the worker behind a phone's token or a browser's session. A token is never taken from the address."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest
from rest_framework.authentication import CSRFCheck

from twin.access.models import Token
from twin.access.tokens import PREFIX, authenticate, authenticate_secret
from twin.accounts.models import User
from twin.base.errors import Invalid, Unauthenticated

WORKERS = frozenset({Token.Kind.WORKER})


def worker_of(request: HttpRequest) -> User:
    """The worker of a token or of a session; a session also needs its CSRF token. Raises Unauthenticated."""
    if request.headers.get("Authorization"):
        return worker_of_token(request)
    if not isinstance(request.user, User):
        raise Unauthenticated("Send a worker's token, or sign in.", where="Authorization")
    refuse_tokens_in_the_address(request)
    refuse_forgeries(request)
    return request.user


def worker_of_token(request: HttpRequest) -> User:
    """The worker of `Authorization: Bearer <token>`, or of Basic with the token as password, which is what OwnTracks can
    send. Raises Unauthenticated."""
    refuse_tokens_in_the_address(request)
    header = request.headers.get("Authorization", "")
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "basic":
        token = authenticate_secret(_password(value), kinds=WORKERS)
    else:
        token = authenticate(header, kinds=WORKERS)
    if token.user is None:
        raise Unauthenticated("This token acts for nobody.", where="Authorization")
    return token.user


def refuse_tokens_in_the_address(request: HttpRequest) -> None:
    """A token in an address has been written into logs by now: say so rather than let it pass unnoticed."""
    for name, value in request.GET.items():
        if str(value).startswith(PREFIX):
            raise Invalid(
                "A token in the address ends up in logs. Send it in the Authorization header, and have this one revoked.",
                where=name,
            )


def refuse_forgeries(request: HttpRequest) -> None:
    """Django's CSRF check, for views that are exempt because tokens need none."""
    check = CSRFCheck(lambda _: None)  # type: ignore[arg-type]
    check.process_request(request)
    reason = check.process_view(request, None, (), {})  # type: ignore[arg-type]  # the view is not looked at
    if reason:
        raise Unauthenticated(
            "This did not come from a page of the twin: load the page again (CSRF: %(reason)s).",
            reason=reason,
            where="X-CSRFToken",
            code="csrf",
        )


def _password(value: str) -> str:
    try:
        _, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unauthenticated("This is not HTTP basic authentication.", where="Authorization") from error
    return password
