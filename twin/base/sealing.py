"""Text that only this installation can read: AES-256-GCM per field, and blind indexes to find it by.

A sealed value is `1 | key id (4) | nonce (12) | ciphertext and tag`. The place it is stored in (table, column, row) is bound
into the tag, so a value that is copied into another row or column cannot be read there. `TWIN_FIELD_KEYS`: the first key
writes, all of them read. A blind index is HMAC-SHA-256 under `TWIN_INDEX_KEY`, cut to 16 bytes: equal texts of one column
and community have equal indexes, and nothing else can be told from them.
"""

from __future__ import annotations

import hmac
import os
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
INDEX_BYTES = 16


class Unreadable(Exception):
    """A sealed value that no key of this installation opens: the key is missing, or the value is not where it was sealed."""


def key_id(key: bytes) -> bytes:
    """What a value says of the key that sealed it: the first bytes of the key's own digest."""
    return sha256(b"twin field key" + key).digest()[:KEY_ID_BYTES]


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[bytes, ...]) -> dict[bytes, AESGCM]:
    return {key_id(key): AESGCM(key) for key in keys}


def seal(text: str, *, bound_to: str) -> bytes:
    """Seal a text with the first key. `bound_to` names where it is stored, and is needed again to read it."""
    first = key_id(settings.FIELD_KEYS[0])
    nonce = os.urandom(NONCE_BYTES)
    cipher = _ciphers(tuple(settings.FIELD_KEYS))[first]
    return VERSION + first + nonce + cipher.encrypt(nonce, text.encode(), bound_to.encode())


def unseal(sealed: bytes, *, bound_to: str) -> str:
    """The text of a sealed value. Raises Unreadable, saying whether the key is missing or the place is wrong."""
    value = bytes(sealed)
    used = value[1 : 1 + KEY_ID_BYTES]
    cipher = _ciphers(tuple(settings.FIELD_KEYS)).get(used)
    if value[:1] != VERSION or cipher is None:
        raise Unreadable(f"no key of TWIN_FIELD_KEYS has the id {used.hex()}")
    start = 1 + KEY_ID_BYTES
    nonce, body = value[start : start + NONCE_BYTES], value[start + NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, body, bound_to.encode()).decode()
    except InvalidTag:
        raise Unreadable(f"this value was not sealed for {bound_to}") from None


def sealed_by_first_key(sealed: bytes) -> bool:
    return bytes(sealed)[1 : 1 + KEY_ID_BYTES] == key_id(settings.FIELD_KEYS[0])


def blind_index(text: str, *, purpose: str) -> bytes:
    """The index of a text. `purpose` keeps columns and communities apart: equal texts there have other indexes."""
    message = f"{purpose}\x1f{text}".encode()
    return hmac.new(settings.INDEX_KEY, message, sha256).digest()[:INDEX_BYTES]
