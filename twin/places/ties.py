"""What hangs on places: counted by the rooms above, which register here, so that whoever ends a place is told before.

    register_tie("devices", phrase, count)        # count(model, ids) -> {place id: how many}

The phrase says what becomes of them, with the place `%(count)s`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from twin.base.notes import Note, Phrase, note, register_phrases
from twin.places.models import Place

Count = Callable[[type[Place], Sequence[int]], dict[int, int]]

_ties: dict[str, Count] = {}


def register_tie(name: str, phrase: Phrase, count: Count) -> None:
    """Registering the same one again changes nothing (ready() may run twice)."""
    register_phrases({code_of(name): phrase})
    _ties[name] = count


def code_of(name: str) -> str:
    return f"ends_with_{name}"


def ties_of(model: type[Place], ids: Sequence[int]) -> dict[int, list[Note]]:
    """Place id -> a note for each kind of thing that hangs on it."""
    found: dict[int, list[Note]] = defaultdict(list)
    for name, count in _ties.items():
        for place_id, how_many in count(model, ids).items():
            if how_many:
                found[place_id].append(note(code_of(name), count=how_many))
    return found
