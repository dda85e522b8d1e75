from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.people.models import Household, Person
from twin.places.models import Community
from twin.points.models.claim import Claim
from twin.points.models.rule import RuleVersion
from twin.points.querysets import AccountQuerySet, EntryQuerySet


class Account(models.Model):
    """What a household's ledger adds up to. The database moves it along with each entry and lets nobody else do so."""

    household = models.OneToOneField(
        Household, on_delete=models.PROTECT, related_name="points_account", verbose_name=_("household")
    )
    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    balance = models.IntegerField(_("balance"), default=0, editable=False)
    entry_count = models.IntegerField(_("entries"), default=0, editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("points account")
        verbose_name_plural = _("points accounts")
        indexes = [models.Index(fields=["community", "household"], name="account_by_community")]

    def __str__(self) -> str:
        return f"#{self.household_id}: {self.balance}"


class Entry(models.Model):
    """One line of the ledger (积分流水). It can only be added: triggers refuse UPDATE, DELETE and TRUNCATE.

    `number`, `balance_after` and `written_at` are the database's: it numbers the entries of a household and carries the
    balance on. A mistake is undone by an entry that reverses it exactly, called a refund where points were spent.
    `happened_at` is when the deed was done, and decides the version of the rule, the cap's period and the board; of a
    reversal it is that of what it undoes.
    """

    class Kind(models.TextChoices):
        AWARD = "award", _("award")
        BREACH = "breach", _("breach")
        REDEMPTION = "redemption", _("redemption")
        REVERSAL = "reversal", _("reversal")
        REFUND = "refund", _("refund")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, verbose_name=_("community"))
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="point_entries", verbose_name=_("household")
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="point_entries",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    version = models.ForeignKey(
        RuleVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("rule"),
    )
    points = models.IntegerField(_("points"))
    happened_at = models.DateTimeField(_("when it was done"))
    evidence = models.CharField(_("evidence"), max_length=400, blank=True)
    auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("audited by"),
        help_text=_("Empty: the rule needs no audit"),
    )
    claim = models.OneToOneField(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="entry", verbose_name=_("claim")
    )
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversal",
        verbose_name=_("reverses"),
    )
    number = models.IntegerField(_("number"), editable=False)
    balance_after = models.IntegerField(_("balance after it"), editable=False)
    written_at = models.DateTimeField(_("written"), editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("points entry")
        verbose_name_plural = _("points entries")
        constraints = [
            models.UniqueConstraint(fields=["household", "number"], name="entries_are_numbered"),
            models.CheckConstraint(
                condition=Q(kind="award", points__gt=0, version__isnull=False, reverses=None)
                | Q(kind="breach", points__lt=0, version__isnull=False, reverses=None)
                | Q(kind="redemption", points__lt=0, version=None, reverses=None, claim=None)
                | Q(kind="reversal", version=None, reverses__isnull=False, claim=None) & ~Q(points=0)
                | Q(kind="refund", points__gt=0, version=None, reverses__isnull=False, claim=None),
                name="an_entry_says_what_it_is_for",
            ),
            models.CheckConstraint(
                condition=~Q(kind="redemption") | Q(balance_after__gte=0),
                name="nobody_spends_more_than_there_is",
                violation_error_message=_("There are not enough points for this."),
            ),
        ]
        indexes = [
            models.Index(fields=["household", "version", "happened_at"], name="entries_for_caps"),
            models.Index(
                fields=["community", "happened_at"],
                include=["household", "points"],
                condition=~Q(kind__in=["redemption", "refund"]),
                name="entries_for_boards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points:+d}"
