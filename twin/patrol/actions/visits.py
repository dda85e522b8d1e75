"""Visits: entered by whoever called, withdrawn by the same or a supervisor, changed by nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from twin.access.roles import MAY_VISIT
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import emit
from twin.base.verbs import verb
from twin.patrol.events import VisitsRecorded, VisitWithdrawn
from twin.patrol.models import Visit
from twin.patrol.models.visit import LONGEST_NOTE
from twin.patrol.querysets import SUPERVISES_PATROLS
from twin.people.actions.holding import clock, held_one
from twin.people.models import Household
from twin.places.models import Community, Dwelling

AHEAD = timedelta(minutes=2)
"""How far a phone's clock may disagree with the server's."""
ENTERED_WITHIN = timedelta(days=30)
MEANWHILE = "a_call_"
"""How the names of the constraints begin that refuse the same visit a second time."""


@dataclass(frozen=True, slots=True)
class NewVisit:
    """`visited_at` in UTC; `service` empty for a call and no more; `household_id` None for the dwelling as a whole."""

    dwelling_id: int
    worker_id: int
    visited_at: datetime
    outcome: str
    service: str = ""
    note: str = ""
    household_id: int | None = None


@verb
def record_visit(
    *,
    dwelling: Dwelling,
    by: User,
    outcome: str,
    visited_at: datetime | None = None,
    household: Household | None = None,
    service: str = "",
    note: str = "",
) -> Visit:
    """Enter a call that one paid oneself, now or within the last 30 days.

    Raises NotVisible unless one may visit there; Invalid for a moment ahead or too long ago, for a household that lives
    elsewhere and for a service without having met anybody; Conflict for a dwelling that has ended and for the same visit
    a second time.
    """
    if not scope_of(by).holds(MAY_VISIT, dwelling.building.grid.path):
        raise NotVisible("You do not visit homes here.", where="dwelling")
    held_one(dwelling)
    now = clock()
    _check(visited_at or now, now, outcome, service, note)
    if household is not None and held_one(household).dwelling_id != dwelling.pk:
        raise Invalid("This household does not live in this dwelling.", where="household")
    new = NewVisit(
        dwelling.pk,
        by.pk,
        min(visited_at or now, now),
        outcome,
        service,
        note,
        household.pk if household else None,
    )
    try:
        with transaction.atomic():
            [visit] = record_visits(community=dwelling.community, visits=[new])
    except IntegrityError as error:
        if MEANWHILE not in str(error):
            raise
        raise Conflict(
            "This visit is entered already.", where="visited_at", code="already_entered"
        ) from error
    return visit


@verb
def record_visits(*, community: Community, visits: Iterable[NewVisit]) -> list[Visit]:
    """Enter many, of whom and when ever: for loaders, which have seen to it that they are right."""
    rows = Visit.objects.bulk_create(
        Visit(
            community=community, dwelling_id=v.dwelling_id, household_id=v.household_id, worker_id=v.worker_id,
            visited_at=v.visited_at, outcome=v.outcome, service=v.service, note=v.note,
        )
        for v in visits
    )  # fmt: skip
    if rows:
        emit(VisitsRecorded(community_id=community.pk, dwelling_ids=_dwellings(rows)))
    return rows


@verb
def withdraw_visit(*, visit: Visit, by: User, reason: str) -> Visit:
    """Take back a visit that was entered wrongly: one's own, or one in a grid that one supervises. It stays to be seen by
    the auditor's eyes only.

    Raises NotVisible for everybody else, Invalid without a reason, Conflict if it was withdrawn already.
    """
    current = (
        Visit.objects.select_for_update(of=["self"], no_key=True)
        .select_related("dwelling__building__grid")
        .get(pk=visit.pk)
    )
    path = current.dwelling.building.grid.path
    if by.pk != current.worker_id and not scope_of(by).holds(SUPERVISES_PATROLS, path):
        raise NotVisible("There is nothing here for you.")
    if not reason.strip():
        raise Invalid("Say why.", where="reason")
    if current.withdrawn_at is not None:
        raise Conflict("This visit was withdrawn already.", code="already_withdrawn")
    current.withdrawn_at, current.withdrawn_by, current.withdrawn_why = clock(), by, reason.strip()
    current.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    emit(
        VisitWithdrawn(
            community_id=current.community_id, visit_id=current.pk, dwelling_id=current.dwelling_id
        )
    )
    return current


def _check(visited_at: datetime, now: datetime, outcome: str, service: str, note: str) -> None:
    if visited_at > now + AHEAD:
        raise Invalid("A visit lies in the past.", where="visited_at")
    if visited_at < now - ENTERED_WITHIN:
        raise Invalid(
            "A visit is entered within %(days)s days.", days=ENTERED_WITHIN.days, where="visited_at"
        )
    if service and outcome != Visit.Outcome.MET:
        raise Invalid("A service is done for somebody who was met.", where="service")
    if len(note) > LONGEST_NOTE:
        raise Invalid("A note has at most %(most)s characters.", most=LONGEST_NOTE, where="note")


def _dwellings(rows: Sequence[Visit]) -> tuple[int, ...]:
    return tuple(sorted({row.dwelling_id for row in rows}))
