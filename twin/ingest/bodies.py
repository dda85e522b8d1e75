"""Bodies from outside: small enough to read, and decoded in one step that names what is wrong and where.

msgspec checks types and ranges while it decodes; its own message ends in a path, which becomes `where`.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from twin.base.errors import Invalid, TooLarge
from twin.ingest.complaints import complaint

BODY_LIMIT = 1024 * 1024
PATH = re.compile(r"(.*) - at `(?:key in )?\$\.?(.*)`", re.DOTALL)

T = TypeVar("T")


def read_body(request: HttpRequest, *, limit: int = BODY_LIMIT) -> bytes:
    """The whole body. Raises TooLarge above `limit` bytes, whatever the Content-Length claims; Invalid for one that breaks
    off."""
    try:
        body = request.read(limit + 1)
    except UnreadablePostError as error:
        raise Invalid("The body broke off.", where="body") from error
    if len(body) > limit:
        raise TooLarge(
            "At most %(most)s KiB at once; send several batches.", most=limit // 1024, where="body"
        )
    return body


def decode(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """The decoded body. Raises Invalid with the path of the first fault, like `fixes[7].lon`."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        where = _first_not_finite(body)
        if where:
            raise Invalid("NaN and Infinity are not numbers in JSON.", where=where) from error
        raise Invalid("This is not JSON: %(reason)s.", reason=error, where="body") from error
    except RecursionError as error:
        raise Invalid("Nested too deeply.", where="body") from error


def invalid(error: msgspec.ValidationError) -> Invalid:
    """msgspec's complaint as ours."""
    said, where = str(error), ""
    if match := PATH.fullmatch(said):
        said, where = match.groups()
    return complaint(said).at(where or "body")


def _first_not_finite(body: bytes) -> str | None:
    """Where a body that is no JSON holds NaN or Infinity, which many JSON writers produce all the same."""
    try:
        return _path_to_not_finite(json.loads(body), "")
    except (ValueError, RecursionError):
        return None


def _path_to_not_finite(value: Any, path: str) -> str | None:
    if isinstance(value, float):
        return None if math.isfinite(value) else path
    inner: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inner = [(f"{path}.{key}" if path else str(key), v) for key, v in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{index}]", v) for index, v in enumerate(value)]
    return next((found for p, v in inner if (found := _path_to_not_finite(v, p)) is not None), None)
