from __future__ import annotations

import base64
import os
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from twin.base.canary import sing, verify_keys
from twin.base.models import KeyCanary
from twin.base.sealing import Unreadable, blind_index, seal, sealed_by_first_key, unseal
from twin.config import env

OLD, NEW = b"o" * 32, b"n" * 32


def test_what_is_sealed_is_read_back_where_it_was_sealed() -> None:
    assert unseal(seal("13800001234", bound_to="a.b:1"), bound_to="a.b:1") == "13800001234"


def test_and_nowhere_else() -> None:
    sealed = seal("13800001234", bound_to="a.b:1")
    with pytest.raises(Unreadable, match="was not sealed for a.b:2"):
        unseal(sealed, bound_to="a.b:2")


def test_the_same_text_is_sealed_differently_every_time() -> None:
    assert seal("x", bound_to="a.b:1") != seal("x", bound_to="a.b:1")


def test_a_changed_value_is_not_read() -> None:
    sealed = bytearray(seal("x", bound_to="a.b:1"))
    sealed[-1] ^= 1
    with pytest.raises(Unreadable):
        unseal(bytes(sealed), bound_to="a.b:1")


def test_the_first_key_writes_and_all_read(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    before = seal("x", bound_to="a.b:1")
    settings.FIELD_KEYS = [NEW, OLD]
    assert unseal(before, bound_to="a.b:1") == "x"
    assert sealed_by_first_key(seal("x", bound_to="a.b:1"))
    assert not sealed_by_first_key(before)
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(Unreadable, match="no key of TWIN_FIELD_KEYS"):
        unseal(before, bound_to="a.b:1")


def test_an_index_says_nothing_of_its_text_and_differs_by_purpose() -> None:
    assert blind_index("1234", purpose="a") == blind_index("1234", purpose="a")
    assert blind_index("1234", purpose="a") != blind_index("1234", purpose="b")
    assert b"1234" not in blind_index("1234", purpose="a")


@pytest.mark.django_db
def test_other_keys_stop_the_start_and_say_which(settings: Any) -> None:
    sing()
    verify_keys()
    right = settings.INDEX_KEY
    settings.INDEX_KEY = NEW
    with pytest.raises(ImproperlyConfigured, match="TWIN_INDEX_KEY"):
        verify_keys()
    settings.INDEX_KEY = right
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(ImproperlyConfigured, match="TWIN_FIELD_KEYS"):
        verify_keys()


@pytest.mark.django_db
def test_a_database_without_a_canary_has_to_be_migrated() -> None:
    KeyCanary.objects.all().delete()
    with pytest.raises(ImproperlyConfigured, match="migrate"):
        verify_keys()


def test_a_key_that_is_none_is_named_by_its_place_and_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    good = base64.b64encode(os.urandom(32)).decode()
    monkeypatch.setenv("TWIN_FIELD_KEYS", f"{good},c2hvcnQ=")
    with pytest.raises(ImproperlyConfigured, match="key 2") as refusal:
        env.keys("TWIN_FIELD_KEYS")
    assert "c2hvcnQ" not in str(refusal.value)
