"""From an address to a building, unit and dwelling: right, or doubtful with candidates, never silently wrong.

Every reading of the address is compared with every building that it could mean. It is right when one reading, as good as
any, leads to one place in which all that was written agrees, and no other reading leads elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from twin.base.notes import Note
from twin.places.addresses.address import Address
from twin.places.addresses.candidates import candidates_for
from twin.places.addresses.comparing import Context, Found, buildings_that_agree, doubts_of, inside
from twin.places.addresses.gazetteer import Gazetteer
from twin.places.addresses.reading import AS_GOOD, readings
from twin.places.addresses.reasons import Reasons
from twin.places.addresses.text import without_remarks

MOST_CANDIDATES = 8
FAR_BEHIND = 0.3
"""Places that are so much less certain than the likeliest are not offered."""


class Verdict(StrEnum):
    RIGHT = "right"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Match:
    """The place, or the places that it may be, the likeliest first. text: the address as it was compared."""

    text: str
    verdict: Verdict
    place: Found | None
    confidence: float
    reasons: tuple[Note, ...]
    candidates: tuple[Found, ...] = ()
    reading: Address | None = None

    @property
    def is_right(self) -> bool:
        return self.verdict == Verdict.RIGHT

    @property
    def dwelling_id(self) -> int | None:
        """Of a match that is right, where the address goes as far as a dwelling."""
        return self.place.dwelling_id if self.place and self.is_right else None


def reconcile(text: str, gazetteer: Gazetteer, *, compound_id: int | None = None, source: str = "") -> Match:
    """compound_id: where all addresses of this kind lie, told apart from them. source: the roster that it stands in; what a
    clerk has decided for this roster comes before what holds everywhere."""
    plain, _ = without_remarks(text)
    for where in dict.fromkeys((source, "")):
        dwelling_id = gazetteer.address_aliases.get((where, plain))
        if dwelling_id is not None:
            building_id, dwelling = gazetteer.where_is[dwelling_id]
            if compound_id not in (None, gazetteer.buildings[building_id].compound_id):
                continue
            place = Found(building_id, dwelling.unit_id, dwelling.id, Reasons().add("address_decided"))
            return _match(plain, Verdict.RIGHT, place, None, [])
    found = readings(text, gazetteer.lexicon)
    if not found:
        return Match(plain, Verdict.DOUBTFUL, None, 0.0, Reasons().add("nothing_read").notes)
    context = Context(gazetteer, compound_id, source)
    return _judged(plain, found, context)


def _judged(plain: str, found: list[Address], context: Context) -> Match:
    best = found[0]
    tried = [(reading, _places(reading, context)) for reading in found]
    sound = {place.key: (reading, place) for reading, places in reversed(tried) for place in places
             if len(places) == 1 and place.reasons.are_sound}  # fmt: skip
    if len(sound) == 1:
        reading, place = next(iter(sound.values()))
        near = [p for other, places in tried if other.cost <= best.cost + AS_GOOD for p in places]
        if reading.cost <= best.cost + AS_GOOD and all(p.building_id == place.building_id for p in near):
            return _match(plain, Verdict.RIGHT, place, reading, [])
    return _doubtful(plain, tried, context)


def _doubtful(plain: str, tried: list[tuple[Address, list[Found]]], context: Context) -> Match:
    """The reasons are those of the best reading that led anywhere; the others' places are candidates too."""
    known: dict[tuple[int | None, ...], Found] = {}
    for reading, places in tried:
        said = doubts_of(reading, context)
        for place in [*places, *(near.because(said) for near in candidates_for(reading, context))]:
            held = known.get(place.key)
            if held is None or held.reasons.confidence < place.reasons.confidence:
                known[place.key] = place
    ordered = sorted(known.values(), key=lambda place: (-place.reasons.confidence, place.key))
    likely = [one for one in ordered if one.reasons.confidence >= ordered[0].reasons.confidence - FAR_BEHIND]
    reading, places = next(((r, p) for r, p in tried if p), tried[0])
    if len(places) == 1:
        reasons = places[0].reasons
        if reasons.are_sound:
            reasons = reasons.add("readings_disagree")
    elif places:
        code = "several_buildings" if len({p.building_id for p in places}) > 1 else "several_rooms"
        reasons = doubts_of(reading, context).add(code, count=len(places))
    else:
        reasons = doubts_of(reading, context).add("no_such_building")
    return Match(
        plain,
        Verdict.DOUBTFUL,
        None,
        reasons.confidence,
        reasons.notes,
        tuple(likely[:MOST_CANDIDATES]),
        reading,
    )


def _match(plain: str, verdict: Verdict, place: Found, reading: Address | None, others: list[Found]) -> Match:
    reasons = place.reasons if place.reasons.notes else place.reasons.add("address_agrees")
    return Match(plain, verdict, place, reasons.confidence, reasons.notes, tuple(others), reading)


def _places(reading: Address, context: Context) -> list[Found]:
    """Everything in the community that this reading may mean, as far down as it goes."""
    doubts = doubts_of(reading, context)
    return [
        place.because(doubts)
        for building, reasons in buildings_that_agree(reading, context)
        for place in inside(building, reading, context, reasons)
    ]
