"""What every verb of the room does first: find the rows it is about, see that they stand, and keep them so.

Dwellings are held before households and those before people, each in order of id, so that two verbs queue rather than
deadlock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, connection, models
from django.utils.translation import gettext_noop as known

from twin.base.errors import Conflict, Invalid
from twin.people.models import Household, Person, Residence, Tag
from twin.places.models import Dwelling

M = TypeVar("M", bound=models.Model)

# The database decides these; here is what it says to people. The constraint's own message is for the forms.
REFUSALS = {
    "person_identity_is_unique": known("There is a person with this identity number already."),
    "person_source_id_is_unique": known("There is a person with this id of this source already."),
    "household_number_is_unique_in_dwelling": known(
        "There is a household with this number in the dwelling already."
    ),
    "household_source_id_is_unique": known("There is a household with this id of this source already."),
    "organisation_source_id_is_unique": known(
        "There is an organisation with this id of this source already."
    ),
    "a_person_is_registered_in_one_place_at_a_time": known(
        "This person is registered somewhere else at that time."
    ),
    "a_person_lives_in_a_dwelling_once_at_a_time": known(
        "This person lives in this dwelling already at that time."
    ),
    "a_household_has_one_head_at_a_time": known("This household has another head at that time."),
    "a_household_shares_a_space_once_at_a_time": known("This household shares this space already."),
    "a_care_pair_holds_once_at_a_time": known("These two are a pair already."),
    "tag_code_is_unique": known("There is a tag with this code already."),
    "tag_class_code_is_unique": known("There is a tag class with this code already."),
    "a_person_has_a_tag_once_at_a_time": known("It has this tag already at that time."),
    "a_household_has_a_tag_once_at_a_time": known("It has this tag already at that time."),
    "a_dwelling_has_a_tag_once_at_a_time": known("It has this tag already at that time."),
}


def clock() -> datetime:
    """Now, by the database's clock: web processes may disagree, it cannot."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def locked(model: type[M], ids: Iterable[int]) -> dict[int, M]:
    """The rows with these ids, locked in order of id, whether they stand or not."""
    rows = model._default_manager.filter(pk__in=set(ids)).order_by("pk").select_for_update(no_key=True)
    if model is Dwelling:
        rows = rows.defer("footprint", "walls")
    return {row.pk: row for row in rows}


def held(model: type[M], community_id: int, ids: Iterable[int], where: str) -> dict[int, M]:
    """The standing rows of the community with these ids, locked. Raises Invalid for one of another community or none at
    all, Conflict for one that has ended."""
    wanted = sorted(set(ids))
    found = locked(model, wanted)
    for row_id in wanted:
        row: Any = found.get(row_id)
        if row is None or row.community_id != community_id:
            raise Invalid(
                "There is no %(kind)s %(id)s in this community.",
                kind=model._meta.verbose_name,
                id=row_id,
                where=where,
            )
        if row.ended_at is not None:
            raise Conflict("%(what)s has ended already.", what=_called(row))
    return found


def held_one(row: M) -> M:
    """The row as it is now, locked. Raises Conflict for one that has ended."""
    return held(type(row), row.community_id, [row.pk], type(row)._meta.model_name or "")[row.pk]  # type: ignore[attr-defined]


def held_homes(
    community_id: int, dwelling_ids: Iterable[int], household_ids: Iterable[int]
) -> dict[int, Household]:
    """Dwellings and households, held in that order. Returns the households."""
    held(Dwelling, community_id, dwelling_ids, "dwelling")
    return held(Household, community_id, household_ids, "household")


def dwellings_of_people(person_ids: Iterable[int]) -> tuple[int, ...]:
    """Where these people are registered or live now: the windows that show them."""
    rows = Residence.objects.current().filter(person__in=list(person_ids))
    return tuple(sorted(set(rows.values_list("dwelling_id", flat=True))))


def windows_of(applies_to: str, subject_ids: Iterable[int]) -> tuple[int, ...]:
    """The windows of what a tag is about: of people, of households, or the dwellings themselves."""
    ids = set(subject_ids)
    if applies_to == Tag.Applies.PERSON:
        return dwellings_of_people(ids)
    if applies_to == Tag.Applies.HOUSEHOLD:
        homes = Household.objects.filter(pk__in=ids).values_list("dwelling_id", flat=True)
        return tuple(sorted(set(homes)))
    return tuple(sorted(ids))


def refused(error: IntegrityError, where: str | None = None) -> Conflict | IntegrityError:
    """The Conflict that a constraint means, or the error itself where it means a fault of the program."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    return Conflict(REFUSALS[name], where=where, code=name) if name in REFUSALS else error


def _called(row: Any) -> Any:
    """People and households by what they are: a refusal names nobody."""
    return row._meta.verbose_name if isinstance(row, (Person, Household)) else str(row)
