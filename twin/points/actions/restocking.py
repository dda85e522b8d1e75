"""What lies on the shelf. The reward's row is held from the look at its stock to the end of the transaction."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from twin.base.errors import Conflict
from twin.base.verbs import verb
from twin.points.models import Entry, Redemption, Reward


@verb
def take_off(*, reward: Reward, quantity: int, price: int | None) -> Reward:
    """Take goods off the shelf. Returns the reward as it is now, held.

    Raises Conflict for one that is to be had no more, has another price than the one that was shown, or is not in stock.
    """
    current: Reward = Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
    if current.ended_at is not None:
        raise Conflict("This reward is to be had no more.", where="reward", code="reward_ended")
    if price is not None and price != current.price:
        raise Conflict(
            "The price is %(price)s now.", price=current.price, where="price", code="price_changed"
        )
    if current.stock < quantity:
        raise Conflict(
            "There are %(stock)s left.", stock=current.stock, where="quantity", code="out_of_stock"
        )
    current.stock -= quantity
    current.save(update_fields=["stock"])
    return current


@verb
def put_back(*, entry: Entry) -> Redemption:
    """The goods of a redemption whose entry is being reversed, and its account held, go back on the shelf."""
    redemption: Redemption = Redemption.objects.select_for_update(no_key=True).get(entry=entry)
    redemption.cancelled_at = timezone.now()
    redemption.save(update_fields=["cancelled_at"])
    Reward.objects.filter(pk=redemption.reward_id).update(stock=F("stock") + redemption.quantity)
    return redemption
