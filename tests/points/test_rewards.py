from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.conftest import box
from tests.points.homes import MAY, balance, ledger
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import Event
from twin.people.models import Household
from twin.places.actions import found_community
from twin.places.models import Community
from twin.points.actions import (
    add_reward,
    award,
    cancel_redemption,
    change_reward,
    end_reward,
    hand_over,
    redeem,
    restock,
    reverse_entry,
)
from twin.points.events import RedemptionCancelled, RewardHandedOver, RewardRedeemed
from twin.points.models import Redemption, Reward, Rule


@pytest.fixture
def forty(household: Household, merit: Rule) -> int:
    """Points to spend."""
    return award(household=household, rule=merit, by=None, points=40).balance_after


def stock(reward: Reward) -> int:
    return Reward.objects.get(pk=reward.pk).stock


def test_points_and_goods_go_together(
    household: Household, rice: Reward, forty: int, resident: User, told: list[Event]
) -> None:
    redemption = redeem(household=household, reward=rice, by=resident, quantity=2, price=15)
    assert (redemption.price, redemption.quantity, redemption.entry.points) == (15, 2, -30)
    assert (balance(household), stock(rice)) == (10, 8)
    assert told == [
        RewardRedeemed(
            community_id=household.community_id,
            redemption_id=redemption.pk,
            entry_id=redemption.entry_id,
            household_id=household.pk,
        )
    ]


def test_nobody_spends_more_than_there_is(household: Household, rice: Reward, forty: int) -> None:
    with pytest.raises(Conflict) as refusal:
        redeem(household=household, reward=rice, by=None, quantity=3)
    assert refusal.value.code == "not_enough_points"
    assert (ledger(household), stock(rice), Redemption.objects.count()) == ([40], 10, 0)


def test_what_is_not_on_the_shelf_is_not_sold(household: Household, rice: Reward, merit: Rule) -> None:
    for _ in range(2):
        award(household=household, rule=merit, by=None, points=160)
    restock(reward=rice, quantity=-9, by=None, reason="受潮")
    with pytest.raises(Conflict) as refusal:
        redeem(household=household, reward=rice, by=None, quantity=2)
    assert (refusal.value.code, stock(rice), balance(household)) == ("out_of_stock", 1, 320)


def test_the_price_is_the_one_that_was_shown_or_nothing_is_sold(
    household: Household, rice: Reward, forty: int, clerk: User
) -> None:
    change_reward(reward=rice, price=18, by=clerk)
    with pytest.raises(Conflict) as refusal:
        redeem(household=household, reward=rice, by=None, price=15)
    assert (refusal.value.code, balance(household)) == ("price_changed", 40)
    assert redeem(household=household, reward=rice, by=None, price=18).price == 18


def test_what_was_redeemed_keeps_its_price(household: Household, rice: Reward, forty: int) -> None:
    redemption = redeem(household=household, reward=rice, by=None)
    change_reward(reward=rice, price=30, by=None)
    redemption.refresh_from_db()
    assert redemption.points == 15


def test_before_the_hand_over_a_redemption_can_be_cancelled(
    household: Household, rice: Reward, forty: int, resident: User, told: list[Event]
) -> None:
    redemption = redeem(household=household, reward=rice, by=resident)
    cancelled = cancel_redemption(redemption=redemption, by=resident)
    assert cancelled.cancelled_at is not None
    assert (ledger(household), stock(rice)) == ([40, -15, 15], 10)
    assert isinstance(told[-1], RedemptionCancelled)
    with pytest.raises(Conflict):
        cancel_redemption(redemption=redemption, by=resident)
    with pytest.raises(Conflict):
        hand_over(redemption=redemption, by=resident_clerk(household))


def resident_clerk(household: Household) -> User:
    from twin.access.actions import grant_role

    user = User.objects.create_user(username="counter", password="long enough 1")
    grant_role(user=user, kind=RoleKind.COMMUNITY_ADMIN, community=household.community)
    return user


