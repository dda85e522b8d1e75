"""Many at the same moment, each with a connection of its own and real commits: what must hold, holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.points.homes import MAY, a_household, a_resident, a_rule, balance, ledger
from tests.points.test_votes import a_vote, candidates, let_it
from twin.accounts.models import User
from twin.base.errors import TwinError
from twin.people.models import Household
from twin.places.models import Building
from twin.points.actions import (
    NewEntry,
    add_reward,
    audit_claim,
    award,
    cast_vote,
    enter_many,
    file_claim,
    nominate,
    redeem,
    reverse_entry,
)
from twin.points.models import Account, Entry, Redemption, Reward, Rule
from twin.points.proving import prove

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8
"""Connections of the pool that are surely free; the machine has no more processors to run them on."""


def all_of(calls: Sequence[Callable[[], Any]]) -> Counter[str]:
    """Run them all, so many at once; how each ended: "done", or the code of its refusal."""
    ready = Barrier(AT_ONCE)

    def worker(mine: Sequence[Callable[[], Any]]) -> list[str]:
        try:
            connection.ensure_connection()
            ready.wait(timeout=60)
            return [ended(call) for call in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        shares = [calls[n::AT_ONCE] for n in range(AT_ONCE)]
        return Counter(how for answers in threads.map(worker, shares) for how in answers)


def ended(call: Callable[[], Any]) -> str:
    try:
        call()
    except TwinError as refusal:
        return refusal.code
    return "done"


@pytest.fixture
def soap(household: Household) -> Reward:
    return add_reward(community=household.community, code="soap", name="肥皂", price=1, stock=5_000, by=None)


def stock(reward: Reward) -> int:
    return Reward.objects.get(pk=reward.pk).stock


def test_a_thousand_redemptions_of_one_balance_spend_it_once(
    household: Household, merit: Rule, soap: Reward
) -> None:
    for _ in range(3):
        award(household=household, rule=merit, by=None, points=100)
    outcome = all_of([lambda: redeem(household=household, reward=soap, by=None)] * 1_000)
    assert outcome == {"done": 300, "not_enough_points": 700}
    assert (balance(household), stock(soap), Redemption.objects.count()) == (0, 4_700, 300)
    assert Entry.objects.filter(balance_after__lt=0).count() == 0
    assert prove(household.community) == []


def test_the_database_alone_spends_a_balance_once(household: Household, merit: Rule) -> None:
    """Writers that know nothing of the verbs, on forty connections, all waiting for the same row."""
    award(household=household, rule=merit, by=None, points=100)
    crowd, each = 40, 25
    ready = Barrier(crowd)
    refused_by: set[str | None] = set()
    settings = connection.get_connection_params()
    spend = (
        "INSERT INTO points_entry (community_id, household_id, kind, points, happened_at, evidence) "
        "VALUES (%s, %s, 'redemption', -1, now(), '')"
    )

    def spender(_: int) -> int:
        done = 0
        wanted = {
            name: settings[name]
            for name in ("dbname", "user", "password", "host", "port")
            if settings.get(name)
        }
        with psycopg.connect(**wanted, autocommit=True) as own:
            ready.wait(timeout=60)
            for _n in range(each):
                try:
                    own.execute(spend, [household.community_id, household.pk])
                    done += 1
                except psycopg.errors.CheckViolation as refusal:
                    refused_by.add(refusal.diag.constraint_name)
        return done

    with ThreadPoolExecutor(crowd) as threads:
        assert sum(threads.map(spender, range(crowd))) == 100
    assert refused_by == {"nobody_spends_more_than_there_is"}
    assert balance(household) == 0
    numbers = list(Entry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 102))


def test_the_last_goods_are_sold_once(west_building: Building, merit: Rule, soap: Reward) -> None:
    homes = [a_household(west_building, f"{floor}03") for floor in range(1, 6)]
    for home in homes:
        award(household=home, rule=merit, by=None, points=160)
    Reward.objects.update(stock=30)
    outcome = all_of([lambda home=home: redeem(household=home, reward=soap, by=None) for home in homes * 20])
    assert outcome == {"done": 30, "out_of_stock": 70}
    assert (stock(soap), sum(balance(home) for home in homes)) == (0, 5 * 160 - 30)
    assert prove(soap.community) == []


def test_a_cap_holds_however_many_come_at_once(household: Household, sorting: Rule, resident: User) -> None:
    claim = [lambda: file_claim(household=household, rule=sorting, by=resident)] * 20
    direct = [lambda: award(household=household, rule=sorting, by=None)] * 20
    assert all_of([call for pair in zip(claim, direct, strict=True) for call in pair]) == {
        "done": 3,
        "cap_reached": 37,
    }
    assert balance(household) == 3
    assert prove(household.community) == []


def test_a_claim_is_accepted_by_one_of_many_auditors(
    household: Household, clean_up: Rule, resident: User, clerk: User
) -> None:
    claim = file_claim(household=household, rule=clean_up, by=resident)
    outcome = all_of([lambda: audit_claim(claim=claim, by=clerk, accept=True)] * 16)
    assert outcome == {"done": 1, "already_decided": 15}
    assert ledger(household) == [2]


def test_an_entry_is_reversed_by_one_of_many(household: Household, clean_up: Rule) -> None:
    entry = award(household=household, rule=clean_up, by=None)
    outcome = all_of([lambda: reverse_entry(entry=entry, by=None, reason="错")] * 16)
    assert outcome == {"done": 1, "already_reversed": 15}
    assert balance(household) == 0


def test_the_first_lines_of_a_household_open_one_account(household: Household, clean_up: Rule) -> None:
    outcome = all_of([lambda: award(household=household, rule=clean_up, by=None)] * 32)
    assert outcome == {"done": 32}
    assert Account.objects.get().balance == 64
    assert ledger(household) == [2] * 32


def test_registers_brought_over_at_once_neither_lock_up_nor_lose_a_line(
    west_building: Building, clean_up: Rule, merit: Rule, soap: Reward
) -> None:
    homes = [a_household(west_building, f"{floor}0{room}") for floor in range(1, 4) for room in range(1, 4)]
    forward = [NewEntry(home.pk, "clean_up", MAY) for home in homes for _ in range(5)]
    calls: list[Callable[[], Any]] = []
    for n in range(4):
        batch = forward if n % 2 else forward[::-1]
        calls.append(lambda batch=batch: enter_many(community=soap.community, entries=batch))
        calls += [lambda home=home: redeem(household=home, reward=soap, by=None) for home in homes]
    outcome = all_of(calls)
    assert set(outcome) <= {"done", "not_enough_points"}
    assert Entry.objects.filter(kind="award").count() == 4 * len(forward)
    assert prove(soap.community) == []


def test_ballots_cast_at_once_are_all_counted(west_building: Building, clean_up: Rule) -> None:
    homes = [a_household(west_building, f"{floor}0{room}") for floor in (1, 2) for room in range(1, 5)]
    standing = [a_household(west_building, room) for room in ("601", "602")]
    vote = a_vote(west_building.community)
    nominate(vote=vote, households=standing, by=None)
    vote = let_it(vote, opens_at=a_moment_ago())
    voters = [a_resident(home, f"居民{n}") for n, home in enumerate(homes)]
    both = [candidates(vote, 0, 1), candidates(vote, 1, 0)]
    calls = [
        lambda by=by, chosen=both[n % 2]: cast_vote(vote=vote, by=by, candidates=chosen)
        for n, by in enumerate(voters * 2)
    ]
    assert all_of(calls) == {"done": 8, "has_voted": 8}
    assert list(vote.candidates.values_list("votes", flat=True)) == [8, 8]
    assert prove(west_building.community) == []


def a_moment_ago() -> timedelta:
    return -timedelta(hours=1)


def test_versions_published_at_once_follow_one_another(household: Household) -> None:
    rule = a_rule(household.community, "race", 1)
    from tests.points.test_rules import next_version

    outcome = all_of([lambda: next_version(rule, 2)] * 16)
    assert outcome["done"] == rule.versions.count() - 1
    assert set(outcome) <= {"done", "begins_before_the_last", "one_version_at_a_time"}
    assert sorted(rule.versions.values_list("number", flat=True)) == list(range(1, rule.versions.count() + 1))
