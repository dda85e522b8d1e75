"""Where the addresses of a roster are: each is looked for once, and what is doubtful is kept for a clerk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gis.sentence import Sentence
from twin.base.notes import FileRefused, note
from twin.base.runs import Progress
from twin.people.roster.reading import Roster
from twin.people.roster.rows import Row, Verdict
from twin.places.addresses.gazetteer import Gazetteer
from twin.places.addresses.lexicon import NameKind
from twin.places.addresses.reasons import REASONS
from twin.places.addresses.reconciling import Match, reconcile
from twin.places.addresses.text import normalise

TOLD_EVERY = 1000
LONGEST_ADDRESS = 500


@dataclass(slots=True)
class Places:
    """matches: of every text that was looked for. compound_id: where all addresses of the file lie that name no place."""

    gazetteer: Gazetteer
    source: str
    compound_id: int | None = None
    matches: dict[tuple[str, bool], Match] = field(default_factory=dict)

    def match(self, text: str, *, here: bool = True) -> Match:
        """here: of the place that was told for the file; else it has to say itself where it is."""
        found = self.matches.get((text, here))
        if found is None:
            compound_id = self.compound_id if here else None
            found = reconcile(text, self.gazetteer, compound_id=compound_id, source=self.source)
            self.matches[text, here] = found
        return found

    def called(self, dwelling_id: int | None) -> str:
        """The dwelling as people say it."""
        if dwelling_id not in self.gazetteer.where_is:
            return "-"
        building_id, dwelling = self.gazetteer.where_is[dwelling_id]
        unit = f"{dwelling.unit}单元" if dwelling.unit else ""
        return f"{self.gazetteer.buildings[building_id].title}{unit}{dwelling.room}室"


def places_of(gazetteer: Gazetteer, source: str, compound: str, roster: Roster) -> Places:
    """compound: as the sender says it, else the one that the titles of the file name. Raises FileRefused for one that is
    not there."""
    if compound:
        stated = compounds_named(compound, gazetteer)
        if len(stated) != 1:
            raise FileRefused("roster_no_such_compound", where="compound", compound=compound)
        return Places(gazetteer, source, stated.pop())
    named = {one for title in roster.titles for one in _in_title(title, gazetteer)}
    if len(named) != 1:
        return Places(gazetteer, source)
    [(compound_id, name)] = named
    roster.notes.append(note("roster_place_from_title", compound=name))
    return Places(gazetteer, source, compound_id)


def compounds_named(name: str, gazetteer: Gazetteer) -> set[int]:
    plain = normalise(name)
    if NameKind.COMPOUND not in gazetteer.lexicon.kinds_of(plain):
        return set()
    return {
        b.compound_id for b in gazetteer.buildings.values() if b.compound_id is not None and plain in b.names
    }


def _in_title(title: str, gazetteer: Gazetteer) -> set[tuple[int, str]]:
    plain, found, at = normalise(title), set(), 0
    while at < len(plain):
        name = gazetteer.lexicon.longest_at(plain, at)
        if name is not None and NameKind.COMPOUND in name[2]:
            found |= {(compound_id, name[1]) for compound_id in compounds_named(name[1], gazetteer)}
        at += len(name[0]) if name else 1
    return found


def place_rows(rows: Sequence[Row], places: Places, progress: Progress) -> None:
    """Dwellings into the rows; those whose address is doubtful wait."""
    for done, row in enumerate(rows):
        if done % TOLD_EVERY == 0:
            progress("place", done, len(rows))
        if row.said.address:
            _place(row, places)
    progress("place", len(rows), len(rows))


def address_of(row: Row) -> str:
    """The address of a row with its compound, as it is looked for: it says where it is without the columns beside it."""
    said = row.said
    text = (
        said.address
        if normalise(said.compound) in normalise(said.address)
        else f"{said.compound}{said.address}"
    )
    return text[:LONGEST_ADDRESS]


def reason_of(match: Match) -> Sentence:
    """The last reason is the one that decided."""
    last = match.reasons[-1]
    return Sentence(REASONS[last.code], **last.details)


def _place(row: Row, places: Places) -> None:
    text = address_of(row)
    match = places.match(text)
    row.dwelling_id = match.dwelling_id
    if row.dwelling_id is None:
        name = "address" if "address" in row.columns else "room"
        if match.is_right:
            row.note("address_is_no_home", name, text=text)
        else:
            row.note("address_doubtful", name, text=text, reason=reason_of(match))
        if row.verdict != Verdict.REFUSE:
            row.verdict = Verdict.WAIT
    registered = row.said.registered_address
    if not registered:
        return
    if normalise(registered) == normalise(row.said.address):
        row.registered_dwelling_id = row.dwelling_id
        return
    row.registered_dwelling_id = places.match(registered[:LONGEST_ADDRESS], here=False).dwelling_id
    if row.registered_dwelling_id is None:
        row.note("registered_elsewhere", "registered_address", text=registered)
