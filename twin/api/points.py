"""A household's points over HTTP: what its panel and its own page show."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import visible
from twin.access.roles import MAY_PROPOSE_POINTS
from twin.api import points_documents as documents
from twin.api.people import Unkept
from twin.api.points_lines import lines_of
from twin.api.scoped import ScopedDetails
from twin.base.scope import Scope
from twin.people.models import Household
from twin.people.querysets import own_households
from twin.points.actions.rights import acts_for, holds_at, runs_points
from twin.points.boards import briefs_of, standing_of
from twin.points.models import Claim, Entry, Redemption
from twin.points.querysets import ClaimQuerySet, RedemptionQuerySet

LAST = 5


class PointsOfHouseholds(Unkept, ScopedDetails):
    """The points of one household, by the id of the household. What staff look at is noted in the audit."""

    rows = Household.objects.select_related("community").defer("community__boundary")
    serializer_class = documents.PointsSummary

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Balance, band and the last entries, as far as the viewer may know them."""
        household = self.get_object()
        summary = summary_of(household, self.scope)
        if not summary["standing"]:
            self.note("points.view", household.community, household)
        return Response(self.get_serializer(summary).data)

    @extend_schema(responses=documents.PointsSummary(many=True), filters=False)
    @action(detail=False, pagination_class=None, filter_backends=[])
    def own(self, request: Request) -> Response:
        """The points of the viewer's own household: of a resident. Several where somebody lives in two."""
        households = self.rows.filter(pk__in=own_households(self.scope)).order_by("pk")
        rows = [summary_of(household, self.scope) for household in households]
        return Response(self.get_serializer(rows, many=True).data)


def summary_of(household: Household, scope: Scope) -> dict[str, Any]:
    """Counted queries: the same number for every household."""
    now = timezone.now()
    own = acts_for(scope, household)
    runs = runs_points(scope, household.community_id)
    entries = visible(Entry.objects.filter(household=household), to=scope).with_rule().newest()[:LAST]  # type: ignore[attr-defined]
    brief = briefs_of(household.community, [household.pk], scope)[household.pk]
    return {
        "household_id": household.pk,
        "community_id": household.community_id,
        "balance": brief.balance,
        "band": brief.band,
        "last_entries": lines_of(entries, scope),
        "waiting_claims": _waiting(Claim.objects.waiting(), household, scope) if own or runs else None,
        "waiting_redemptions": _waiting(Redemption.objects.waiting(), household, scope)
        if own or runs
        else None,
        "standing": standing_of(household, now) if own else None,
        "may_claim": own or holds_at(scope, MAY_PROPOSE_POINTS, household),
        "may_spend": own or runs,
        "may_decide": runs and not own,
    }


def _waiting(rows: ClaimQuerySet | RedemptionQuerySet, household: Household, scope: Scope) -> int:
    return int(visible(rows.filter(household=household), to=scope).count())
