"""Households: founded in a dwelling, moved to another, dissolved; and the spaces that they share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.sealed_fields import new_ids
from twin.base.verbs import verb
from twin.people.actions.holding import clock, held, held_homes, held_one, locked, refused
from twin.people.actions.residences import (
    NewResidence,
    end_residences_of,
    open_residences,
    write_residences,
)
from twin.people.events import HouseholdChanged, HouseholdEnded, HouseholdMoved, HouseholdsAdded, SpacesShared
from twin.people.models import Household, Residence, SpaceShare
from twin.places.actions.bulk import copy_rows
from twin.places.models import Community, Dwelling

WRITTEN = ("id", "community", "dwelling", "number", "kind", "source", "source_id", "ended_at")


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household to be founded. Without a number it gets the next free one of its dwelling: 1, 2, 3."""

    dwelling_id: int
    number: str = ""
    kind: str = Household.Kind.FAMILY
    source: str = ""
    source_id: str = ""


@verb
def add_household(*, community: Community, household: NewHousehold) -> Household:
    """Raises Invalid for a dwelling of another community, Conflict for a number that is taken or a dwelling that ended."""
    [household_id] = add_households(community=community, households=[household])
    return Household.objects.get(pk=household_id)


@verb
def add_households(*, community: Community, households: Sequence[NewHousehold]) -> list[int]:
    """Add many at once, all or nothing. Returns their ids, in the order given. Raises like `add_household`."""
    if not households:
        return []
    where = sorted({h.dwelling_id for h in households})
    held(Dwelling, community.pk, where, "dwelling")
    for n, household in enumerate(households):
        if household.kind not in Household.Kind.values:
            raise Invalid(
                "%(kind)s is no kind of household.", kind=household.kind, where=f"households[{n}].kind"
            )
    ids = new_ids(Household, len(households))
    numbers = _numbers(households)
    rows = [
        {
            "id": pk, "community_id": community.pk, "dwelling_id": h.dwelling_id, "number": number, "kind": h.kind,
            "source": h.source, "source_id": h.source_id,
        }
        for pk, h, number in zip(ids, households, numbers, strict=True)
    ]  # fmt: skip
    try:
        with transaction.atomic():
            copy_rows(Household, [Household._meta.get_field(name) for name in WRITTEN], rows)  # type: ignore[misc]
    except IntegrityError as error:
        raise refused(error, "number") from error
    emit(HouseholdsAdded(community_id=community.pk, household_ids=tuple(ids), dwelling_ids=tuple(where)))
    return ids


@verb
def change_household(*, household: Household, **changes: Any) -> Household:
    """Change `number` or `kind`. Where it lives has a verb of its own."""
    if not changes.keys() <= {"number", "kind"}:
        raise Invalid(
            "Only %(names)s can be changed.",
            names=["kind", "number"],
            where=min(changes.keys() - {"number", "kind"}),
        )
    if changes.get("kind", Household.Kind.FAMILY) not in Household.Kind.values:
        raise Invalid("%(kind)s is no kind of household.", kind=changes["kind"], where="kind")
    current = held_one(household)
    for field, value in changes.items():
        setattr(current, field, value)
    _save(current, list(changes))
    emit(
        HouseholdChanged(
            community_id=current.community_id, household_id=current.pk, dwelling_ids=(current.dwelling_id,)
        )
    )
    return current


@verb
def move_household(
    *,
    household: Household,
    to: Dwelling,
    at: datetime | None = None,
    tenure: str | None = None,
    with_registration: bool = False,
) -> Household:
    """The household moves to another dwelling at that moment (UTC, default now), with all who live in it.

    Those who are registered in the old dwelling stay registered there, unless `with_registration`. Raises Invalid for a
    dwelling of another community or the present one, Conflict for a household or dwelling that has ended.
    """
    locked(Dwelling, (household.dwelling_id, to.pk))  # the old one may have ended: that may be why they move
    [current] = held_homes(household.community_id, [to.pk], [household.pk]).values()
    before = current.dwelling_id
    if to.pk == before:
        raise Invalid("The household lives in this dwelling already.", where="to")
    moment = at or clock()
    bases = list(Residence.Basis.values) if with_registration else [Residence.Basis.ACTUAL]
    rows = open_residences(moment, household=current, dwelling=before, basis__in=bases)
    end_residences_of(current.community_id, rows, moment)
    current.dwelling = to
    current.number = _free_number(to.pk, current.number)
    _save(current, ["dwelling", "number"])
    write_residences(current.community_id, [_in(to.pk, row, moment, tenure) for row in rows], moment)
    emit(
        HouseholdMoved(
            community_id=current.community_id,
            household_id=current.pk,
            from_dwelling_id=before,
            to_dwelling_id=to.pk,
        )
    )
    return current


