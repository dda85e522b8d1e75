"""Notes: what a long piece of work has to say about a row, a file or a guess. A code for machines, details for both, and a
message in the language of whoever reads it; so they are stored as codes and said when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from django.utils.functional import Promise

from gis.sentence import Sentence
from twin.base.errors import Invalid
from twin.base.sentences import stored, told

Phrase = str | Promise
_phrases: dict[str, Phrase] = {}


def register_phrases(phrases: Mapping[str, Phrase]) -> None:
    """Say what codes mean. A room does it where its codes are. Raises ValueError for a code that another room has."""
    twice = [code for code in phrases if _phrases.get(code, phrases[code]) is not phrases[code]]
    if twice:
        raise ValueError(f"these codes mean something else already: {', '.join(twice)}")
    _phrases.update(phrases)


@dataclass(frozen=True, slots=True)
class Note:
    """`details` fill the placeholders of the code's phrase and can be stored as JSON."""

    code: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """In the language of whoever reads it now."""
        return say(self.code, self.details)

    def stored(self) -> dict[str, Any]:
        return {"code": self.code, **storable(self.details)}


def note(code: str, **details: Any) -> Note:
    return Note(code, details)


def phrase_of(code: str) -> Phrase:
    return _phrases[code]


def say(code: str, details: dict[str, Any]) -> str:
    return told(_phrases[code], details)


def told_note(kept: dict[str, Any]) -> dict[str, Any]:
    """A stored note with its message, in the language of whoever reads it now."""
    details = {key: value for key, value in kept.items() if key != "code"}
    return {"code": kept["code"], "message": say(kept["code"], details), "details": details}


def storable(value: Any) -> Any:
    """A value that JSON in the database can hold: texts of a file may have zeros and halves of letters in them."""
    if isinstance(value, Sentence):
        return storable(stored(value))
    if isinstance(value, dict):
        return {storable(key): storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value


class FileRefused(Invalid):
    """The file as a whole cannot be imported: nothing of it was read into the database. The code names the reason."""

    def __init__(self, code: str, *, where: str | None = None, **details: Any) -> None:
        self.note = Note(code, details)
        super().__init__("", where=where, code=code)

    @property
    def message(self) -> str:
        return self.note.message


class RowRefused(Exception):
    """This row cannot be imported; the others can."""

    def __init__(self, code: str, **details: Any) -> None:
        self.note = Note(code, details)
        super().__init__(code)
