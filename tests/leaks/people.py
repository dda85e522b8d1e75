"""Families in the world of the leak test: one in each grid, with everything that is known of people.

What is planted is found again in two forms: whole, which no way out may ever tell, and masked, which some are told. So that
a mask says whose it is, every person has a surname of its own (rare characters of CJK Extension A), every phone four last
digits of its own, and everybody was born on another day of 1899.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from tests.leaks.markers import Mark, Marker
from tests.people.identities import a_number
from twin.base.sealed_fields import new_ids, sealed_columns
from twin.people import actions as people
from twin.people.models import (
    CarePair,
    DwellingTag,
    EmergencyContact,
    Household,
    HouseholdTag,
    Organisation,
    Person,
    PersonTag,
    PrivacyRule,
    Residence,
    RosterAddress,
    RosterRow,
    RosterRun,
    SpaceShare,
    Tag,
    TagCatalogueRow,
    TagCatalogueRun,
    TagClass,
)
from twin.places.models import Community, Dwelling, Grid

MODELS = (
    Person, EmergencyContact, Household, Residence, SpaceShare, Organisation, CarePair, TagClass, Tag, PersonTag,
    HouseholdTag, DwellingTag, PrivacyRule, RosterRun, RosterAddress, RosterRow,
    TagCatalogueRun, TagCatalogueRow,
)  # fmt: skip
FIRST_SURNAME = 0x3400
_serial = count(1)


@dataclass(frozen=True)
class Someone:
    """What one planted person is called, called at, and known by."""

    n: int
    name: str
    phone: str
    identity: str

    @property
    def masked_name(self) -> str:
        return f"{self.name[0]}**"

    @property
    def masked_phone(self) -> str:
        return f"{self.phone[:3]}****{self.phone[-4:]}"


def somebody() -> Someone:
    n = next(_serial)
    return Someone(
        n,
        f"{chr(FIRST_SURNAME + n)}zq{90000 + n}qz",
        f"199{n:08d}",
        a_number(date(1899, 1, 1) + timedelta(days=n % 365), serial=n % 1000),
    )


def move_in(marker: Marker, community: Community, grid: Grid, belongs: str) -> Person:
    """A family in the grid's first stairwell. Returns its head, who has a tag of every level."""
    cells = Dwelling.objects.filter(building__grid=grid, unit__number="1").order_by("floor", "room")
    home, next_door, kitchen = list(cells.filter(floor__gte=2)[:3])
    head, neighbour = (_person(marker, community, belongs) for _ in range(2))
    gone = _person(marker, community, belongs, seen_from="away" if belongs == "home" else belongs)
    household = people.add_household(
        community=community, household=people.NewHousehold(home.pk, source="册", source_id=f"h{grid.pk}")
    )
    since = timezone.now() - timedelta(days=9)
    for person, dwelling, said in (
        (head, home, {"household_id": household.pk, "role": "head", "tenure": "own"}),
        (head, home, {"household_id": household.pk, "role": "head", "basis": "registered"}),
        (neighbour, next_door, {"tenure": "rent"}),
        (gone, home, {"until": timezone.now() - timedelta(days=1)}),
    ):
        new = people.NewResidence(person.pk, dwelling.pk, since=since, source="册", **said)  # type: ignore[arg-type]
        people.start_residence(community=community, residence=new)
    people.share_space(space=kitchen, households=[household])
    people.start_care_pairs(community=community, pairs=[people.NewCarePair(neighbour.pk, head.pk)])
    _contact(marker, community, head, belongs)
    _shop(marker, community, home, belongs)
    _roster(marker, community, home, belongs)
    _tag_everything(community, {"person": head, "household": household, "dwelling": home})
    people.set_privacy_rule(community=community, digit_searches_per_minute=1000)
    for row in _rows_of(community, grid):
        marker.mark(row, belongs, level=row.tag.level if hasattr(row, "tag") else 0)
    return head


def agree(marker: Marker, community: Community, belongs: str) -> None:
    """The catalogue, with tags of every level for everything that can have one."""
    people.add_starter_tags(community=community)
    tag_class = TagClass.objects.get(community=community, code="care")
    for applies_to in Tag.Applies.values:
        for level in range(1, 5):
            people.add_tag(
                tag_class=tag_class, code=f"{applies_to}_{level}", level=level, name=f"{applies_to}{level}",
                applies_to=applies_to, purpose="为何", basis="据何",
            )  # fmt: skip
        people.add_tag(tag_class=tag_class, code=f"{applies_to[0].upper()}5", level=5, applies_to=applies_to)
    for row in (
        *TagClass.objects.filter(community=community),
        *Tag.objects.filter(community=community, level__lt=5),
    ):
        marker.mark(row, belongs)
    _catalogue(marker, community, belongs)


def _catalogue(marker: Marker, community: Community, belongs: str) -> None:
    """A catalogue of tags that somebody else sent."""
    run = TagCatalogueRun.objects.create(
        community=community, file_name="目录.xlsx", source="目录", state="applied", applied_at=timezone.now(),
        sha256="0" * 64, report={"counts": {"create": 1}, "reasons": {}, "row_notes": {}, "notes": []}, file=b"x",
    )  # fmt: skip
    row = TagCatalogueRow.objects.create(run=run, sheet="目录", number=2, kind="tag", verdict="create")
    for stored in (run, row):
        marker.mark(stored, belongs)