@verb
def end_household(*, household: Household, at: datetime | None = None) -> Household:
    """The household is dissolved: nobody lives in it any more. Registrations stay until they are ended themselves."""
    locked(Dwelling, [household.dwelling_id])
    [current] = held_homes(household.community_id, [], [household.pk]).values()
    moment = at or clock()
    rows = open_residences(moment, household=current, basis=Residence.Basis.ACTUAL)
    end_residences_of(current.community_id, rows, moment)
    _end_shares(moment, household=current)
    current.ended_at = moment
    current.save(update_fields=["ended_at"])
    emit(
        HouseholdEnded(
            community_id=current.community_id, household_id=current.pk, dwelling_ids=(current.dwelling_id,)
        )
    )
    return current


@verb
def share_space(
    *, space: Dwelling, households: Sequence[Household], since: datetime | None = None
) -> list[int]:
    """These households use a shared space, such as a kitchen, from that moment (UTC, default now). Returns ids of shares."""
    community_id = space.community_id
    held_homes(community_id, [space.pk], [household.pk for household in households])
    during = DateTimeTZRange(since or clock(), None)
    rows = [
        SpaceShare(community_id=community_id, space=space, household=household, during=during)
        for household in households
    ]
    try:
        with transaction.atomic():
            SpaceShare.objects.bulk_create(rows)
    except IntegrityError as error:
        raise refused(error, "households") from error
    _tell_shares(community_id, [household.pk for household in households], space.pk)
    return [row.pk for row in rows]


@verb
def stop_sharing(*, share: SpaceShare, at: datetime | None = None) -> SpaceShare:
    """A household uses a shared space no longer. Raises Conflict for one that has stopped already."""
    row = SpaceShare.objects.select_for_update().get(pk=share.pk)
    moment = at or clock()
    if row.during.upper is not None or row.during.lower >= moment:
        raise Conflict("This share is over already.")
    row.during = DateTimeTZRange(row.during.lower, moment)
    row.save(update_fields=["during"])
    _tell_shares(row.community_id, [row.household_id], row.space_id)
    return row


def _end_shares(at: datetime, **of: Any) -> None:
    for share in SpaceShare.objects.filter(**of, during__upper_inf=True):
        stop_sharing(share=share, at=at)


def _tell_shares(community_id: int, household_ids: list[int], space_id: int) -> None:
    homes = Household.objects.filter(pk__in=household_ids).values_list("dwelling_id", flat=True)
    where = tuple(sorted({space_id, *homes}))
    emit(SpacesShared(community_id=community_id, household_ids=tuple(household_ids), dwelling_ids=where))


def _in(dwelling_id: int, row: Residence, at: datetime, tenure: str | None) -> NewResidence:
    return NewResidence(
        person_id=row.person_id,
        dwelling_id=dwelling_id,
        basis=row.basis,
        household_id=row.household_id,
        tenure=row.tenure if tenure is None else tenure,
        role=row.role,
        since=at,
        source=row.source,
    )


def _numbers(households: Sequence[NewHousehold]) -> list[str]:
    """The number of each: its own, or the lowest that neither the dwelling nor an earlier one has."""
    taken: dict[int, set[str]] = defaultdict(set)
    standing = Household.objects.standing().filter(dwelling__in={h.dwelling_id for h in households})
    for dwelling_id, number in standing.values_list("dwelling_id", "number"):
        taken[dwelling_id].add(number)
    for household in households:
        if household.number:
            taken[household.dwelling_id].add(household.number)
    numbers = []
    for household in households:
        number = household.number or _lowest(taken[household.dwelling_id])
        taken[household.dwelling_id].add(number)
        numbers.append(number)
    return numbers


def _free_number(dwelling_id: int, wanted: str) -> str:
    taken = set(Household.objects.standing().filter(dwelling=dwelling_id).values_list("number", flat=True))
    return _lowest(taken) if wanted in taken else wanted


def _lowest(taken: set[str]) -> str:
    return next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken)


def _save(household: Household, fields: list[str]) -> None:
    try:
        with transaction.atomic():
            household.save(update_fields=fields)
    except IntegrityError as error:
        raise refused(error, "number") from error
