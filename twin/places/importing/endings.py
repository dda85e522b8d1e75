"""Places that an earlier file of this source brought and this one does not: left alone, unless it is stated that they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import shapely
from django.db.models import Count

from twin.places.importing.known import KnownPlace
from twin.places.importing.notes import Note, note
from twin.places.importing.rows import Row, Verdict
from twin.places.models import Building, Compound, Dwelling, Grid, Place
from twin.places.ties import ties_of

if TYPE_CHECKING:
    from twin.places.importing.plan import Plan

MOST_SHARE = 0.5
"""When more than that would end, the file is more likely an extract than the whole."""
NO_ROW = 0
OWN: dict[type[Place], tuple[str, type[Place], str]] = {
    Building: ("ends_with_dwellings", Dwelling, "building"),
    Grid: ("ends_with_buildings", Building, "grid"),
    Compound: ("ends_as_compound", Building, "compound"),
}


def missing_places(rows: Sequence[Row], known: Mapping[str, KnownPlace]) -> dict[str, KnownPlace]:
    """By id in the source. What a refused row names is in the file all the same."""
    there = {row.source_id for row in rows}
    return {source_id: place for source_id, place in known.items() if source_id and source_id not in there}


def endings_of(missing: Mapping[str, KnownPlace]) -> list[Row]:
    """One entry for each, like a row that no file has: told, paged and carried out like the others."""
    return [
        Row(
            NO_ROW,
            source_id,
            verdict=Verdict.END,
            place_id=place.id,
            shape=shapely.from_wkb(place.shape) if place.shape else None,
            notes=[note("not_in_the_file", name=place.values.get("name") or source_id)],
        )
        for source_id, place in missing.items()
    ]


def tell_endings(plan: Plan) -> list[Note]:
    """Say on each entry what hangs on the place; returns what there is to say of them all."""
    ending = [row for row in plan.endings if row.verdict == Verdict.END]
    ids = [row.place_id for row in ending if row.place_id is not None]
    ties = _own_ties(plan.kind.model, ids)
    for place_id, notes in ties_of(plan.kind.model, ids).items():
        ties.setdefault(place_id, []).extend(notes)
    for row in ending:
        row.notes += ties.get(row.place_id or 0, [])
    if ending and len(ending) > MOST_SHARE * len(plan.known):
        return [note("most_would_end", count=len(ending), known=len(plan.known))]
    return []


def _own_ties(model: type[Place], ids: Sequence[int]) -> dict[int, list[Note]]:
    """What this room itself knows: dwellings of a building, buildings of a grid or compound."""
    if model not in OWN:
        return {}
    code, tied, field = OWN[model]
    rows = tied._default_manager.filter(ended_at=None, **{f"{field}__in": ids})
    counted = rows.order_by().values_list(field).annotate(count=Count("id"))
    return {place_id: [note(code, count=count)] for place_id, count in counted}
