"""What would become of every row: who it is already, in which household, and what changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from twin.people.roster.households import HEAD, Group
from twin.people.roster.known import Known, KnownPerson, KnownResidence
from twin.people.roster.placing import Places
from twin.people.roster.rows import Row, Verdict
from twin.people.roster.synonyms import ACTUAL, REGISTERED

SEALED = "…"
"""What is told of a change of something that is not shown."""
UNSAID = ("", "unknown")


@dataclass(frozen=True, slots=True)
class Stay:
    """Where somebody is registered or lives, as a row says it."""

    basis: str
    dwelling_id: int
    tenure: str
    role: str
    with_household: bool
    since: date | None


@dataclass(slots=True)
class Decisions:
    """For each wanted row what is to be written: changes of the person, residences that end, and those that begin."""

    person: dict[int, dict[str, Any]] = field(default_factory=dict)
    ends: dict[int, list[KnownResidence]] = field(default_factory=dict)
    starts: dict[int, list[Stay]] = field(default_factory=dict)


def compare(groups: Sequence[Group], known: Known, places: Places, source: str) -> Decisions:
    """Persons and households into rows and groups, verdicts, changes and notes. Decisions are kept by id(row)."""
    decisions, claimed, people = Decisions(), set[int](), dict[int, str]()
    for group in groups:
        for row in group.wanted:
            _know_person(row, known, people)
    for group in groups:
        if group.wanted:
            _know_household(group, known, source, claimed)
            for row in group.wanted:
                _compare_row(row, group, known, places, source, decisions)
    return decisions


def _know_person(row: Row, known: Known, taken: dict[int, str]) -> None:
    """taken: people who were known already in this roster, and by which number."""
    said = row.said
    index = (said.identity_kind, known.identity_index(said.identity)) if said.identity else None
    person = known.by_identity.get(index) if index else None
    if person is not None and person.name != said.name:
        row.note("identity_is_somebody_elses", "identity")
        return
    if person is None:
        person = _namesake(row, known)
        if person is not None and taken.get(person.id, said.identity) != said.identity:
            person = None
        if person is not None and said.identity:
            row.note("known_by_name")
    if person is None and index is not None and index in known.gone:
        row.note("was_gone")
    row.person_id = person.id if person else None
    if person is not None:
        taken[person.id] = said.identity


def _namesake(row: Row, known: Known) -> KnownPerson | None:
    """The one person of this name at this address whose birth and number do not contradict."""
    said = row.said
    here = {r.person_id for r in known.at.get(row.dwelling_id or 0, ())}
    found = [
        person for person in map(known.people.__getitem__, sorted(here))
        if person.name == said.name and not (said.identity and person.identity)
        and (said.birth_date is None or person.birth_date in (None, said.birth_date))
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _know_household(group: Group, known: Known, source: str, claimed: set[int]) -> None:
    """By its number in the books; else where its members live now; else the one that moves here as a whole."""
    rows = group.wanted
    head = next((row for row in rows if row.said.relation == HEAD), rows[0])
    group.dwelling_id = head.dwelling_id
    numbered = known.by_number.get((source, group.number)) if group.number else None
    if numbered is None:
        group.household_id = _household_of_members(group, known, source, claimed)
    else:
        group.household_id = numbered.id
    if group.household_id is not None:
        claimed.add(group.household_id)
        group.moves = known.households[group.household_id].dwelling_id != group.dwelling_id
    for row in rows:
        row.household_id = group.household_id


def _household_of_members(group: Group, known: Known, source: str, claimed: set[int]) -> int | None:
    members = {row.person_id for row in group.wanted if row.person_id is not None}
    lives: Counter[int] = Counter()
    for person_id in sorted(members):
        for residence in known.of_person.get(person_id, ()):
            household = known.households.get(residence.household_id or 0)
            if household and household.id not in claimed and not (group.number and household.source_id):
                lives[household.id] += 1
    here = [one for one in lives if known.households[one].dwelling_id == group.dwelling_id]
    if here:
        return max(here, key=lambda one: (lives[one], -one))
    for one in sorted(lives):
        everybody = {r.person_id for r in known.of_household[one] if r.basis == ACTUAL}
        if known.households[one].source == source and everybody and everybody <= members:
            return one
    return None


def _compare_row(
    row: Row, group: Group, known: Known, places: Places, source: str, decisions: Decisions
) -> None:
    stays = [_with_role(row, group, stay, known) for stay in _stays(row, group)]
    person = known.people.get(row.person_id or 0)
    decisions.person[id(row)] = _changes(row, person, known) if person else {}
    ends, starts = _residences(row, group, stays, known, places, source) if person else ([], stays)
    decisions.ends[id(row)], decisions.starts[id(row)] = ends, starts
    if person is None:
        row.verdict = Verdict.CREATE
    else:
        row.verdict = Verdict.CHANGE if row.changes else Verdict.UNCHANGED


def _stays(row: Row, group: Group) -> list[Stay]:
    said = row.said
    bases = set(said.bases)
    if not bases:
        bases = {REGISTERED} if said.tenure == "registered_only" else {ACTUAL}
        if row.registered_dwelling_id is not None:
            bases.add(REGISTERED)
    role = said.relation or "other"
    stays = []
    for basis in sorted(bases):
        where = row.dwelling_id if basis == ACTUAL else row.registered_dwelling_id or row.dwelling_id
        if where is None:
            continue
        tenure = said.tenure if basis == REGISTERED or said.tenure != "registered_only" else ""
        stays.append(Stay(basis, where, tenure, role, where == group.dwelling_id, said.since))
    return stays


def _changes(row: Row, person: KnownPerson, known: Known) -> dict[str, Any]:
    """What the row says otherwise than it is known. Empty cells erase nothing."""
    said, changes = row.said, {}
    for name in ("name", "sex", "birth_date"):
        now, then = getattr(said, name), getattr(person, name)
        if now and now not in UNSAID and now != then:
            changes[name] = now
            row.changes[name] = (_plain(then), _plain(now))
    if said.phone and known.phone_index(said.phone) != person.phone:
        changes["phone"] = said.phone
        row.changes["phone"] = (SEALED if person.phone else "", SEALED)
    if said.identity and person.identity is None:
        changes |= {"identity": said.identity, "identity_kind": said.identity_kind}
        row.changes["identity"] = ("", SEALED)
    return changes


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _residences(
    row: Row, group: Group, stays: Sequence[Stay], known: Known, places: Places, source: str
) -> tuple[list[KnownResidence], list[Stay]]:
    """Which residences end, and which begin."""
    ends: list[KnownResidence] = []
    starts: list[Stay] = []
    for stay in stays:
        of_basis = [r for r in known.of_person.get(row.person_id or 0, ()) if r.basis == stay.basis]
        here = next((r for r in of_basis if _dwelling_after(r, group) == stay.dwelling_id), None)
        if here is not None:
            if here.dwelling_id != stay.dwelling_id:
                row.note("moves_here", place=places.called(here.dwelling_id))
                row.changes[stay.basis] = (places.called(here.dwelling_id), places.called(stay.dwelling_id))
            wanted = _differs(row, group, here, stay, known)
            if wanted is not None:
                ends.append(here)
                starts.append(wanted)
            continue
        before = [r for r in of_basis if r.source == source or stay.basis == REGISTERED]
        ends += before
        starts.append(stay)
        row.changes[stay.basis] = (
            ", ".join(places.called(r.dwelling_id) for r in before),
            places.called(stay.dwelling_id),
        )
        for residence in before:
            row.note("moves_here", place=places.called(residence.dwelling_id))
        for residence in of_basis:
            if residence not in before:
                row.note("lives_also_in", place=places.called(residence.dwelling_id))
    return ends, starts


def _dwelling_after(residence: KnownResidence, group: Group) -> int | None:
    """Where somebody lives once the household has moved: who lives in it moves with it."""
    moved = group.moves and residence.household_id == group.household_id and residence.basis == ACTUAL
    return group.dwelling_id if moved else residence.dwelling_id


def _differs(row: Row, group: Group, here: KnownResidence, stay: Stay, known: Known) -> Stay | None:
    """The stay as it is to be, where the row says otherwise; None where it is so already."""
    tenure = stay.tenure or here.tenure
    role = stay.role if row.said.relation else here.role
    household = group.household_id if stay.with_household else here.household_id
    same_household = here.household_id == household and (household is not None or not stay.with_household)
    if (tenure, role) == (here.tenure, here.role) and same_household:
        return None
    for name, then, now in (("tenure", here.tenure, tenure), ("role", here.role, role)):
        if then != now:
            row.changes[name] = (then, now)
    if not same_household:
        row.changes["household"] = (here.household_id, household)
    return Stay(stay.basis, stay.dwelling_id, tenure, role, stay.with_household, None)


def _with_role(row: Row, group: Group, stay: Stay, known: Known) -> Stay:
    """A household has one head: who is known as that, and not in the roster with another role, stays it."""
    if stay.role != HEAD or not stay.with_household or group.household_id is None:
        return stay
    otherwise = {
        one.person_id for one in group.wanted if one is not row and one.said.relation not in ("", HEAD)
    }
    for residence in known.of_household.get(group.household_id, ()):
        is_head = residence.role == HEAD and residence.basis == stay.basis
        if is_head and residence.person_id != row.person_id and residence.person_id not in otherwise:
            if all(one.code != "other_head_is_known" for one in row.notes):
                row.note("other_head_is_known")
            return replace(stay, role="other")
    return stay
