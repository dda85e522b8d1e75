"""Named questions about points, and who may see what of them.

What a community has agreed on is for its staff and its residents. What a household has done is for the household, for those
who run the points, and for the auditor. Field staff see what speaks for a household below their own place: its awards and
its balance, but neither breaches nor what was taken back. The big screen sees bands only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from twin.access.roles import MAY_RUN_POINTS, MAY_SEE_LEDGERS, RoleKind
from twin.base.scope import Scope
from twin.people.querysets import in_dwelling, own_households

SPENDING = ("redemption", "refund")
"""Kinds of entries that say nothing of what a household has done."""


def members_of(scope: Scope) -> frozenset[int]:
    """The communities in which the viewer is staff or lives."""
    return frozenset(g.community_id for g in scope.grants)


def ledgers_of(scope: Scope) -> frozenset[int]:
    """The communities whose whole ledgers are open to the viewer, breaches included."""
    return scope.whole_of(MAY_RUN_POINTS | {RoleKind.AUDITOR})


def balance_told(scope: Scope, household: str = "") -> Q:
    """Of which households the viewer may know the balance; `household` is their lookup, ending in `__`, or empty."""
    field = scope.where(lambda g: g.facts and g.role in MAY_SEE_LEDGERS)
    there = in_dwelling(field, f"{household}dwelling__")
    whole = Q(**{f"{household}community__in": ledgers_of(scope)})
    return there | whole | Q(**{f"{household}pk__in": own_households(scope)})


class AgreedQuerySet(models.QuerySet[Any]):
    """What a community has agreed on, for its staff and its residents."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=members_of(scope))

    def in_force(self) -> Self:
        return self.filter(ended_at=None)


class RuleQuerySet(AgreedQuerySet):
    """Rules; what they say is in their versions."""


class RuleVersionQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=members_of(scope))

    def at(self, moment: datetime) -> Self:
        """What rules said at that moment (UTC): of each the last version valid by then, unless the rule had ended."""
        later = self.model._default_manager.filter(
            rule=OuterRef("rule"), valid_from__lte=moment, valid_from__gt=OuterRef("valid_from")
        )
        standing = Q(rule__ended_at=None) | Q(rule__ended_at__gt=moment)
        return self.filter(standing, ~Exists(later), valid_from__lte=moment)


class AccountQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """Balances, and for the big screen the band alone."""
        facts = in_dwelling(scope.where(lambda g: g.facts), "household__dwelling__")
        return self.filter(
            facts | Q(community__in=ledgers_of(scope)) | Q(household__in=own_households(scope))
        )

    def with_balance_for(self, scope: Scope) -> Self:
        """Those of which the viewer may know the balance."""
        return self.filter(balance_told(scope, "household__"))


class EntryQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """The whole ledger for the household itself, those who run the points and the auditor; for field staff the
        awards that stand: what was taken from a household is not theirs to know."""
        field = scope.where(lambda g: g.facts and g.role in MAY_SEE_LEDGERS)
        awards = in_dwelling(field, "household__dwelling__") & Q(kind="award", reversal=None)
        whole = Q(community__in=ledgers_of(scope)) | Q(household__in=own_households(scope))
        return self.filter(awards | whole)

    def earned(self) -> Self:
        """What households did, good or bad, and what was taken back of it; not what they spent."""
        return self.exclude(kind__in=SPENDING)

    def standing(self) -> Self:
        """Neither reversed nor a reversal."""
        return self.filter(reversal=None, reverses=None)

    def between(self, begin: datetime, end: datetime) -> Self:
        """Of deeds done from `begin` until before `end` (UTC)."""
        return self.filter(happened_at__gte=begin, happened_at__lt=end)

    def total(self) -> int:
        """The sum of points."""
        found: int = self.aggregate(total=Coalesce(Sum("points"), 0))["total"]
        return found

    def by_household(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Household and `total`, the most points first, of equals who had them first; nobody without any."""
        sums = self.values("household").annotate(total=Sum("points"), last=Max("id")).filter(total__gt=0)
        return sums.order_by("-total", "last")

    def newest(self) -> Self:
        return self.order_by("-id")

    def with_rule(self) -> Self:
        """With everything that an entry's line says, in one query."""
        return self.select_related(
            "version__rule", "version__kind", "auditor", "redemption__reward"
        ).annotate(reversed_by=F("reversal"))


class ClaimQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """One's own reports, what was claimed for one's household, and all of them for who audits or looks after that."""
        own = Q(household__in=own_households(scope), version__most__gt=0)
        filed = Q(filed_by=scope.user_id, filed_by__isnull=False, community__in=members_of(scope))
        return self.filter(Q(community__in=ledgers_of(scope)) | own | filed)

    def waiting(self) -> Self:
        return self.filter(state="filed")

    def with_rule(self) -> Self:
        """With everything that a claim's line says, in two queries."""
        return self.select_related(
            "version__rule", "version__kind", "entry", "filed_by", "decided_by"
        ).prefetch_related("photos")


class ClaimPhotoQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """Whoever may see the claim."""
        claims = self.model._meta.get_field("claim").related_model._default_manager.all()
        return self.filter(claim__in=claims.visible_to(scope))

    def kept(self) -> Self:
        return self.filter(forgotten_at=None)


class RewardQuerySet(AgreedQuerySet):
    """Rewards."""


class RedemptionQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(Q(community__in=ledgers_of(scope)) | Q(household__in=own_households(scope)))

    def waiting(self) -> Self:
        """Paid for, neither handed over nor cancelled."""
        return self.filter(handed_over_at=None, cancelled_at=None)

    def with_reward(self) -> Self:
        return self.select_related("reward", "handed_over_by")


class FamilyVoteQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=members_of(scope))


class CandidateQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(vote__community__in=members_of(scope))


class TurnoutQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """One's own."""
        return self.filter(person__user=scope.user_id, person__user__isnull=False)
