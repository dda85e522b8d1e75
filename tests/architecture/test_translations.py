"""Chinese is complete: it is the language that most people see."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from twin.locale import catalogue


def test_every_message_has_its_chinese_and_no_other_is_kept() -> None:
    assert catalogue.problems() == [], "run `python -m twin.locale --write` and fill in what is empty"


def test_django_finds_it() -> None:
    with override("zh-hans"):
        assert gettext("stairwell head") == "楼组长"
    with override("en"):
        assert gettext("stairwell head") == "stairwell head"


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('msgstr "网格长"', 'msgstr ""', "no Chinese for: grid head"),
        ('msgid "grid head"', 'msgid "grid boss"', "no longer said: grid boss"),
        (
            "%(count)d 栋楼",
            "%(number)d 栋楼",
            "other placeholders: %(count)d buildings moved to another grid.",
        ),
        ('msgstr "网格长"', 'msgstr "格长"', "the compiled catalogue is not what the written one says"),
    ],
)
def test_what_is_wrong_with_it_is_named(
    before: str, after: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = catalogue.PO.read_text()
    assert before in text
    broken = tmp_path / "django.po"
    broken.write_text(text.replace(before, after))
    monkeypatch.setattr(catalogue, "PO", broken)
    assert problem in catalogue.problems()
