"""What a report tells of rows, masked as people are. A cell may hold what belongs into another column, or its column may have
been taken for another one: so of no cell but an address the whole text is told. Row and column say where to look."""

from __future__ import annotations

from typing import Any

from twin.base.notes import told_note
from twin.people.masking import HIDDEN, masked_name
from twin.people.roster.comparing import SEALED

TOLD_WHOLE = frozenset({"address", "registered_address", "compound", "building", "unit", "room", "since"})
"""Cells whose text is told: where somebody lives is what the report is about."""
OF_A_BIRTH = frozenset({"birth_date"})


def masked_note(kept: dict[str, Any]) -> dict[str, Any]:
    """A stored note of a row with its message, in the language of whoever reads it now."""
    if "text" in kept and kept.get("field", "address") not in TOLD_WHOLE:
        kept = {**kept, "text": SEALED if kept["field"] in OF_A_BIRTH else _begun(str(kept["text"]))}
    return told_note(kept)


def masked_changes(changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What becomes of a row, told as people are: surnames, and no dates of birth."""
    masks = {"name": masked_name, "birth_date": lambda day: SEALED if day else ""}
    return {field: [masks[field](value or "") for value in pair] if field in masks else pair
            for field, pair in changes.items()}  # fmt: skip


def _begun(text: str) -> str:
    """Its first letter; a text of one letter is told."""
    return text if len(text) < 2 else text[0] + HIDDEN
