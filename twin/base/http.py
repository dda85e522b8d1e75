"""HTTP over the domain: one table from error class to status, one shape of error body, one way of paging."""

from __future__ import annotations

import json
import logging
import math
import re
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as say
from django.utils.translation import gettext_noop
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.response import Response

from twin.base.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotVisible,
    TooLarge,
    TooMany,
    TwinError,
    Unauthenticated,
    Unavailable,
)

log = logging.getLogger(__name__)

NO_DATABASE = (OperationalError, InterfaceError)
OUTAGES = ("08", "53", "57", None)
"""SQLSTATE classes of a database that is away, full or shutting down (PostgreSQL's manual, appendix A); None: it was never
reached. Anything else, a deadlock for one, is a fault of ours."""
GIVEN_UP = "57014"
"""It took longer than a request may, see `twin.base.patience`."""
ASK_AGAIN_S = "5"
SURROGATE = re.compile("[\ud800-\udfff]")

STATUS_OF: dict[type[TwinError], int] = {
    Invalid: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotVisible: 404,
    Conflict: 409,
    TooLarge: 413,
    TooMany: 429,
    Unavailable: 503,
}

NOT_FROM_HERE = gettext_noop(
    "This did not come from a page of the twin: load the page again (CSRF: %(reason)s)."
)


def body_of(code: str, message: str, where: str | None = None) -> dict[str, Any]:
    error = {"code": code, "message": message}
    if where is not None:
        error["where"] = where
    return {"error": error}


def error_response(error: TwinError) -> JsonResponse:
    return JsonResponse(
        body_of(error.code, error.message, error.where),
        status=STATUS_OF.get(type(error), 400),
        headers=headers_of(error),
        json_dumps_params={"ensure_ascii": False},
    )


def headers_of(error: TwinError) -> dict[str, str]:
    return {"Retry-After": ASK_AGAIN_S} if isinstance(error, Unavailable) else {}


def unavailable(error: Exception) -> Unavailable:
    """What is said of a database that does not answer, or not in time; the log keeps the reason."""
    state = getattr(error.__cause__, "sqlstate", None)
    ours = (state and state[:2]) not in OUTAGES
    reason = str(error).strip().partition("\n")[0]
    log.warning("The database: %s", reason, exc_info=error if ours else None)
    if state == GIVEN_UP:
        return Unavailable("This took too long and was given up; ask for less, or later.", code="too_slow")
    return Unavailable("The database does not answer now; ask again in a moment.")


def _ours(error: Exception) -> Exception:
    """What the framework raises, as one of our own errors where it is one."""
    if isinstance(error, NO_DATABASE):
        return unavailable(error)
    if isinstance(error, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        return TooLarge("At most %(most)s MiB are read.", most=most, where="body")
    return error


class ErrorsAsJson:
    """Middleware: an error raised by a plain view becomes its status and body, like in the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        error = _ours(error)
        return error_response(error) if isinstance(error, TwinError) else None


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's hook. Without right is 404: a stranger must not learn what exists. `Forbidden` is for who knows."""
    error = _ours(error)
    if isinstance(error, TwinError):
        return Response(
            body_of(error.code, error.message, error.where),
            status=STATUS_OF.get(type(error), 400),
            headers=headers_of(error),
        )
    if isinstance(error, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
        return Response(body_of("unauthenticated", str(error.detail)), status=401)
    if isinstance(error, (Http404, PermissionDenied, exceptions.NotFound)):
        return Response(body_of("not_found", say("There is nothing here for you.")), status=404)
    if isinstance(error, exceptions.PermissionDenied):
        return _denied(error)
    if isinstance(error, exceptions.ValidationError):
        where, message = _first_fault(error.detail)
        return Response(body_of("invalid", message, where), status=400)
    if isinstance(error, exceptions.APIException):
        return Response(body_of(str(error.default_code), str(error.detail)), status=error.status_code)
    return None


def _denied(error: exceptions.PermissionDenied) -> Response:
    """A missing CSRF token is a broken client, not a missing right, and must be told apart from one."""
    if "CSRF" in str(error.detail):
        return Response(body_of("csrf", say(NOT_FROM_HERE) % {"reason": error.detail}), status=403)
    return Response(body_of("not_found", say("There is nothing here for you.")), status=404)


def _first_fault(detail: Any, where: str = "") -> tuple[str | None, str]:
    """Walk REST framework's nested details to the first message and its path, like `fixes[3].lon`."""
    if isinstance(detail, dict):
        key, inner = next(iter(detail.items()))
        if isinstance(key, int):  # of a list's items
            return _first_fault(inner, f"{where}[{key}]")
        return _first_fault(
            inner, f"{where}.{key}" if where and key != "non_field_errors" else where or str(key)
        )
    if isinstance(detail, list):
        for index, inner in enumerate(detail):
            if inner:
                return _first_fault(inner, where if isinstance(inner, str) else f"{where}[{index}]")
    return where or None, str(detail)


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    text = say("There is nothing at %(path)s.") % {"path": request.path}
    return JsonResponse(body_of("not_found", text), status=404)


def suspicious(request: HttpRequest, exception: Exception) -> JsonResponse:
    """What the framework itself refuses, before or around our views."""
    error = _ours(exception)
    if isinstance(error, TwinError):
        return error_response(error)
    return JsonResponse(body_of("invalid", say("This request is not well formed.")), status=400)


def failed(request: HttpRequest) -> JsonResponse:
    """Django's last resort. What went wrong is in the log, with its trace, and nowhere else."""
    error = sys.exc_info()[1]
    if isinstance(error, NO_DATABASE):  # where no view was at work: a session that could not be stored
        return error_response(unavailable(error))
    return JsonResponse(body_of("failed", "Something went wrong here; it was written down."), status=500)


class JsonParser(JSONParser):
    """JSON of which everything can be stored and said again. What is nested too deeply to be read is a bad request like any
    other, and so are a number beyond all numbers and half a letter, both of which JSON can spell."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            said = super().parse(*args, **kwargs)
            json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
        except RecursionError as error:
            raise exceptions.ParseError(say("This is nested too deeply.")) from error
        except ValueError as error:  # UnicodeEncodeError is one
            raise _unspeakable(said, "") or error from error
        return said


def _unspeakable(said: Any, where: str) -> Invalid | None:
    """What cannot be said again, with its path: `fixes[3].lon`."""
    if isinstance(said, float) and not math.isfinite(said):
        return Invalid("This number is too large.", where=where or "body")
    if isinstance(said, str):
        half = SURROGATE.search(said)
        return Invalid("This text holds half a letter.", where=where or "body") if half else None
    inner: list[tuple[str, Any]] = []
    if isinstance(said, dict):
        inner = [(where, key) for key in said]
        inner += [(f"{where}.{key}" if where else key, value) for key, value in said.items()]
    elif isinstance(said, list):
        inner = [(f"{where}[{index}]", value) for index, value in enumerate(said)]
    return next((found for path, value in inner if (found := _unspeakable(value, path))), None)


class ByNewest(CursorPagination):
    """Stable paging of things that keep arriving: `?cursor=`, newest first."""

    ordering = "-id"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000
