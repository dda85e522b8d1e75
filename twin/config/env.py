"""The one place that reads the environment. Everything is `TWIN_*`; a secret has no default and names itself when missing."""

from __future__ import annotations

import base64
import binascii
import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The value of `name`. Raises ImproperlyConfigured when it is unset or empty and has no default."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is not set. `make run` sets it for the demo; in production see docs/deploy.md."
        )
    return value


def flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def seconds(name: str, default: int) -> int:
    """From 1 second to an hour. Raises ImproperlyConfigured for anything else."""
    told = text(name, str(default))
    if not told.isdecimal() or not 1 <= int(told) <= 3600:
        raise ImproperlyConfigured(f"{name} is {told!r}; it must be a number of seconds from 1 to 3600.")
    return int(told)


def items(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default or " ").split(",") if part.strip()]


def keys(name: str) -> list[bytes]:
    """Keys of 32 bytes in base64, separated by commas. Raises ImproperlyConfigured without telling what was there."""
    found = []
    for number, part in enumerate(text(name).split(","), start=1):
        try:
            key = base64.b64decode(part.strip(), validate=True)
        except binascii.Error:
            key = b""
        if len(key) != 32:
            raise ImproperlyConfigured(f"{name}: key {number} is not 32 bytes in base64; see docs/deploy.md.")
        found.append(key)
    return found


def database(name: str) -> dict[str, Any]:
    """`postgresql://user:password@host:port/name`, or `...@/name?host=/socket/folder&port=5433`, as Django's settings."""
    url = urlsplit(text(name))
    if url.scheme not in {"postgresql", "postgres", "postgis"} or not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgresql://user:password@host:5432/name")
    query = parse_qs(url.query)
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.get("host", [unquote(url.hostname or "")])[0],
        "PORT": query.get("port", [str(url.port or "")])[0],
    }
