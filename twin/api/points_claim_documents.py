"""The JSON documents of claims. What the viewer has no right to is null, never left out; names are masked."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from twin.api.points_documents import RuleNamed
from twin.points.models import Claim


class PhotoEntry(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    url = serializers.CharField(allow_null=True, help_text="Null once it is no longer kept")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    seen_before = serializers.BooleanField(
        allow_null=True, help_text="The same file came with another claim; for auditors, else null"
    )


class ClaimDocument(serializers.Serializer[Any]):
    """A claim. Who it is about is told as far as the viewer may see the household."""

    id = serializers.IntegerField()
    community_id = serializers.IntegerField()
    household_id = serializers.IntegerField()
    called = serializers.CharField(allow_null=True, allow_blank=True, help_text="Masked")
    address = serializers.CharField(allow_null=True)
    dwelling_id = serializers.IntegerField(allow_null=True)
    rule = RuleNamed()
    least = serializers.IntegerField()
    most = serializers.IntegerField()
    happened_at = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)
    filed_at = serializers.DateTimeField()
    filed_by_me = serializers.BooleanField()
    filed_by = serializers.CharField(allow_null=True, help_text="For auditors")
    state = serializers.ChoiceField(Claim.State.choices)
    reason = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    points = serializers.IntegerField(allow_null=True, help_text="What it gave")
    photos = PhotoEntry(many=True)
    may_decide = serializers.BooleanField()


class FileClaim(serializers.Serializer[Any]):
    """A deed, as a form (with photos) or as JSON (without)."""

    household = serializers.IntegerField(min_value=1, max_value=2**53)
    rule = serializers.IntegerField(min_value=1, max_value=2**53)
    happened_at = serializers.DateTimeField(allow_null=True, default=None, help_text="Default: now")
    note = serializers.CharField(max_length=400, allow_blank=True, default="")
    client_id = serializers.UUIDField(
        allow_null=True, default=None, help_text="Sent again with the same one, it is filed once"
    )
    photos = serializers.ListField(
        child=serializers.FileField(max_length=200), required=False, default=list, help_text="JPEG, PNG, WebP"
    )


class Decision(serializers.Serializer[Any]):
    accept = serializers.BooleanField()
    points = serializers.IntegerField(
        allow_null=True, default=None, help_text="Where the rule leaves them open"
    )
    reason = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="For a refusal")
