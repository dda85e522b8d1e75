"""The one place where the ledger is written to. The database numbers an entry and carries the balance on; see migration 0002.

Whoever is about to write holds the household's account first, so that what was read before (balance, caps) still holds when
the entry is there. Accounts are held before rewards and claims, and in order of household where there are several.
"""

from __future__ import annotations

from datetime import datetime

from twin.accounts.models import User
from twin.base.errors import Conflict
from twin.base.verbs import verb
from twin.people.models import Household, Person
from twin.points.actions.refusals import said_why
from twin.points.models import Account, Claim, Entry, RuleVersion


@verb
def hold_account(*, household: Household) -> Account:
    """The household's account as it is now, held until the transaction ends; opened when there is none.

    Raises Conflict for a household that has ended.
    """
    if Household.objects.filter(pk=household.pk, ended_at__isnull=False).exists():
        raise Conflict("This household has ended already.", where="household")
    held = Account.objects.select_for_update(no_key=True).filter(household=household)
    account = held.first()
    if account is None:
        opened = Account(household=household, community_id=household.community_id)
        Account.objects.bulk_create([opened], ignore_conflicts=True)
        account = held.get()
    return account


@verb
def write_entry(
    *,
    household: Household,
    kind: str,
    points: int,
    happened_at: datetime,
    version: RuleVersion | None = None,
    person: Person | None = None,
    evidence: str = "",
    auditor: User | None = None,
    claim: Claim | None = None,
    reverses: Entry | None = None,
) -> Entry:
    """Add one line to the ledger. Raises Conflict for points that are not there and for what has been reversed already."""
    entry = Entry(
        community_id=household.community_id,
        household=household,
        kind=kind,
        points=points,
        happened_at=happened_at,
        version=version,
        person=person,
        evidence=evidence,
        auditor=auditor,
        claim=claim,
        reverses=reverses,
    )
    with said_why():
        entry.save(force_insert=True)
    entry.refresh_from_db(fields=["number", "balance_after", "written_at"])
    return entry
