"""Awards and breaches that somebody with the right to records at once, and how a mistake is corrected."""

from __future__ import annotations

from datetime import datetime

from twin.access.actions import record
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.people.models import Household, Person
from twin.points.actions.restocking import put_back
from twin.points.actions.rights import demand_impartial_runner
from twin.points.actions.terms import check_cap, check_fits, moment_of_deed, points_under, short, version_at
from twin.points.actions.writing import hold_account, write_entry
from twin.points.events import BreachRecorded, EntryReversed, PointsAwarded
from twin.points.models import Entry, Rule, RuleVersion


@verb
def award(
    *,
    household: Household,
    rule: Rule,
    by: User | None,
    points: int | None = None,
    happened_at: datetime | None = None,
    person: Person | None = None,
    evidence: str = "",
) -> Entry:
    """Give a household the points of a rule, for what it did at that moment (UTC, default now).

    Raises NotVisible for who does not run the points, Invalid for a rule that was not in force, points outside its range or
    a breach, Conflict when the cap is reached.
    """
    entry = _write(
        household,
        rule,
        Entry.Kind.AWARD,
        by,
        points=points,
        happened_at=happened_at,
        person=person,
        evidence=evidence,
    )
    emit(PointsAwarded(community_id=entry.community_id, entry_id=entry.pk, household_id=entry.household_id))
    return entry


@verb
def record_breach(
    *,
    household: Household,
    rule: Rule,
    by: User | None,
    points: int | None = None,
    happened_at: datetime | None = None,
    person: Person | None = None,
    evidence: str = "",
) -> Entry:
    """Take the points of a rule that was broken. The balance may go below zero: then there is nothing to spend.

    Raises like `award`, and Invalid for a rule that gives points.
    """
    entry = _write(
        household,
        rule,
        Entry.Kind.BREACH,
        by,
        points=points,
        happened_at=happened_at,
        person=person,
        evidence=evidence,
    )
    emit(BreachRecorded(community_id=entry.community_id, entry_id=entry.pk, household_id=entry.household_id))
    return entry


@verb
def reverse_entry(*, entry: Entry, by: User | None, reason: str) -> Entry:
    """Undo an entry by another one with the opposite points. Of a redemption the goods go back on the shelf.

    Raises NotVisible for who does not run the points, Invalid without a reason, Conflict for what has been reversed already
    or is itself a reversal.
    """
    demand_impartial_runner(by, entry.household)
    why = short(reason, where="reason", most=200, needed=True)
    hold_account(household=entry.household)
    if entry.reverses_id is not None:
        raise Conflict("A reversal cannot be reversed; record it anew.", code="is_a_reversal")
    spent = entry.kind == Entry.Kind.REDEMPTION
    reversal = write_entry(
        household=entry.household,
        kind=Entry.Kind.REFUND if spent else Entry.Kind.REVERSAL,
        points=-entry.points,
        happened_at=entry.happened_at,
        evidence=why,
        auditor=by,
        reverses=entry,
    )
    if spent:
        put_back(entry=entry)
    record(by=by, action="points.reverse", community=entry.community, subject=entry, reason=why)
    emit(
        EntryReversed(
            community_id=entry.community_id,
            entry_id=entry.pk,
            reversal_id=reversal.pk,
            household_id=entry.household_id,
        )
    )
    return reversal


def _write(
    household: Household,
    rule: Rule,
    kind: str,
    by: User | None,
    *,
    points: int | None,
    happened_at: datetime | None,
    person: Person | None,
    evidence: str,
) -> Entry:
    demand_impartial_runner(by, household)
    check_fits(household, rule, person)
    moment = moment_of_deed(happened_at)
    version = version_at(rule, moment)
    _check_kind(version, kind)
    given = points_under(version, points)
    hold_account(household=household)
    check_cap(household, version, moment, given)
    return write_entry(
        household=household,
        kind=kind,
        points=given,
        happened_at=moment,
        version=version,
        person=person,
        evidence=short(evidence, where="evidence"),
        auditor=by,
    )


def _check_kind(version: RuleVersion, kind: str) -> None:
    if version.is_breach and kind == Entry.Kind.AWARD:
        raise Invalid("This rule takes points; record a breach.", where="rule", code="rule_is_a_breach")
    if not version.is_breach and kind == Entry.Kind.BREACH:
        raise Invalid("This rule gives points; award them.", where="rule", code="rule_is_an_award")
