"""Many entries at once: a register that is brought over, or a demo's year. All or nothing, by COPY; the database numbers them
and carries the balances on as it does for single ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from twin.access.actions import record
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.people.models import Household
from twin.places.actions.bulk import copy_rows
from twin.places.models import Community
from twin.points.actions.refusals import said_why
from twin.points.actions.rights import demand_runner
from twin.points.actions.terms import points_under, short
from twin.points.events import PointsEntered
from twin.points.models import Account, Entry, Rule, RuleVersion
from twin.points.proving import over_caps

COLUMNS = (
    "community", "household", "person", "kind", "version", "points", "happened_at", "evidence", "auditor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A deed to be entered: the rule's code, and points where the rule leaves them open. `happened_at` is UTC."""

    household_id: int
    rule: str
    happened_at: datetime
    points: int | None = None
    person_id: int | None = None
    evidence: str = ""


@verb
def enter_many(*, community: Community, entries: Sequence[NewEntry], by: User | None = None) -> int:
    """Enter deeds of the past under the rules of then; they are written in order of time. Returns how many.

    Raises Invalid with `where` like `entries[3].rule`, Conflict where a cap would be passed.
    """
    demand_runner(by, community)
    _check_households(community, entries)
    said = _versions_of(community, {entry.rule for entry in entries})
    auditor = by.pk if by else None
    rows = [_row(community.pk, auditor, entry, said, f"entries[{n}]") for n, entry in enumerate(entries)]
    rows.sort(key=lambda row: (row["happened_at"], row["household"]))
    touched = sorted({entry.household_id for entry in entries})
    _hold(community, touched)
    with said_why():
        copy_rows(Entry, [Entry._meta.get_field(name) for name in COLUMNS], rows)  # type: ignore[misc]
    passed = over_caps(community, touched)
    if passed:
        household, rule = passed[0]
        raise Conflict(
            "Household %(household)s has more of rule %(rule)s than counts in a period.",
            household=household,
            rule=rule,
            where="entries",
            code="cap_reached",
        )
    record(by=by, action="points.enter_many", community=community, detail={"entries": len(rows)})
    emit(PointsEntered(community_id=community.pk, household_ids=tuple(touched)))
    return len(rows)


def _check_households(community: Community, entries: Sequence[NewEntry]) -> None:
    wanted = {entry.household_id for entry in entries}
    known = set(Household.objects.filter(community=community, pk__in=wanted).values_list("pk", flat=True))
    for n, entry in enumerate(entries):
        if entry.household_id not in known:
            raise Invalid(
                "There is no household %(id)s in this community.",
                id=entry.household_id,
                where=f"entries[{n}].household",
            )


def _versions_of(community: Community, codes: Iterable[str]) -> dict[str, list[RuleVersion]]:
    """The versions of each rule, the last first."""
    said: dict[str, list[RuleVersion]] = {}
    rules = Rule.objects.filter(community=community, code__in=list(codes))
    for version in RuleVersion.objects.filter(rule__in=rules).select_related("rule").order_by("-valid_from"):
        said.setdefault(version.rule.code, []).append(version)
    return said


def _row(
    community_id: int, auditor_id: int | None, entry: NewEntry, said: dict[str, list[RuleVersion]], where: str
) -> dict[str, object]:
    version = next((v for v in said.get(entry.rule, ()) if _in_force(v, entry.happened_at)), None)
    if version is None:
        raise Invalid("The rule %(rule)s was not in force then.", rule=entry.rule, where=f"{where}.rule")
    points = points_under(version, entry.points)
    return {
        "community": community_id,
        "household": entry.household_id,
        "person": entry.person_id,
        "kind": Entry.Kind.BREACH if points < 0 else Entry.Kind.AWARD,
        "version": version.pk,
        "points": points,
        "happened_at": entry.happened_at,
        "evidence": short(entry.evidence, where=f"{where}.evidence"),
        "auditor": auditor_id,
    }


def _in_force(version: RuleVersion, moment: datetime) -> bool:
    ended_at = version.rule.ended_at
    return version.valid_from <= moment and (ended_at is None or ended_at > moment)


def _hold(community: Community, household_ids: list[int]) -> None:
    """Open what accounts are missing and hold all of them, in order of household."""
    opened = (Account(household_id=pk, community=community) for pk in household_ids)
    Account.objects.bulk_create(opened, ignore_conflicts=True)
    held = Account.objects.filter(household__in=household_ids).order_by("household")
    list(held.select_for_update(no_key=True).values_list("pk"))
