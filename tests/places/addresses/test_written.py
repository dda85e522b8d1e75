"""Two hundred addresses as people write them, over the demo community: right, or doubtful, never silently wrong.

`written.csv` tells of each what it means, or `?` where nobody could tell from the words alone. All of it is made up.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from pathlib import Path

import pytest

from twin.places.addresses.gazetteer import Gazetteer
from twin.places.addresses.lexicon import NameKind
from twin.places.addresses.reconciling import Match, reconcile

pytestmark = pytest.mark.django_db
NOBODY_CAN_TELL = "?"
WRITTEN = list(csv.DictReader((Path(__file__).parent / "written.csv").open(encoding="utf-8")))


def meant_by(match: Match, places: Gazetteer) -> str | None:
    """Building/unit/room of a match that is right, as the table writes it."""
    if match.place is None or not match.is_right:
        return None
    building = places.buildings[match.place.building_id]
    inside = places.inside.get(building.id)
    units = {unit_id: number for number, unit_id in inside.units.items()} if inside else {}
    dwelling = places.where_is[match.place.dwelling_id][1] if match.place.dwelling_id else None
    return f"{building.title}/{units.get(match.place.unit_id or 0, '')}/{dwelling.room if dwelling else ''}"


def judged(row: dict[str, str], places: Gazetteer) -> str:
    compound = next(
        (b.compound_id for b in places.buildings.values() if row["within"] in b.names and b.compound_id), None
    )
    match = reconcile(row["text"], places, compound_id=compound if row["within"] else None)
    meant = meant_by(match, places)
    return "doubtful" if meant is None else "right" if meant == row["meant"] else f"wrong: {meant}"


def test_no_address_is_given_to_a_wrong_place_in_silence(demo_places: Gazetteer) -> None:
    told = {f"{row['text']} → {row['meant']}": judged(row, demo_places) for row in WRITTEN}
    assert len(told) >= 200
    assert {text: found for text, found in told.items() if found not in ("right", "doubtful")} == {}


def test_what_can_be_told_is_told(demo_places: Gazetteer) -> None:
    """The share that docs/import.md states."""
    tellable = [row for row in WRITTEN if row["meant"] != NOBODY_CAN_TELL]
    found = Counter(judged(row, demo_places) for row in tellable)
    assert found == {"right": len(tellable)}, [
        r["text"] for r in tellable if judged(r, demo_places) != "right"
    ]


def test_what_nobody_can_tell_is_doubtful_with_a_reason(demo_places: Gazetteer) -> None:
    for row in WRITTEN:
        if row["meant"] == NOBODY_CAN_TELL:
            match = reconcile(row["text"], demo_places)
            assert not match.is_right, row["text"]
            assert match.reasons[-1].message, row["text"]
            assert match.confidence <= 0.8, row["text"]


FORMS = (
    "{where}{number}号楼{unit}单元{room}室", "{where}{number}-{unit}-{room}", "{where} {number}幢 {unit} 单元 {room}",
    "{where}{number}栋{unit}门{room}号", "{where}{number}＃{unit}单元{room}", "{where}{number}号楼-{unit}-{room}",
    "中国海棠市海湾区{where}{number}号楼{unit}单元{room}（租）",
)  # fmt: skip


def test_homes_drawn_by_lot_are_found_in_every_form(demo_places: Gazetteer) -> None:
    """鱼行弄18号 stays doubtful: it is a door of the old row, and the market hall in the lane of that name."""
    lots = random.Random(7)
    homes = lots.sample(sorted(demo_places.where_is), 1000)
    doubtful = []
    for home in homes:
        text = _written(home, demo_places, lots)
        match = reconcile(text, demo_places)
        assert match.dwelling_id in (home, None), (text, match.reasons)
        doubtful += [] if match.is_right else [text]
    assert len(doubtful) <= 5, doubtful


def _written(home: int, places: Gazetteer, lots: random.Random) -> str:
    building_id, dwelling = places.where_is[home]
    building = places.buildings[building_id]
    compound = next(name for name in building.names if NameKind.COMPOUND in places.lexicon.kinds_of(name))
    if building.doors.unit_of:
        door = next(door for door, unit in building.doors.unit_of.items() if unit == dwelling.unit)
        return f"{lots.choice([compound, building.road + building.road_number])}{door}号{dwelling.room}室"
    form = lots.choice(FORMS)
    if not dwelling.unit:
        for with_unit in (" {unit} 单元", "{unit}单元", "{unit}门", "{unit}-"):
            form = form.replace(with_unit, "")
    after_number = building.road_number.endswith("号") and "号楼" not in form
    where = compound if after_number else lots.choice([compound, building.road + building.road_number])
    number = next(iter(building.numbers))
    return form.format(where=where, number=number, unit=dwelling.unit, room=dwelling.room)
