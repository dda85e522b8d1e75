"""The secrets of this checkout, made once and never changed by a start."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

from deploy.local.settings_file import read_settings, write_settings

PREFACE = """The secrets of this installation, made once. Whoever has this file can read the personal data:
keep it out of back-ups of the database, and keep a copy of it, for without it encrypted fields are lost."""


def key_of_32_bytes() -> str:
    """Random bytes for AES-256 or HMAC-SHA-256, in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def password() -> str:
    return secrets.token_urlsafe(24)


WANTED: dict[str, Callable[[], str]] = {
    "TWIN_SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "TWIN_FIELD_KEYS": key_of_32_bytes,
    "TWIN_INDEX_KEY": key_of_32_bytes,
    "DATABASE_PASSWORD": password,
    "DATABASE_OWNER_PASSWORD": password,
    "BROKER_PASSWORD": password,
}


def keys(path: Path) -> dict[str, str]:
    """The secrets in `path`; missing ones are made and added, present ones are never touched."""
    found = read_settings(path)
    missing = {name: make() for name, make in WANTED.items() if not found.get(name)}
    if missing:
        found |= missing
        write_settings(path, found, PREFACE)
    return found
