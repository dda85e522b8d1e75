"""Any sequence of what can happen to two households, against a model that is nothing but sums.

The model knows the agreement, not the code: what a rule gives, how often it counts, what a balance lets one spend. After
every step the database has to agree with it, and its own proof must find nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.conftest import a_building, box
from tests.points.homes import a_class, a_household, a_resident, a_rule
from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import TwinError
from twin.places.actions import draw_grid, found_community
from twin.points.actions import (
    NewEntry,
    add_reward,
    audit_claim,
    award,
    cancel_redemption,
    change_reward,
    enter_many,
    file_claim,
    hand_over,
    publish_rule,
    record_breach,
    redeem,
    restock,
    reverse_entry,
    withdraw_claim,
)
from twin.points.models import Account, Claim, Entry, Redemption, Reward, RuleVersion
from twin.points.proving import prove

HOMES = (0, 1)
MOST_A_DAY = 3
NOON_TODAY = timezone.now().replace(hour=4, minute=0, second=0, microsecond=0)
DAYS = tuple(min(NOON_TODAY, timezone.now()) - timedelta(days=n) for n in (1, 2))
"""Two moments, each in a day of its own."""

homes = st.sampled_from(HOMES)
days = st.sampled_from((0, 1))


@dataclass
class Line:
    """An entry as the model knows it."""

    home: int
    points: int
    rule: str = ""
    day: int = -1
    spent: int = 0
    """Goods of a redemption that may come back."""
    undone: bool = False


@dataclass
class Ledger:
    """What was agreed on, as sums."""

    worth: dict[str, int] = field(default_factory=lambda: {"daily": 1, "deed": 5, "breach": -4})
    lines: dict[int, Line] = field(default_factory=dict)
    price: int = 6
    stock: int = 4

    def balance(self, home: int) -> int:
        return sum(line.points for line in self.lines.values() if line.home == home)

    def counts(self, home: int, code: str, day: int) -> int:
        return sum(
            (line.home, line.rule, line.day, line.undone) == (home, code, day, False)
            for line in self.lines.values()
        )

    def lets(self, home: int, code: str, day: int, waiting: int = 0) -> bool:
        return code != "daily" or self.counts(home, code, day) + waiting < MOST_A_DAY


class LedgerMachine(RuleBasedStateMachine):
    lines = Bundle("lines")
    claims = Bundle("claims")
    bought = Bundle("bought")

    # Setting up and taking down: each run is a transaction that is rolled back

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        community = found_community(name="账本社区", boundary=box(122.600, 31.050, 122.604, 31.052))
        draw_grid(
            community=community,
            parent=community.root,
            name="格",
            geometry=box(122.600, 31.050, 122.604, 31.052),
        )
        building = a_building(community, 122.6008)
        self.households = [a_household(building, room) for room in ("301", "302")]
        self.residents = [a_resident(home, f"居民{n}") for n, home in enumerate(self.households)]
        self.clerk = User.objects.create_user(username="clerk", password="long enough 1")
        grant_role(user=self.clerk, kind=RoleKind.COMMUNITY_ADMIN, community=community)
        self.community = community
        self.model = Ledger()
        self.rules = {
            "daily": a_rule(community, "daily", 1, needs_audit=False, cap_times=MOST_A_DAY, cap_period="day"),
            "deed": a_rule(community, "deed", 5),
            "breach": a_rule(community, "breach", -4),
            "merit": a_rule(community, "merit", (3, 40)),
        }
        self.reward = add_reward(community=community, code="oil", name="油", price=6, stock=4, by=None)
        self.open: dict[int, tuple[int, str, int]] = {}
        self.redeemed: dict[int, tuple[int, int]] = {}
        self.handed_over: set[int] = set()
        self.versions: dict[int, tuple[Any, ...]] = {}
        self.kept: dict[int, tuple[Any, ...]] = {}

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # What can happen

    def attempt(self, lets: bool, action: Callable[[], Any]) -> Any:
        """Do it; it has to succeed exactly if the model lets it, and a refusal changes nothing."""
        before, done, refused = self.read(), None, ""
        try:
            with transaction.atomic():
                done = action()
        except TwinError as refusal:
            refused = refusal.code
        assert lets == (not refused), refused or "done, although it should have been refused"
        assert not refused or self.read() == before
        return done

    def read(self) -> tuple[Any, ...]:
        balances = Account.objects.order_by("household").values_list("household", "balance")
        return (*balances, Entry.objects.count(), Reward.objects.get().stock, Claim.objects.count())

    def enter(self, entry: Entry, home: int, code: str, day: int) -> int:
        self.model.lines[entry.pk] = Line(home, entry.points, code, day)
        return entry.pk

    @rule(target=lines, home=homes, code=st.sampled_from(["daily", "deed"]), day=days)
    def somebody_is_awarded(self, home: int, code: str, day: int) -> Any:
        lets = self.model.lets(home, code, day)
        entry = self.attempt(
            lets,
            lambda: award(
                household=self.households[home], rule=self.rules[code], by=self.clerk, happened_at=DAYS[day]
            ),
        )
        if entry is None:
            return multiple()
        assert entry.points == self.worth_then(code, entry)
        return self.enter(entry, home, code, day)

    @rule(target=lines, home=homes, points=st.integers(-5, 50), day=days)
    def merit_is_awarded(self, home: int, points: int, day: int) -> Any:
        entry = self.attempt(
            3 <= points <= 40,
            lambda: award(
                household=self.households[home],
                rule=self.rules["merit"],
                by=self.clerk,
                points=points,
                happened_at=DAYS[day],
            ),
        )
        return multiple() if entry is None else self.enter(entry, home, "merit", day)

    @rule(target=lines, home=homes, day=days)
    def a_breach_is_recorded(self, home: int, day: int) -> int:
        entry = self.attempt(
            True,
            lambda: record_breach(
                household=self.households[home],
                rule=self.rules["breach"],
                by=self.clerk,
                happened_at=DAYS[day],
            ),
        )
        return self.enter(entry, home, "breach", day)

    @rule(target=lines, home=homes, day=days, times=st.integers(1, 4))
    def a_register_is_brought_over(self, home: int, day: int, times: int) -> Any:
        household = self.households[home]
        lets = self.model.counts(home, "daily", day) + times <= MOST_A_DAY
        known = set(Entry.objects.values_list("pk", flat=True))
        self.attempt(
            lets,
            lambda: enter_many(
                community=self.community, entries=[NewEntry(household.pk, "daily", DAYS[day])] * times
            ),
        )
        added = Entry.objects.exclude(pk__in=known)
        return multiple(*[self.enter(entry, home, "daily", day) for entry in added])

    @rule(target=claims, home=homes, code=st.sampled_from(["daily", "deed"]), day=days)
    def a_resident_claims(self, home: int, code: str, day: int) -> Any:
        waiting = sum(open_ == (home, code, day) for open_ in self.open.values())
        claim = self.attempt(
            self.model.lets(home, code, day, waiting),
            lambda: file_claim(
                household=self.households[home],
                rule=self.rules[code],
                by=self.residents[home],
                happened_at=DAYS[day],
            ),
        )
        if claim is None:
            return multiple()
        if code == "daily":  # needs no audit
            self.enter(claim.entry, home, code, day)
            return multiple()
        self.open[claim.pk] = (home, code, day)
        return claim.pk

    @rule(claim=claims, accept=st.booleans())
    def a_claim_is_audited(self, claim: int, accept: bool) -> None:
        decided = self.attempt(
            claim in self.open,
            lambda: audit_claim(
                claim=Claim.objects.get(pk=claim),
                by=self.clerk,
                accept=accept,
                reason="" if accept else "不符",
            ),
        )
        if decided is not None:
            home, code, day = self.open.pop(claim)
            if accept:
                self.enter(decided.entry, home, code, day)

    @rule(claim=claims)
    def a_claim_is_taken_back(self, claim: int) -> None:
        row = Claim.objects.get(pk=claim)
        by = self.residents[self.households.index(row.household)]
        if self.attempt(claim in self.open, lambda: withdraw_claim(claim=row, by=by)) is not None:
            del self.open[claim]

    @rule(line=lines)
    def a_line_is_reversed(self, line: int) -> None:
        self.undo_line(
            line, lambda: reverse_entry(entry=Entry.objects.get(pk=line), by=self.clerk, reason="错")
        )

    @rule(target=bought, home=homes, quantity=st.integers(1, 3), stale=st.booleans())
    def somebody_redeems(self, home: int, quantity: int, stale: bool) -> Any:
        shown = self.model.price + (1 if stale else 0)
        cost = self.model.price * quantity
        lets = not stale and quantity <= self.model.stock and cost <= self.model.balance(home)
        redemption = self.attempt(
            lets,
            lambda: redeem(
                household=self.households[home],
                reward=self.reward,
                by=self.residents[home],
                quantity=quantity,
                price=shown,
            ),
        )
        if redemption is None:
            return multiple()
        assert redemption.entry.points == -cost
        assert redemption.entry.balance_after >= 0
        self.model.stock -= quantity
        self.model.lines[redemption.entry_id] = Line(home, -cost, spent=quantity)
        self.redeemed[redemption.pk] = (home, redemption.entry_id)
        return redemption.pk

    @rule(redemption=bought)
    def a_redemption_is_cancelled(self, redemption: int) -> None:
        home, line = self.redeemed[redemption]
        row = Redemption.objects.get(pk=redemption)
        self.undo_line(
            line,
            lambda: cancel_redemption(redemption=row, by=self.residents[home]).entry.reversal,
            lets=redemption not in self.handed_over,
        )

    @rule(redemption=bought)
    def a_redemption_is_taken_back_by_the_clerk(self, redemption: int) -> None:
        _, line = self.redeemed[redemption]
        self.undo_line(
            line, lambda: reverse_entry(entry=Entry.objects.get(pk=line), by=self.clerk, reason="退")
        )

    def undo_line(self, line: int, action: Callable[[], Entry], lets: bool = True) -> None:
        known = self.model.lines[line]
        reversal = self.attempt(lets and not known.undone, action)
        if reversal is not None:
            known.undone = True
            self.model.stock += known.spent
            self.model.lines[reversal.pk] = Line(known.home, -known.points, undone=True)

    @rule(redemption=bought)
    def goods_are_handed_over(self, redemption: int) -> None:
        _, line = self.redeemed[redemption]
        lets = redemption not in self.handed_over and not self.model.lines[line].undone
        row = Redemption.objects.get(pk=redemption)
        if self.attempt(lets, lambda: hand_over(redemption=row, by=self.clerk)) is not None:
            self.handed_over.add(redemption)

    @rule(quantity=st.integers(-5, 5))
    def the_shelf_is_filled_or_cleared(self, quantity: int) -> None:
        lets = quantity != 0 and self.model.stock + quantity >= 0
        if (
            self.attempt(lets, lambda: restock(reward=self.reward, quantity=quantity, by=self.clerk))
            is not None
        ):
            self.model.stock += quantity

    @rule(price=st.integers(0, 12))
    def the_price_changes(self, price: int) -> None:
        if self.attempt(price >= 1, lambda: change_reward(reward=self.reward, price=price, by=self.clerk)):
            self.model.price = price

    @rule(code=st.sampled_from(["deed", "breach"]), points=st.integers(-9, 9))
    def a_rule_says_something_else_from_now_on(self, code: str, points: int) -> None:
        """What was done yesterday keeps what the rule said then, however late it is entered."""
        self.attempt(
            points != 0,
            lambda: publish_rule(
                community=self.community,
                code=code,
                kind=a_class(self.community),
                name=f"{code} {points}",
                least=points,
                most=points,
                by=self.clerk,
            ),
        )

    def worth_then(self, code: str, entry: Entry) -> int:
        """What the rule said when the deed was done: what it said first, because all deeds are of the days before."""
        assert entry.version is not None
        assert entry.version.number == 1
        return self.model.worth[code]

    # What must hold after every step

    @invariant()
    def balances_are_the_sums_of_the_model(self) -> None:
        if hasattr(self, "model"):
            known = dict(Account.objects.values_list("household", "balance"))
            for home in HOMES:
                assert known.get(self.households[home].pk, 0) == self.model.balance(home)
            assert set(Entry.objects.values_list("pk", flat=True)) == self.model.lines.keys()

    @invariant()
    def the_shelf_is_that_of_the_model(self) -> None:
        if hasattr(self, "model"):
            assert Reward.objects.get().stock == self.model.stock >= 0

    @invariant()
    def nobody_ever_spent_what_was_not_there(self) -> None:
        if hasattr(self, "model"):
            assert not Entry.objects.filter(kind="redemption", balance_after__lt=0).exists()

    @invariant()
    def nothing_that_was_written_is_ever_rewritten(self) -> None:
        if hasattr(self, "model"):
            for model, kept in ((Entry, self.kept), (RuleVersion, self.versions)):
                now = {row[0]: row for row in model._default_manager.values_list()}
                assert {pk: now.get(pk) for pk in kept} == kept
                kept.update(now)

    @invariant()
    def the_proof_finds_nothing(self) -> None:
        if hasattr(self, "model"):
            assert prove(self.community) == []
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.django_db
def test_whatever_happens_the_ledger_adds_up() -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
