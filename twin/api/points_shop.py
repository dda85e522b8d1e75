"""The rewards shop over HTTP: what there is, spending points on it, handing it over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import fetch
from twin.api import points_shop_documents as documents
from twin.api.filters import IdFilter
from twin.api.points_boards import community_of_member
from twin.api.points_names import homes_of
from twin.api.scoped import ScopedViewSet
from twin.base.uploads import once
from twin.people.models import Household
from twin.points.actions import (
    add_reward,
    cancel_redemption,
    change_reward,
    end_reward,
    hand_over,
    redeem,
    restock,
)
from twin.points.models import Redemption, Reward


class RewardFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")


class Rewards(ScopedViewSet):
    """Rewards that are to be had, for staff and residents of the community."""

    rows = Reward.objects.in_force()
    serializer_class = documents.RewardEntry
    filterset_class = RewardFilter

    @extend_schema(request=documents.NewReward, responses={201: documents.RewardEntry})
    def create(self, request: Request) -> Response:
        """Add a reward. 409 `reward_code_is_unique`."""
        asked = documents.NewReward(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        community = community_of_member(str(said.pop("community")), self.scope)
        reward = add_reward(community=community, by=self.viewer, **said)
        return Response(self.get_serializer(reward).data, status=201)

    @extend_schema(request=documents.ChangeReward, responses=documents.RewardEntry)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change names or price. What was redeemed keeps the price it had."""
        asked = documents.ChangeReward(data=request.data)
        asked.is_valid(raise_exception=True)
        reward = change_reward(reward=self.get_object(), by=self.viewer, **asked.validated_data)
        return Response(self.get_serializer(reward).data)

    @extend_schema(request=documents.Restocking, responses=documents.RewardEntry)
    @action(detail=True, methods=["post"])
    def restock(self, request: Request, pk: str | None = None) -> Response:
        """Fill the shelf, or take off what is spoilt. 409 `out_of_stock`."""
        asked = documents.Restocking(data=request.data)
        asked.is_valid(raise_exception=True)
        reward = restock(reward=self.get_object(), by=self.viewer, **asked.validated_data)
        return Response(self.get_serializer(reward).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """It is to be had no more."""
        end_reward(reward=self.get_object(), by=self.viewer)
        return Response(status=204)

    @extend_schema(request=documents.Spending, responses={201: documents.RedemptionDocument})
    @action(detail=True, methods=["post"])
    def redeem(self, request: Request, pk: str | None = None) -> Response:
        """Spend a household's points. Sent again with the same `client_id` it is spent once.

        409 `not_enough_points`, `out_of_stock`, `price_changed`, `reward_ended`.
        """
        reward = self.get_object()
        asked = documents.Spending(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        household = fetch(Household.objects.standing(), to=self.scope, pk=said.pop("household"))
        client_id = said.pop("client_id")

        def spend() -> dict[str, Any]:
            redemption = redeem(household=household, reward=reward, by=self.viewer, **said)
            return {"redemption": redemption.pk}

        body = repr((household.pk, reward.pk, sorted(said.items()))).encode()
        answer = once(sender=f"user:{self.viewer.pk}", batch=f"redeem:{client_id}", body=body, work=spend)
        row = Redemption.objects.with_reward().get(pk=answer["redemption"])
        context = {"homes": homes_of([row.household_id], self.scope)}
        return Response(documents.RedemptionDocument(row, context=context).data, status=201)


class RedemptionFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    household = IdFilter(field_name="household")
    waiting = django_filters.BooleanFilter(method="only_waiting", label="Neither handed over nor cancelled")

    class Meta:
        model = Redemption
        fields: list[str] = []

    def only_waiting(self, rows: Any, name: str, value: bool) -> Any:
        return rows.waiting() if value else rows


class Redemptions(ScopedViewSet):
    """What was redeemed, the newest first: by one's own household; all of it for who runs the points and the auditor."""

    rows = Redemption.objects.with_reward()
    serializer_class = documents.RedemptionDocument
    filterset_class = RedemptionFilter

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With the masked names of all households, in two queries."""
        rows = args[0] if args else []
        wanted: Sequence[Redemption] = rows if isinstance(rows, list) else [rows]
        homes = homes_of([row.household_id for row in wanted], self.scope) if wanted else {}
        context = {**self.get_serializer_context(), "homes": homes}
        return super().get_serializer(*args, **{"context": context, **kwargs})

    @extend_schema(request=None, responses=documents.RedemptionDocument)
    @action(detail=True, methods=["post"])
    def hand_over(self, request: Request, pk: str | None = None) -> Response:
        """The goods are in the household's hands. 409 `already_done`."""
        redemption = hand_over(redemption=self.get_object(), by=self.viewer)
        return Response(self.get_serializer(redemption).data)

    @extend_schema(request=None, responses=documents.RedemptionDocument)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Before the goods are handed over: points and goods return. 409 `already_done`."""
        redemption = self.get_object()
        cancel_redemption(redemption=redemption, by=self.viewer)
        redemption.refresh_from_db()
        return Response(self.get_serializer(redemption).data)
