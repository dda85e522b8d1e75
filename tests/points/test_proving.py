"""The proof finds what the triggers would never have let happen; so they are taken away first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.conftest import box
from tests.points.homes import MAY, a_rule
from twin.people.models import Household
from twin.places.actions import found_community
from twin.points.actions import award, record_breach, redeem, reverse_entry
from twin.points.models import Reward, Rule
from twin.points.proving import Fault, prove

TRIGGERS = {"points_entry": ("ledger_is_append_only", "entry_moves_its_account"),
            "points_account": ("account_moves_with_its_ledger",)}  # fmt: skip


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the triggers of the ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for way in ("DISABLE", "ENABLE"):
            for table, triggers in TRIGGERS.items():
                for trigger in triggers:
                    cursor.execute(f"ALTER TABLE {table} {way} TRIGGER {trigger}")
            if way == "DISABLE":
                yield


@pytest.fixture
def a_past(household: Household, neighbours: Household, merit: Rule, ebike: Rule, rice: Reward) -> None:
    award(household=household, rule=merit, by=None, points=40, happened_at=MAY)
    record_breach(household=household, rule=ebike, by=None, happened_at=MAY)
    redeem(household=household, reward=rice, by=None)
    reverse_entry(entry=redeem(household=household, reward=rice, by=None).entry, by=None, reason="退")
    reverse_entry(entry=award(household=neighbours, rule=merit, by=None, points=9), by=None, reason="错")


def test_a_ledger_that_was_kept_by_the_verbs_is_proven(household: Household, a_past: None) -> None:
    assert prove(household.community) == []
    assert Reward.objects.get().stock == 9


@pytest.mark.parametrize(
    ("fraud", "what"),
    [
        ("UPDATE points_account SET balance = balance + 1", "the balance is not the sum of the entries"),
        ("DELETE FROM points_account", "the balance is not the sum of the entries"),
        ("UPDATE points_entry SET points = 50 WHERE points = 40", "the balance is not the sum of the entries"),
        ("UPDATE points_entry SET balance_after = 99 WHERE number = 2",
         "the balances carried on do not follow from the entries"),
        ("UPDATE points_entry SET number = 99 WHERE number = 2",
         "the balances carried on do not follow from the entries"),
        ("UPDATE points_entry SET points = 200 WHERE points = 40", "an entry has other points than its rule gives"),
        ("UPDATE points_entry SET points = 14 WHERE kind = 'refund'", "a reversal does not undo its entry"),
        ("UPDATE points_redemption SET quantity = 3", "a redemption and its entry disagree"),
        ("UPDATE points_redemption SET cancelled_at = now()", "a redemption and its entry disagree"),
        ("UPDATE points_redemption SET cancelled_at = NULL", "a redemption and its entry disagree"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_found(household: Household, a_past: None, fraud: str, what: str) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(fraud)
    assert what in {fault.what for fault in prove(household.community)}


def test_more_than_a_cap_lets_is_found(household: Household, sorting: Rule) -> None:
    other = a_rule(household.community, "other", 1, needs_audit=False)
    for rule in (sorting, sorting, sorting, other):
        award(household=household, rule=rule, by=None, happened_at=MAY)
    version = sorting.versions.get()
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE points_entry SET version_id = %s WHERE version_id = %s",
            [version.pk, other.versions.get().pk],
        )
    assert prove(household.community) == [Fault("more counts than the cap lets", household.pk, "sorting")]


def test_each_community_is_proven_by_itself(household: Household, a_past: None) -> None:
    other = found_community(name="别的社区", boundary=box(121, 31, 121.01, 31.01))
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE points_account SET balance = 0")
    assert prove(household.community)
    assert prove(other) == []


def test_the_command_says_how_much_it_proved(household: Household, a_past: None) -> None:
    said = StringIO()
    call_command("prove_points", stdout=said)
    assert said.getvalue() == f"{household.community}: 7 entries of 2 households, 20 points, 0 faults\n"


def test_the_command_fails_and_names_what_does_not_hold(household: Household, a_past: None) -> None:
    said = StringIO()
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE points_account SET balance = 7 WHERE household_id = %s", [household.pk])
    with pytest.raises(CommandError, match="1 faults"):
        call_command("prove_points", stdout=StringIO(), stderr=said)
    assert f"household {household.pk}: account 7, entries 20" in said.getvalue()