def test_after_the_hand_over_only_who_runs_the_points_takes_it_back(
    household: Household, rice: Reward, forty: int, resident: User, clerk: User, told: list[Event]
) -> None:
    redemption = redeem(household=household, reward=rice, by=resident)
    done = hand_over(redemption=redemption, by=clerk)
    assert (done.handed_over_by, isinstance(told[-1], RewardHandedOver)) == (clerk, True)
    with pytest.raises(Conflict):
        hand_over(redemption=redemption, by=clerk)
    with pytest.raises(Conflict):
        cancel_redemption(redemption=redemption, by=resident)
    refund = reverse_entry(entry=redemption.entry, by=clerk, reason="包装破损")
    assert (refund.kind, ledger(household), stock(rice)) == ("refund", [40, -15, 15], 10)
    redemption.refresh_from_db()
    assert redemption.cancelled_at is not None


def test_the_counter_serves_who_has_no_phone(
    household: Household, rice: Reward, forty: int, clerk: User
) -> None:
    assert redeem(household=household, reward=rice, by=clerk).asked_by == clerk


@pytest.mark.parametrize("kind", sorted(set(RoleKind) - {RoleKind.COMMUNITY_ADMIN, RoleKind.STAIRWELL_HEAD}))
def test_nobody_else_spends_or_keeps_the_shop(
    household: Household, rice: Reward, forty: int, in_role: Callable[..., User], kind: str
) -> None:
    by = in_role(kind)
    redemption = redeem(household=household, reward=rice, by=None)
    attempts: list[Callable[[], Any]] = [
        lambda: redeem(household=household, reward=rice, by=by),
        lambda: cancel_redemption(redemption=redemption, by=by),
        lambda: hand_over(redemption=redemption, by=by),
        lambda: restock(reward=rice, quantity=1, by=by),
        lambda: change_reward(reward=rice, price=1, by=by),
        lambda: end_reward(reward=rice, by=by),
        lambda: add_reward(community=rice.community, code="x", name="x", price=1, by=by),
    ]
    for attempt in attempts:
        with pytest.raises(NotVisible):
            attempt()


def test_a_reward_of_another_community_is_not_sold_here(household: Household, forty: int) -> None:
    other = found_community(name="别的社区", boundary=box(121, 31, 121.01, 31.01))
    oil = add_reward(community=other, code="oil", name="油", price=1, stock=1, by=None)
    with pytest.raises(Invalid):
        redeem(household=household, reward=oil, by=None)


@pytest.mark.parametrize("quantity", [0, -1, 101])
def test_odd_quantities_are_refused(household: Household, rice: Reward, forty: int, quantity: int) -> None:
    with pytest.raises(Invalid):
        redeem(household=household, reward=rice, by=None, quantity=quantity)


def test_a_reward_that_has_ended_is_sold_no_more(household: Household, rice: Reward, forty: int) -> None:
    end_reward(reward=rice, by=None)
    with pytest.raises(Conflict) as refusal:
        redeem(household=household, reward=rice, by=None)
    assert refusal.value.code == "reward_ended"
    with pytest.raises(Conflict):
        end_reward(reward=rice, by=None)


@pytest.mark.parametrize(
    ("said", "constraint"),
    [({"price": 0}, "reward_price_1_to_100000"), ({"price": 5, "stock": -1}, "stock_is_never_negative")],
)
def test_a_reward_that_cannot_be_is_refused_by_name(
    community: Community, said: dict[str, int], constraint: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add_reward(community=community, code="x", name="x", by=None, **said)
    assert refusal.value.code == constraint


def test_a_code_is_used_once(rice: Reward) -> None:
    with pytest.raises(Conflict) as refusal:
        add_reward(community=rice.community, code="rice", name="米", price=1, by=None)
    assert refusal.value.code == "reward_code_is_unique"


def test_stock_moves_are_in_the_audit(rice: Reward, clerk: User) -> None:
    assert restock(reward=rice, quantity=5, by=clerk).stock == 15
    with pytest.raises(Conflict):
        restock(reward=rice, quantity=-16, by=clerk)
    entry = AuditEntry.objects.get(action="points.restock")
    assert (entry.by, entry.detail) == (clerk, {"quantity": 5, "stock": 15})


def test_what_was_redeemed_before_the_ledger_keeps_its_day(
    household: Household, rice: Reward, forty: int
) -> None:
    redemption = redeem(household=household, reward=rice, by=None, at=MAY)
    assert redemption.entry.happened_at == MAY < timezone.now()
