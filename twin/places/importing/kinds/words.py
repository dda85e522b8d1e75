"""Words of a file to ours. Latin words are compared whole, Chinese ones may be part of a longer one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from twin.places.importing.kinds.kind import Context
from twin.places.importing.numbers import is_nothing, plain
from twin.places.importing.rows import Row
from twin.places.importing.synonyms import listed

SAYS_NOTHING = frozenset(
    {"yes", "no", "true", "false", "1", "0", "1.0", "0.0", "building", "unclassified_building"}
)
Words = Mapping[str, tuple[str, ...]]

__all__ = ["Words", "listed", "ours", "text_of"]


def ours(values: Iterable[Any], words: Words, context: Context) -> tuple[str | None, bool]:
    """The first value that we have a word for, and whether there were values that we have none for."""
    strange = ""
    for value in values:
        if is_nothing(value) or isinstance(value, bool):
            continue
        text = plain(str(value)).replace("-", "_")
        if text in SAYS_NOTHING:
            continue
        found = _word(text, words)
        if found is not None:
            return found, False
        strange = strange or str(value)[:40]
    if strange:
        context.unknown_words[strange] = context.unknown_words.get(strange, 0) + 1
    return None, bool(strange)


def _word(text: str, words: Words) -> str | None:
    for ours_, theirs in words.items():
        if text == ours_ or text in theirs:
            return ours_
    if text.isascii():
        return None
    for ours_, theirs in words.items():
        if any(not word.isascii() and word in text for word in theirs):
            return ours_
    return None


def text_of(row: Row, name: str, value: Any, longest: int) -> str:
    """A text for a column of ours: one line, no control characters, cut with a note."""
    if is_nothing(value):
        return ""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    if len(text) > longest:
        row.note("text_was_cut", field=name, text=text[:200], longest=longest)
        return text[:longest].rstrip()
    return text