def _person(marker: Marker, community: Community, belongs: str, seen_from: str = "") -> Person:
    """Who no longer lives here is a masked name in the history of a home, and more than that only to who sees all of the
    community, like those `seen_from` elsewhere."""
    one = somebody()
    new = people.NewPerson(
        one.name, identity=one.identity, phone=one.phone, source="册", source_id=f"p{one.n}"
    )
    person = people.add_person(community=community, person=new)
    assert person.birth_date is not None
    for field, text in (
        ("name", one.name[1:]),
        ("name (masked)", one.masked_name),
        ("phone", one.phone),
        ("phone (masked)", one.masked_phone),
        ("identity", one.identity),
        ("birth_date", str(person.birth_date)),
    ):
        where = belongs if field.startswith("name") else seen_from or belongs
        marker.marks[text] = Mark(text, "people.Person", person.pk, field, where)
    return person


def _contact(marker: Marker, community: Community, person: Person, belongs: str) -> None:
    one = somebody()
    contact = people.NewContact(person.pk, one.name, one.phone, "女儿")
    [pk] = people.add_emergency_contacts(community=community, contacts=[contact])
    _plant(marker, one, "people.EmergencyContact", pk, "name", belongs)


def _shop(marker: Marker, community: Community, home: Dwelling, belongs: str) -> None:
    one = somebody()
    shop = people.NewOrganisation(home, "店", "shop", contact_name=one.name, phone=one.phone, source="册")
    [pk] = people.add_organisations(community=community, organisations=[shop])
    _plant(marker, one, "people.Organisation", pk, "contact_name", belongs)


def _roster(marker: Marker, community: Community, home: Dwelling, belongs: str) -> None:
    """A roster that somebody else sent, with a row that waits and would change a name and a birth. A number stands in the
    wrong column of it."""
    one, [run_id, row_id] = somebody(), new_ids(RosterRun, 1) + new_ids(RosterRow, 1)
    said = json.dumps({"name": one.name, "phone": one.phone, "identity": one.identity})
    run = RosterRun.objects.create(
        id=run_id, community=community, file_name="册.xlsx", source="册", state="applied", applied_at=timezone.now(),
        sha256="0" * 64,
        report={
            "counts": {"wait": 1, "faults": 2}, "reasons": {}, "row_notes": {}, "notes": [],
            "read_as": {"format": "XLSX", "encoding": "", "sheets": []},
        },
        **_sealed(RosterRun, run_id, community, file_sealed=b64encode(said.encode()).decode()),
    )  # fmt: skip
    candidate = {
        "building": home.building_id,
        "unit": home.unit_id,
        "dwelling": home.pk,
        "confidence": 0.5,
        "reasons": [],
    }
    address = RosterAddress.objects.create(run=run, text="老楼", confidence=0.5, candidates=[candidate])
    born = date(1899, 1, 1) + timedelta(days=one.n % 365)
    row = RosterRow.objects.create(
        id=row_id, run=run, sheet="册", number=2, verdict="wait", address=address,
        changes={"name": [one.name, one.name], "birth_date": [str(born), str(born)]},
        notes=[
            {"code": "sex_not_understood", "field": "sex", "column": "性别 (D)", "letter": "D", "text": one.identity},
            {"code": "birth_is_no_day", "field": "birth_date", "column": "生日 (E)", "letter": "E", "text": str(born)},
        ],
        **_sealed(RosterRow, row_id, community, said_sealed=said),
    )  # fmt: skip
    for text, label, field in (
        (one.name[1:], "people.RosterRow", "changes"),
        (one.masked_name, "people.RosterRow", "changes (masked)"),
        (str(born), "people.Person", "birth_date"),
        (one.phone, "people.Person", "phone"),
        (one.identity, "people.Person", "identity"),
    ):
        marker.marks[text] = Mark(text, label, row_id, field, belongs)
    for stored in (run, address, row):
        marker.mark(stored, belongs)


def _sealed(model: Any, row_id: int, community: Community, **texts: str) -> dict[str, Any]:
    return sealed_columns(model, row_id=row_id, community_id=community.pk, texts=texts)


def _plant(marker: Marker, one: Someone, label: str, pk: int, name: str, belongs: str) -> None:
    for field, text in (
        (name, one.name[1:]),
        (f"{name} (masked)", one.masked_name),
        ("phone", one.phone),
        ("phone (masked)", one.masked_phone),
    ):
        marker.marks[text] = Mark(text, label, pk, field, belongs)


def _tag_everything(community: Community, subjects: dict[str, Any]) -> None:
    for applies_to, subject in subjects.items():
        codes = [f"{applies_to}_{level}" for level in range(1, 5)] + [f"{applies_to[0].upper()}5"]
        for tag in Tag.objects.filter(community=community, code__in=codes):
            people.give_tag(tag=tag, subject=subject, reason="因为", source="走访")
    ended = Tag.objects.get(community=community, code="gravely_ill")
    people.end_tagging(tagging=people.give_tag(tag=ended, subject=subjects["person"]), why="好了")


def _rows_of(community: Community, grid: Grid) -> Iterator[Any]:
    """The rows of this grid's family, those of fields that are planted above apart."""
    here = {"building__grid": grid}
    of_people = {"person__residences__dwelling__building__grid": grid}
    dwelling = {f"dwelling__{lookup}": value for lookup, value in here.items()}
    yield from Person.objects.filter(residences__dwelling__building__grid=grid).distinct()
    yield from EmergencyContact.objects.filter(**of_people).distinct()
    yield from Household.objects.filter(**dwelling)
    yield from Residence.objects.filter(**dwelling)
    yield from Organisation.objects.filter(**dwelling)
    yield from PersonTag.objects.filter(**of_people).select_related("tag").distinct()
    yield from HouseholdTag.objects.filter(household__dwelling__building__grid=grid).select_related("tag")
    yield from DwellingTag.objects.filter(**dwelling).select_related("tag")
