"""The canary: one row that shows whether this process holds the keys with which the database was written.

A process with other keys would write what no other can read, and find nobody. So it does not start.
"""

from __future__ import annotations

from threading import Thread
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from twin.base.models import KeyCanary
from twin.base.sealing import Unreadable, blind_index, seal, unseal

SONG = "canary"
PLACE = "base_keycanary.sealed:1"


def sing(**_: Any) -> None:
    """After every migrate: make the canary where there is none yet, and listen to it. Raises ImproperlyConfigured."""
    KeyCanary.objects.get_or_create(pk=1, defaults=verse())
    verify_keys()


def verse() -> dict[str, bytes]:
    """What the canary holds under the present keys."""
    return {"sealed": seal(SONG, bound_to=PLACE), "index": blind_index(SONG, purpose=PLACE)}


def can_read() -> bool:
    """Whether one of the present keys opens the canary, whatever the index key is."""
    try:
        return unseal(bytes(KeyCanary.objects.get().sealed), bound_to=PLACE) == SONG
    except (Unreadable, KeyCanary.DoesNotExist):
        return False


def verify_keys() -> None:
    """Raises ImproperlyConfigured, saying which key is wrong, when the keys are not those of this database."""
    try:
        canary = KeyCanary.objects.first()
    except DatabaseError as error:
        raise ImproperlyConfigured(f"The database cannot be read; has `migrate` been run? {error}") from error
    if canary is None:
        raise ImproperlyConfigured("This database has no key canary: run `manage.py migrate`.")
    try:
        readable = unseal(bytes(canary.sealed), bound_to=PLACE) == SONG
    except Unreadable as error:
        raise ImproperlyConfigured(
            f"TWIN_FIELD_KEYS cannot read this database ({error}). Put the missing key back; see docs/deploy.md."
        ) from error
    if not readable or bytes(canary.index) != blind_index(SONG, purpose=PLACE):
        raise ImproperlyConfigured(
            "TWIN_INDEX_KEY is not the key that this database is indexed with. Put it back; see docs/deploy.md."
        )


def verify_keys_at_start() -> None:
    """`verify_keys()` for a server that may be loading us inside its event loop, where Django refuses to ask the database."""
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            verify_keys()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
