"""The JSON documents of rewards and of points spent on them. Names are masked."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from twin.api.points_documents import InBothLanguages
from twin.points.models import Redemption, Reward


class RewardEntry(serializers.ModelSerializer[Reward]):
    name = InBothLanguages()

    class Meta:
        model = Reward
        fields = ["id", "community", "code", "name", "price", "stock"]


class NewReward(serializers.Serializer[Any]):
    community = serializers.IntegerField(min_value=1, max_value=2**53)
    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, allow_blank=True, default="")
    price = serializers.IntegerField(min_value=1, max_value=100_000)
    stock = serializers.IntegerField(min_value=0, max_value=1_000_000, default=0)


class ChangeReward(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80, required=False)
    name_en = serializers.CharField(max_length=80, allow_blank=True, required=False)
    price = serializers.IntegerField(min_value=1, max_value=100_000, required=False)


class Restocking(serializers.Serializer[Any]):
    quantity = serializers.IntegerField(
        min_value=-1_000_000, max_value=1_000_000, help_text="Below zero: taken off the shelf"
    )
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class Spending(serializers.Serializer[Any]):
    household = serializers.IntegerField(min_value=1, max_value=2**53)
    quantity = serializers.IntegerField(min_value=1, max_value=100, default=1)
    price = serializers.IntegerField(min_value=1, max_value=100_000, help_text="The price that was shown")
    client_id = serializers.UUIDField(help_text="Sent again with the same one, it is spent once")


class RedemptionDocument(serializers.ModelSerializer[Redemption]):
    """Points spent on a reward."""

    reward = RewardEntry()
    points = serializers.IntegerField(help_text="What it cost")
    called = serializers.SerializerMethodField(help_text="Masked; null for who may not see the household")
    state = serializers.SerializerMethodField()

    class Meta:
        model = Redemption
        fields = [
            "id", "community_id", "household_id", "called", "reward", "quantity", "price", "points", "state",
            "created_at", "handed_over_at", "cancelled_at",
        ]  # fmt: skip

    def get_called(self, row: Redemption) -> str | None:
        home = self.context["homes"].get(row.household_id)
        return home.called if home else None

    @extend_schema_field(serializers.ChoiceField(["waiting", "handed_over", "cancelled"]))
    def get_state(self, row: Redemption) -> str:
        if row.cancelled_at is not None:
            return "cancelled"
        return "waiting" if row.handed_over_at is None else "handed_over"
