"""Who lives and who is registered where, and since when. Rows are never changed: they end, and others begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.sealed_fields import new_ids
from twin.base.verbs import verb
from twin.people.actions.holding import clock, held, held_homes, refused
from twin.people.events import ResidencesEnded, ResidencesStarted
from twin.people.models import Household, Person, Residence
from twin.places.actions.bulk import copy_rows
from twin.places.models import Community

WRITTEN = (
    "id",
    "community",
    "person",
    "dwelling",
    "household",
    "basis",
    "tenure",
    "role",
    "during",
    "source",
)


@dataclass(frozen=True, slots=True)
class NewResidence:
    """A person in a dwelling from `since` (UTC, None: now) until `until` (None: open). Who lives in a household lives in
    its dwelling; who is only registered there may belong to a household elsewhere."""

    person_id: int
    dwelling_id: int
    basis: str = Residence.Basis.ACTUAL
    household_id: int | None = None
    tenure: str = Residence.Tenure.UNKNOWN
    role: str = Residence.Role.OTHER
    since: datetime | None = None
    until: datetime | None = None
    source: str = ""


@verb
def start_residence(*, community: Community, residence: NewResidence) -> Residence:
    """Raises Invalid for somebody or something of another community, Conflict where it ends before it begins or the person
    is registered elsewhere, lives there already, or the household has a head."""
    [residence_id] = start_residences(community=community, residences=[residence])
    return Residence.objects.get(pk=residence_id)


@verb
def start_residences(*, community: Community, residences: Sequence[NewResidence]) -> list[int]:
    """Start many at once, all or nothing. Returns their ids, in the order given. Raises like `start_residence`."""
    if not residences:
        return []
    households = held_homes(
        community.pk,
        (r.dwelling_id for r in residences),
        (r.household_id for r in residences if r.household_id is not None),
    )
    held(Person, community.pk, (r.person_id for r in residences), "person")
    now = clock()
    for n, residence in enumerate(residences):
        _check(residence, households, now, f"residences[{n}].")
    return write_residences(community.pk, residences, now)


def write_residences(community_id: int, residences: Sequence[NewResidence], now: datetime) -> list[int]:
    """Write checked rows about held people and homes, and tell of them. Inside a verb only."""
    ids = new_ids(Residence, len(residences))
    fields = [Residence._meta.get_field(name) for name in WRITTEN]
    rows = (_row(community_id, pk, r, now) for pk, r in zip(ids, residences, strict=True))
    try:
        with transaction.atomic():
            copy_rows(Residence, fields, rows)  # type: ignore[arg-type]
    except IntegrityError as error:
        raise refused(error, "residences") from error
    where = tuple(sorted({r.dwelling_id for r in residences}))
    emit(ResidencesStarted(community_id=community_id, residence_ids=tuple(ids), dwelling_ids=where))
    return ids


@verb
def end_residence(*, residence: Residence, at: datetime | None = None) -> Residence:
    """The person lives, or is registered, there no longer, as of that moment (UTC, default now). Raises Conflict for one
    that is over already or would end before it began."""
    row = Residence.objects.select_for_update(no_key=True).get(pk=residence.pk)
    moment = at or clock()
    if row.during.upper is not None and row.during.upper <= moment:
        raise Conflict("This residence is over already.")
    end_residences_of(row.community_id, [row], moment)
    return row


def end_residences_of(community_id: int, rows: Sequence[Residence], at: datetime) -> None:
    """End these rows, which are locked, and tell of it. Inside a verb only."""
    if not rows:
        return
    for row in rows:
        if row.during.lower >= at:
            raise Conflict("A residence ends after it begins.", code="a_residence_lasts_from_some_moment")
        row.during = DateTimeTZRange(row.during.lower, at)
    Residence.objects.bulk_update(rows, ["during"], batch_size=1000)
    emit(
        ResidencesEnded(
            community_id=community_id,
            residence_ids=tuple(sorted(row.pk for row in rows)),
            dwelling_ids=tuple(sorted({row.dwelling_id for row in rows})),
        )
    )


def open_residences(at: datetime, **of: Any) -> list[Residence]:
    """Residences that hold at that moment or begin later, locked in order of id."""
    rows = Residence.objects.filter(Q(during__upper_inf=True) | Q(during__endswith__gt=at), **of)
    return list(rows.order_by("pk").select_for_update(no_key=True))


def _check(residence: NewResidence, households: dict[int, Household], now: datetime, where: str) -> None:
    for field, choices in (
        ("basis", Residence.Basis),
        ("tenure", Residence.Tenure),
        ("role", Residence.Role),
    ):
        if getattr(residence, field) not in choices.values:
            raise Invalid(
                "%(value)s is no %(field)s of a residence.",
                value=getattr(residence, field),
                field=field,
                where=where + field,
            )
    registered_only = residence.tenure == Residence.Tenure.REGISTERED_ONLY
    if registered_only and residence.basis != Residence.Basis.REGISTERED:
        raise Invalid("Who is registered only does not live there.", where=f"{where}tenure")
    if residence.until is not None and residence.until <= (residence.since or now):
        raise Invalid("A residence ends after it begins.", where=f"{where}until")
    if residence.household_id is None or residence.basis != Residence.Basis.ACTUAL:
        return
    if households[residence.household_id].dwelling_id != residence.dwelling_id:
        raise Invalid("The household lives in another dwelling.", where=f"{where}household")


def _row(community_id: int, residence_id: int, residence: NewResidence, now: datetime) -> dict[str, Any]:
    return {
        "id": residence_id,
        "community_id": community_id,
        "person_id": residence.person_id,
        "dwelling_id": residence.dwelling_id,
        "household_id": residence.household_id,
        "basis": residence.basis,
        "tenure": residence.tenure,
        "role": residence.role,
        "during": DateTimeTZRange(residence.since or now, residence.until),
        "source": residence.source,
    }
