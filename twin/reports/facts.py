"""Everything that the cells of some rows say: one query for each table, asked only when a ticked field needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Count, TextChoices
from django.utils import timezone
from django.utils.translation import get_language

from twin.access.gate import visible
from twin.base.scope import Rights, Scope
from twin.devices.models import Alarm
from twin.people.models import (
    DwellingTag,
    EmergencyContact,
    Household,
    HouseholdTag,
    Person,
    PersonTag,
    Residence,
    Tag,
)
from twin.people.querysets import MOST_TOLD, TaggingQuerySet
from twin.people.rights import rights_over
from twin.places.models import Community, Dwelling
from twin.points.boards import bands_by_household
from twin.points.models import Account, Band

TAGS_OF: dict[str, TaggingQuerySet] = {
    "person": PersonTag.objects.all(),
    "household": HouseholdTag.objects.all(),
    "dwelling": DwellingTag.objects.all(),
}


def in_english() -> bool:
    return (get_language() or "").startswith("en")


@dataclass(frozen=True, slots=True)
class Row:
    """A household at home; or a person in a home, by the residence that tells most."""

    dwelling: Dwelling
    household: Household | None
    residence: Residence | None = None

    @property
    def person(self) -> Person:
        assert self.residence is not None  # only rows of people are asked
        return self.residence.person


@dataclass(frozen=True, slots=True)
class TagsTold:
    """Of one subject: the tags that the viewer may be told of, and whether there is more that is not said."""

    tags: tuple[Tag, ...] = ()
    extra_care: bool = False


class Facts:
    """What is known of these rows, as far as the viewer may be told."""

    def __init__(self, rows: Sequence[Row], community: Community, scope: Scope) -> None:
        self.rows = rows
        self.community = community
        self.scope = scope
        self.english = in_english()
        self._said: dict[tuple[type[TextChoices], str], str] = {}
        self.zone = ZoneInfo(community.time_zone)
        self.today = community.today()
        self.dwelling_ids = sorted({row.dwelling.pk for row in rows})
        self.household_ids = sorted({row.household.pk for row in rows if row.household})
        self.people = {row.residence.person_id: row.residence.person for row in rows if row.residence}

    def said(self, kind: type[TextChoices], value: str) -> str:
        """The word for a choice in the reader's language."""
        key = (kind, value)
        if key not in self._said:
            self._said[key] = str(kind(value).label)
        return self._said[key]

    def rights(self, row: Row) -> Rights:
        """What is granted of the person, or of those who live in this home."""
        if row.residence is not None:
            return self._rights_over_people[row.residence.person_id]
        return self.scope.rights_at(row.dwelling.building.grid.path, row.dwelling.unit_id)

    @cached_property
    def _rights_over_people(self) -> dict[int, Rights]:
        return rights_over(self.people.values(), self.scope)

    @cached_property
    def members(self) -> dict[int, list[Residence]]:
        """The residences of each household that hold now."""
        found: dict[int, list[Residence]] = defaultdict(list)
        rows = visible(Residence.objects.current(), to=self.scope).filter(household__in=self.household_ids)
        told = ("household_id", "person_id", "basis", "role", "tenure", "person__name", "person__birth_date")
        for residence in rows.select_related("person").only(*told).order_by("pk"):
            found[residence.household_id].append(residence)
        return found

    @cached_property
    def tags_of_people(self) -> dict[int, TagsTold]:
        return self._tags("person", sorted(self.people))

    @cached_property
    def tags_of_members(self) -> dict[int, TagsTold]:
        """Tags of the people of each household, each tag once."""
        people = {row.person_id for rows in self.members.values() for row in rows}
        told = self._tags("person", sorted(people))
        return {
            household: _together([told[row.person_id] for row in rows if row.person_id in told])
            for household, rows in self.members.items()
        }

    @cached_property
    def tags_of_households(self) -> dict[int, TagsTold]:
        return self._tags("household", self.household_ids)

    @cached_property
    def tags_of_dwellings(self) -> dict[int, TagsTold]:
        return self._tags("dwelling", self.dwelling_ids)

    @cached_property
    def balances(self) -> dict[int, int]:
        """Of the households whose balance the viewer may know; those without an account have none."""
        told = Account.objects.with_balance_for(self.scope).filter(household__in=self.household_ids)
        return dict(told.values_list("household", "balance"))

    @cached_property
    def bands(self) -> dict[int, Band]:
        """The band of the year, of the households that have done anything in it."""
        told = visible(Account.objects.all(), to=self.scope).filter(household__in=self.household_ids)
        known = set(told.values_list("household", flat=True))
        bands = bands_by_household(self.community, timezone.now(), households=self.household_ids)
        return {household: band for household, band in bands.items() if household in known}

    @cached_property
    def open_alarms(self) -> dict[int, int]:
        """By dwelling."""
        rows = visible(Alarm.objects.open(), to=self.scope).filter(dwelling__in=self.dwelling_ids)
        return dict(rows.order_by().values_list("dwelling").annotate(count=Count("pk")))

    @cached_property
    def contacts(self) -> dict[int, list[EmergencyContact]]:
        """By person."""
        found: dict[int, list[EmergencyContact]] = defaultdict(list)
        rows = visible(EmergencyContact.objects.standing(), to=self.scope).filter(person__in=self.people)
        for contact in rows.order_by("pk"):
            found[contact.person_id].append(contact)
        return found

    def _tags(self, applies_to: str, ids: Sequence[int]) -> dict[int, TagsTold]:
        found: dict[int, list[Tag]] = defaultdict(list)
        care: set[int] = set()
        rows = TAGS_OF[applies_to].current().visible_with_extra_care(self.scope)
        here = rows.filter(**{f"{applies_to}__in": ids}).select_related("tag")
        for row in here.order_by("tag__position", "tag"):
            subject = getattr(row, f"{applies_to}_id")
            if row.tag.level > MOST_TOLD:
                care.add(subject)
            else:
                found[subject].append(row.tag)
        return {pk: TagsTold(tuple(found[pk]), pk in care) for pk in found.keys() | care}


def _together(told: Sequence[TagsTold]) -> TagsTold:
    tags = {tag.pk: tag for one in told for tag in one.tags}
    ordered = sorted(tags.values(), key=lambda tag: (tag.position, tag.pk))
    return TagsTold(tuple(ordered), any(one.extra_care for one in told))
