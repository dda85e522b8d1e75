"""Something to say, apart from the language it is said in: this room knows none but English."""

from __future__ import annotations

from typing import Any


class Sentence:
    """A text in English with places like `%(m2)s`, and what fills them; a filling may be a sentence itself."""

    __slots__ = ("text", "values")

    def __init__(self, text: str, /, **values: Any) -> None:
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text

    def __repr__(self) -> str:
        return f"Sentence({str(self)!r})"


def known(text: str) -> str:
    """Mark the text of a sentence that is made elsewhere, for whoever collects what is said."""
    return text
