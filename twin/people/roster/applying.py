"""Carrying a plan out: one transaction, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from twin.base.events import emit
from twin.base.patience import be_patient
from twin.base.runs import Progress, silent
from twin.base.verbs import verb
from twin.people.actions.holding import clock
from twin.people.actions.households import NewHousehold, add_households, move_household
from twin.people.actions.people import NewPerson, add_people, change_person
from twin.people.actions.residences import NewResidence, end_residences_of, open_residences, start_residences
from twin.people.events import RosterImported
from twin.people.models import Household, Person
from twin.people.roster.comparing import Stay
from twin.people.roster.households import Group
from twin.people.roster.plan import RosterPlan
from twin.people.roster.rows import Row, Verdict
from twin.places.models import Dwelling

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('roster_import', %s))"
TOLD_EVERY = 200


def one_at_a_time(community_id: int) -> None:
    """Wait until no other roster of this community is being applied. Inside a verb only."""
    be_patient()
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [community_id])


@verb
def write_plan(*, plan: RosterPlan, run_id: int, progress: Progress = silent) -> None:
    """Write what the plan says; the ids of what was written go into its rows.

    Raises Conflict where the database knows better, for example of a change meanwhile: then nothing is written.
    """
    rows = [row for row in plan.rows if row.is_wanted]
    new = _add_new_people(plan, [row for row in rows if row.verdict == Verdict.CREATE], progress)
    _change_people(plan, [row for row in rows if row.person_id not in new], progress)
    _settle_households(plan)
    _move_people(plan, rows, new, progress)
    counts = plan.counts
    emit(
        RosterImported(
            community_id=plan.community.pk, run_id=run_id, source=plan.source, created=counts[Verdict.CREATE],
            changed=counts[Verdict.CHANGE],
        )
    )  # fmt: skip


def _add_new_people(plan: RosterPlan, rows: Sequence[Row], progress: Progress) -> set[int]:
    """Somebody who is in two rows is one person. Returns the new ids."""
    progress("create", 0, len(rows))
    firsts: dict[tuple[str, str] | int, Row] = {}
    for row in rows:
        firsts.setdefault(_key(row), row)
    people = [
        NewPerson(
            name=row.said.name, sex=row.said.sex or Person.Sex.UNKNOWN, birth_date=row.said.birth_date,
            identity=row.said.identity, identity_kind=row.said.identity_kind if row.said.identity else "",
            phone=row.said.phone, source=plan.source,
        )
        for row in firsts.values()
    ]  # fmt: skip
    ids = add_people(community=plan.community, people=people) if people else []
    by_key = dict(zip(firsts, ids, strict=True))
    for row in rows:
        row.person_id = by_key[_key(row)]
    progress("create", len(rows), len(rows))
    return set(ids)


def _key(row: Row) -> tuple[str, str] | int:
    return (row.said.identity_kind, row.said.identity) if row.said.identity else id(row)


def _change_people(plan: RosterPlan, rows: Sequence[Row], progress: Progress) -> None:
    changed = [row for row in rows if plan.decisions.person.get(id(row))]
    people = Person.objects.in_bulk([row.person_id for row in changed])
    for done, row in enumerate(changed):
        if done % TOLD_EVERY == 0:
            progress("change", done, len(changed))
        change_person(person=people[row.person_id], **plan.decisions.person[id(row)])  # type: ignore[index]


def _settle_households(plan: RosterPlan) -> None:
    """Households that move, with everybody; then those that are new."""
    groups = [group for group in plan.groups if group.wanted]
    moving = [group for group in groups if group.moves]
    households = Household.objects.in_bulk([group.household_id for group in moving])
    dwellings = Dwelling.objects.defer("footprint", "walls").in_bulk([group.dwelling_id for group in moving])
    for group in moving:
        move_household(household=households[group.household_id], to=dwellings[group.dwelling_id])  # type: ignore[index]
    new = [group for group in groups if group.household_id is None]
    ids = add_households(
        community=plan.community, households=[_household(group, plan.source) for group in new]
    )
    for group, household_id in zip(new, ids, strict=True):
        group.household_id = household_id
    for group in groups:
        for row in group.wanted:
            row.household_id = group.household_id


def _household(group: Group, source: str) -> NewHousehold:
    assert group.dwelling_id is not None
    return NewHousehold(dwelling_id=group.dwelling_id, source=source, source_id=group.number)


def _move_people(plan: RosterPlan, rows: Sequence[Row], new: set[int], progress: Progress) -> None:
    """Residences end before others begin, in one moment: nobody lives nowhere in between."""
    moment = clock()
    zone = ZoneInfo(plan.community.time_zone)
    group_of = {id(row): group for group in plan.groups for row in group.rows}
    ending = {
        (residence.person_id, residence.basis, _dwelling_now(residence, group_of[id(row)]))
        for row in rows
        for residence in plan.decisions.ends.get(id(row), ())
    }
    _end(plan.community.pk, ending, moment)
    starts = [
        _residence(row, stay, row.person_id in new, moment, zone, plan.source)
        for row in rows
        for stay in plan.decisions.starts.get(id(row), ())
    ]
    progress("residences", 0, len(starts))
    start_residences(community=plan.community, residences=starts)
    progress("residences", len(starts), len(starts))


def _dwelling_now(residence: Any, group: Group) -> int | None:
    moved = group.moves and residence.household_id == group.household_id and residence.basis == "actual"
    return group.dwelling_id if moved else residence.dwelling_id


def _end(community_id: int, ending: Iterable[tuple[int, str, int | None]], moment: datetime) -> None:
    wanted = set(ending)
    open_ones = open_residences(moment, person__in=sorted({person_id for person_id, _, _ in wanted}))
    rows = [row for row in open_ones if (row.person_id, row.basis, row.dwelling_id) in wanted]
    end_residences_of(community_id, rows, moment)


def _residence(
    row: Row, stay: Stay, is_new: bool, moment: datetime, zone: ZoneInfo, source: str
) -> NewResidence:
    """Who is new may have lived here for long; of who is known, what was before is known as well."""
    since = datetime.combine(stay.since, time(), zone) if stay.since and is_new else moment
    assert row.person_id is not None
    return NewResidence(
        person_id=row.person_id, dwelling_id=stay.dwelling_id, basis=stay.basis, tenure=stay.tenure or "unknown",
        role=stay.role, household_id=row.household_id if stay.with_household else None, since=since, source=source,
    )  # fmt: skip
