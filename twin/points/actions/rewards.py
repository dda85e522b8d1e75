"""The rewards shop: what it has, spending points on it, handing it over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from twin.access.actions import record
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible
from twin.base.events import emit
from twin.base.verbs import verb
from twin.people.models import Household
from twin.places.models import Community
from twin.points.actions.refusals import said_why
from twin.points.actions.restocking import put_back, take_off
from twin.points.actions.rights import acts_for, demand_runner, runs_points
from twin.points.actions.terms import short
from twin.points.actions.writing import hold_account, write_entry
from twin.points.events import (
    RedemptionCancelled,
    RewardAdded,
    RewardChanged,
    RewardHandedOver,
    RewardRedeemed,
    RewardRestocked,
)
from twin.points.models import Entry, Redemption, Reward

MOST_AT_ONCE = 100


@verb
def add_reward(
    *,
    community: Community,
    code: str,
    name: str,
    price: int,
    name_en: str = "",
    stock: int = 0,
    by: User | None,
) -> Reward:
    """Raises NotVisible for who does not run the points, Conflict for a code that there is, Invalid for a price or a stock
    that cannot be."""
    demand_runner(by, community)
    with said_why():
        reward = Reward.objects.create(
            community=community, code=code, name=name, name_en=name_en, price=price, stock=stock
        )
    emit(RewardAdded(community_id=community.pk, reward_id=reward.pk))
    return reward


@verb
def change_reward(*, reward: Reward, by: User | None, **changes: Any) -> Reward:
    """Change `name`, `name_en` or `price`. What was redeemed keeps the price it had."""
    demand_runner(by, reward.community)
    if not changes.keys() <= {"name", "name_en", "price"}:
        raise Invalid("Only the names and the price can be changed.", where=min(changes))
    current: Reward = Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
    for field, value in changes.items():
        setattr(current, field, value)
    with said_why():
        current.save(update_fields=list(changes))
    record(
        by=by,
        action="points.change_reward",
        community=current.community,
        subject=current,
        detail=dict(changes),
    )
    emit(RewardChanged(community_id=current.community_id, reward_id=current.pk))
    return current


@verb
def restock(*, reward: Reward, quantity: int, by: User | None, reason: str = "") -> Reward:
    """Put so many on the shelf; below zero: take off what is spoilt. Raises Conflict for more than there are."""
    demand_runner(by, reward.community)
    if quantity == 0 or abs(quantity) > 1_000_000:
        raise Invalid("Say how many: not 0, and at most 1000000.", where="quantity")
    current: Reward = Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
    if current.stock + quantity < 0:
        raise Conflict(
            "There are %(stock)s left.", stock=current.stock, where="quantity", code="out_of_stock"
        )
    with said_why():
        Reward.objects.filter(pk=reward.pk).update(stock=F("stock") + quantity)
    current.refresh_from_db()
    record(
        by=by,
        action="points.restock",
        community=current.community,
        subject=current,
        reason=short(reason, where="reason", most=200),
        detail={"quantity": quantity, "stock": current.stock},
    )
    emit(RewardRestocked(community_id=current.community_id, reward_id=current.pk, quantity=quantity))
    return current


@verb
def end_reward(*, reward: Reward, by: User | None) -> None:
    """It is to be had no more; what was redeemed is still handed over."""
    demand_runner(by, reward.community)
    if not Reward.objects.in_force().filter(pk=reward.pk).update(ended_at=timezone.now()):
        raise Conflict("%(what)s has ended already.", what=reward)
    emit(RewardChanged(community_id=reward.community_id, reward_id=reward.pk))


@verb
def redeem(
    *,
    household: Household,
    reward: Reward,
    by: User | None,
    quantity: int = 1,
    price: int | None = None,
    at: datetime | None = None,
) -> Redemption:
    """Spend a household's points on a reward: the entry and the stock in one transaction. `price` is the one that was shown.

    By a resident of the household, or at the counter by who runs the points. `at` (UTC) is for what was redeemed before there
    was a ledger. Raises Conflict when points or goods do not suffice, or the price has changed.
    """
    _demand_spender(by, household)
    if reward.community_id != household.community_id:
        raise Invalid("There is no such reward in this community.", where="reward")
    if not 1 <= quantity <= MOST_AT_ONCE:
        raise Invalid("1 to %(most)s at once.", most=MOST_AT_ONCE, where="quantity")
    account = hold_account(household=household)
    current = take_off(reward=reward, quantity=quantity, price=price)
    cost = current.price * quantity
    if account.balance < cost:
        raise Conflict("There are not enough points for this.", where="quantity", code="not_enough_points")
    entry = write_entry(
        household=household,
        kind=Entry.Kind.REDEMPTION,
        points=-cost,
        happened_at=at or timezone.now(),
    )
    redemption = Redemption.objects.create(
        community_id=household.community_id,
        household=household,
        reward=current,
        quantity=quantity,
        price=current.price,
        entry=entry,
        asked_by=by,
    )
    emit(
        RewardRedeemed(
            community_id=household.community_id,
            redemption_id=redemption.pk,
            entry_id=entry.pk,
            household_id=household.pk,
        )
    )
    return redemption


@verb
def cancel_redemption(*, redemption: Redemption, by: User | None) -> Redemption:
    """Take a redemption back before the goods are handed over: points and goods return.

    Raises NotVisible for who may not spend for the household, Conflict once handed over or cancelled.
    """
    household = redemption.household
    _demand_spender(by, household)
    hold_account(household=household)
    current: Redemption = Redemption.objects.select_for_update(no_key=True).get(pk=redemption.pk)
    if current.handed_over_at is not None or current.cancelled_at is not None:
        raise Conflict("This has been handed over or cancelled already.", code="already_done")
    entry = current.entry
    refund = write_entry(
        household=household,
        kind=Entry.Kind.REFUND,
        points=-entry.points,
        happened_at=entry.happened_at,
        auditor=None,
        reverses=entry,
    )
    current = put_back(entry=entry)
    emit(
        RedemptionCancelled(
            community_id=current.community_id,
            redemption_id=current.pk,
            refund_id=refund.pk,
            household_id=household.pk,
        )
    )
    return current


@verb
def hand_over(*, redemption: Redemption, by: User) -> Redemption:
    """The goods are in the household's hands. Raises Conflict if they are already, or if it was cancelled."""
    demand_runner(by, redemption.community)
    waiting = Redemption.objects.waiting().filter(pk=redemption.pk)
    if not waiting.update(handed_over_at=timezone.now(), handed_over_by=by):
        raise Conflict("This has been handed over or cancelled already.", code="already_done")
    redemption.refresh_from_db()
    emit(RewardHandedOver(community_id=redemption.community_id, redemption_id=redemption.pk))
    return redemption


def _demand_spender(by: User | None, household: Household) -> None:
    if by is None:
        return
    scope = scope_of(by)
    if not (runs_points(scope, household.community_id) or acts_for(scope, household)):
        raise NotVisible("There is nothing here for you.")
