from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.base.stamped import Stamped
from twin.people.models import Household
from twin.places.models import Community
from twin.points.models.ledger import Entry
from twin.points.querysets import RedemptionQuerySet, RewardQuerySet


class Reward(Stamped):
    """Something that points can be spent on (兑换商品), and how much of it lies on the shelf."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    price = models.PositiveIntegerField(_("price in points"))
    stock = models.IntegerField(_("in stock"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = RewardQuerySet.as_manager()

    class Meta:
        verbose_name = _("reward")
        verbose_name_plural = _("rewards")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code"],
                condition=Q(ended_at=None),
                name="reward_code_is_unique",
                violation_error_message=_("There is a reward with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(price__gte=1, price__lte=100_000),
                name="reward_price_1_to_100000",
                violation_error_message=_("A reward costs 1 to 100000 points."),
            ),
            models.CheckConstraint(
                condition=Q(stock__gte=0, stock__lte=1_000_000),
                name="stock_is_never_negative",
                violation_error_message=_("There are 0 to 1000000 of a reward in stock."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Redemption(Stamped):
    """Points spent on a reward, at the price of that moment. Cancelled by reversing its entry, which restocks."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="redemptions", verbose_name=_("household")
    )
    reward = models.ForeignKey(
        Reward, on_delete=models.PROTECT, related_name="redemptions", verbose_name=_("reward")
    )
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    price = models.PositiveIntegerField(_("price of one"))
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="redemption", verbose_name=_("entry")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed over by"),
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = RedemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=100), name="redemption_of_1_to_100"
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at=None, handed_over_by=None)
                | Q(handed_over_at__isnull=False, handed_over_by__isnull=False),
                name="a_hand_over_says_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["community", "id"], name="redemption_by_community")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def points(self) -> int:
        """What it cost."""
        return self.price * self.quantity
