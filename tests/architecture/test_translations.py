"""Chinese is complete: it is the language that most people see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from twin.base import errors
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


def raised() -> Iterator[tuple[str, ast.Call]]:
    """Every place where something is made that people are told."""
    for folder in catalogue.SOURCES:
        for path in sorted((catalogue.ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in catalogue.ERRORS:
                    yield f"{path.relative_to(catalogue.ROOT)}:{node.lineno}", node


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_entry_of_a_table(node: ast.expr) -> bool:
    """`REFUSALS[name]`: its sentences are marked one by one, with `known(...)`."""
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id.isupper()


def test_what_is_refused_is_said_in_one_piece_so_that_it_can_be_translated() -> None:
    """`Invalid("%(what)s has ended already.", what=building)`: one that is put together has no translation."""
    loose = [
        place
        for place, call in raised()
        if not (call.args and (is_text(call.args[0]) or is_entry_of_a_table(call.args[0])))
    ]
    assert not loose


def test_what_fills_a_sentence_is_given_with_it() -> None:
    wrong = [
        f"{place}: {named} is not {given}"
        for place, call in raised()
        if is_text(call.args[0])
        for named in [set(re.findall(r"%\((\w+)\)", ast.literal_eval(call.args[0])))]
        for given in [{k.arg for k in call.keywords} - {"where", "code"}]
        if named != given
    ]
    assert not wrong


def test_every_error_of_ours_is_taken_up_by_the_catalogue() -> None:
    ours = {kind.__name__ for kind in errors.TwinError.__subclasses__() if kind.__module__ == errors.__name__}
    assert ours <= set(catalogue.ERRORS)
