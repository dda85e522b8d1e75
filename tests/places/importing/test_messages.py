"""Every note can be said, in both languages, with the same details."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from twin.places.importing.messages import MESSAGES
from twin.places.importing.notes import told_note

HOLES = re.compile(r"%\((\w+)\)s|%%")


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_tell_the_same_details(code: str) -> None:
    said = {}
    for language in ("en", "zh-hans"):
        with override(language):
            said[language] = str(MESSAGES[code])
    holes = {language: {hole for hole in HOLES.findall(text) if hole} for language, text in said.items()}
    assert holes["en"] == holes["zh-hans"]
    details = dict.fromkeys(holes["en"], "7")
    with override("en"):
        assert "%(" not in told_note({"code": code, **details})["message"]
