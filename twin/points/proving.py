"""The proof that the ledger is right: everything that must hold between its tables, asked of the database from scratch.

Constraints and triggers keep it so; this asks again, as an auditor would who trusts neither them nor us.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from twin.places.models import Community

OVER_CAPS: Final = """
    SELECT entry.household_id, rule.code
    FROM points_entry AS entry
    JOIN points_ruleversion AS version ON version.id = entry.version_id
    JOIN points_rule AS rule ON rule.id = version.rule_id
    LEFT JOIN points_entry AS undone ON undone.reverses_id = entry.id
    WHERE entry.community_id = %(community)s AND version.cap_period <> '' AND undone.id IS NULL
        AND (%(households)s::bigint[] IS NULL OR entry.household_id = ANY(%(households)s))
    GROUP BY entry.household_id, rule.id, version.cap_period,
        date_trunc(version.cap_period, entry.happened_at, %(zone)s)
    HAVING count(*) > max(version.cap_times) OR abs(sum(entry.points)) > max(version.cap_points)
    ORDER BY entry.household_id, rule.code
"""

# What is wrong, whose it is, and what was found; no rows when all is well.
QUESTIONS: Final = {
    "the balance is not the sum of the entries": """
        SELECT household.id, format('account %%s, entries %%s', account.balance, ledger.total)
        FROM people_household AS household
        LEFT JOIN points_account AS account ON account.household_id = household.id
        LEFT JOIN (
            SELECT household_id, sum(points) AS total, count(*) AS lines FROM points_entry GROUP BY household_id
        ) AS ledger ON ledger.household_id = household.id
        WHERE household.community_id = %(community)s
            AND (COALESCE(account.balance, 0) <> COALESCE(ledger.total, 0)
                OR COALESCE(account.entry_count, 0) <> COALESCE(ledger.lines, 0))
    """,
    "the balances carried on do not follow from the entries": """
        SELECT line.household_id, format('entry %%s', line.id)
        FROM (
            SELECT id, household_id, number, balance_after,
                sum(points) OVER so_far AS total, row_number() OVER so_far AS place
            FROM points_entry WHERE community_id = %(community)s
            WINDOW so_far AS (PARTITION BY household_id ORDER BY number)
        ) AS line
        WHERE line.balance_after <> line.total OR line.number <> line.place
    """,
    "points were spent that were not there": """
        SELECT household_id, format('entry %%s leaves %%s', id, balance_after)
        FROM points_entry
        WHERE community_id = %(community)s AND kind = 'redemption' AND balance_after < 0
    """,
    "an entry has other points than its rule gives": """
        SELECT entry.household_id, format('entry %%s has %%s', entry.id, entry.points)
        FROM points_entry AS entry JOIN points_ruleversion AS version ON version.id = entry.version_id
        WHERE entry.community_id = %(community)s
            AND (entry.points NOT BETWEEN version.least AND version.most
                OR version.community_id <> entry.community_id OR version.valid_from > entry.happened_at)
    """,
    "a reversal does not undo its entry": """
        SELECT later.household_id, format('entry %%s', later.id)
        FROM points_entry AS later JOIN points_entry AS entry ON entry.id = later.reverses_id
        WHERE later.community_id = %(community)s
            AND (later.points <> -entry.points OR later.household_id <> entry.household_id)
    """,
    "a redemption and its entry disagree": """
        SELECT entry.household_id, format('entry %%s', entry.id)
        FROM points_entry AS entry
        LEFT JOIN points_redemption AS redemption ON redemption.entry_id = entry.id
        LEFT JOIN points_entry AS refund ON refund.reverses_id = entry.id
        WHERE entry.community_id = %(community)s AND entry.kind = 'redemption'
            AND (redemption.id IS NULL OR redemption.household_id <> entry.household_id
                OR entry.points <> -redemption.price::int * redemption.quantity
                OR (redemption.cancelled_at IS NULL) <> (refund.id IS NULL))
    """,
    "a claim and its entry disagree": """
        SELECT claim.household_id, format('claim %%s', claim.id)
        FROM points_claim AS claim LEFT JOIN points_entry AS entry ON entry.claim_id = claim.id
        WHERE claim.community_id = %(community)s
            AND ((claim.state = 'accepted') <> (entry.id IS NOT NULL)
                OR entry.household_id <> claim.household_id OR entry.version_id <> claim.version_id)
    """,
    "the votes are not those that were cast": """
        SELECT NULL::bigint, format('vote %%s', vote.id)
        FROM points_familyvote AS vote
        WHERE vote.community_id = %(community)s
            AND (SELECT COALESCE(sum(votes), 0) FROM points_candidate WHERE vote_id = vote.id)
                <> (SELECT COALESCE(sum(votes), 0) FROM points_turnout WHERE vote_id = vote.id)
    """,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold; `household_id` where it is about one."""

    what: str
    household_id: int | None
    found: str


def prove(community: Community) -> list[Fault]:
    """Everything that does not hold in a community's ledger; empty when it is proven. Reads only."""
    faults = [
        Fault(what, household, found)
        for what, question in QUESTIONS.items()
        for household, found in _ask(question, {"community": community.pk})
    ]
    faults += [
        Fault("more counts than the cap lets", household, rule) for household, rule in over_caps(community)
    ]
    return faults


def over_caps(community: Community, household_ids: Sequence[int] | None = None) -> list[tuple[int, str]]:
    """Households, and the rules of which more counts in some period than their caps let. `household_ids`: only of these."""
    asked = {
        "community": community.pk,
        "zone": community.time_zone,
        "households": None if household_ids is None else list(household_ids),
    }
    return [(household, rule) for household, rule in _ask(OVER_CAPS, asked)]


def _ask(question: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return cursor.fetchall()
