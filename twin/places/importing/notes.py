"""Notes of an import, and how a file or a row is refused with one."""

from __future__ import annotations

from twin.base.notes import (
    FileRefused,
    Note,
    RowRefused,
    note,
    register_phrases,
    say,
    storable,
    told_note,
)
from twin.places.importing.messages import MESSAGES

__all__ = ["FileRefused", "Note", "RowRefused", "note", "say", "storable", "told_note"]

register_phrases(MESSAGES)
