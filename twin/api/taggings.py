"""Tags given, verified and ended over HTTP. What somebody has is told where the person, household or dwelling is."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import fetch
from twin.api.people import Unkept
from twin.base.errors import Invalid
from twin.base.uploads import once
from twin.people.actions import end_tagging, give_tag, tagging_now, verify_tag
from twin.people.actions.tags import tagging_model
from twin.people.models import Household, Person, Tag, Tagging
from twin.people.rights import subject_to_tag
from twin.places.models import Dwelling

MOST_ID = 2**53
EARLIEST = 1900
"""The first year in which a tag may begin: what is earlier is a slip of the keyboard."""


class TaggingAsked(serializers.Serializer[Any]):
    """A tag, and the person, household or dwelling that it is about: of which kind, the tag says."""

    tag = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    subject = serializers.IntegerField(min_value=1, max_value=MOST_ID, help_text="Id of what it applies to")


class TagToGive(TaggingAsked):
    reason = serializers.CharField(min_length=2, max_length=200, help_text="Why it is so")
    said_by = serializers.CharField(max_length=80, allow_blank=True, default="", help_text="Who says so")
    since = serializers.DateTimeField(allow_null=True, default=None, help_text="Default: now; never later")
    until = serializers.DateTimeField(
        allow_null=True, default=None, help_text="It runs out then by itself; null: until it is ended"
    )
    verified = serializers.BooleanField(default=False, help_text="Whoever gives it has seen that it holds")
    client_id = serializers.UUIDField(
        allow_null=True, default=None, help_text="Sent again with the same one, it is given once"
    )

    def validate_since(self, value: Any) -> Any:
        if value is not None and value > timezone.now():
            raise Invalid("A tag does not begin in the future.", where="since", code="since_in_future")
        if value is not None and value.year < EARLIEST:
            raise Invalid("A tag begins in %(year)s at the earliest.", year=EARLIEST, where="since")
        return value


class TagToEnd(TaggingAsked):
    why = serializers.CharField(min_length=2, max_length=200, help_text="Why it holds no longer")


class TaggingDocument(serializers.Serializer[Any]):
    """What was done. What a tag says of somebody is told with the person, household or dwelling."""

    id = serializers.IntegerField(help_text="In the table of what the tag applies to")
    tag = serializers.IntegerField()
    applies_to = serializers.ChoiceField(choices=Tag.Applies.choices)
    subject = serializers.IntegerField()
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)


class Taggings(Unkept):
    """Given, verified and ended by community admins up to L5, heads of the grid up to L4, grid workers up to L3, below
    their own place; for others there is nothing here (404). 400 `tag_above_level` names the tag."""

    rows = Tag.objects.in_force()
    serializer_class = TaggingDocument

    @extend_schema(request=TagToGive, responses={201: TaggingDocument})
    def create(self, request: Request) -> Response:
        """Give a tag. 409 for who has it already at that time; 400 `since_in_future`."""
        said, tag, subject = self._asked(TagToGive, request)
        client_id, said["source"] = said.pop("client_id"), said.pop("said_by")

        def give() -> dict[str, Any]:
            tagging = give_tag(tag=tag, subject=subject, by=self.viewer, **said)
            return {"tagging": tagging.pk}

        if client_id is None:
            answer = give()
        else:
            body = sha256(repr((tag.pk, subject.pk, sorted(said.items()))).encode()).digest()
            sender = f"user:{self.viewer.pk}"
            answer = once(sender=sender, batch=f"tagging:{client_id}", body=body, work=give)
        given = tagging_model(tag.applies_to)._default_manager.get(pk=answer["tagging"])
        return self._told(given, tag, subject, 201)

    @extend_schema(request=TaggingAsked, responses=TaggingDocument)
    @action(detail=False, methods=["post"])
    def verify(self, request: Request) -> Response:
        """Vouch that it holds. 409 `has_not_this_tag`."""
        _, tag, subject = self._asked(TaggingAsked, request)
        return self._told(verify_tag(tagging=tagging_now(tag, subject), by=self.viewer), tag, subject)

    @extend_schema(request=TagToEnd, responses=TaggingDocument)
    @action(detail=False, methods=["post"])
    def end(self, request: Request) -> Response:
        """It holds no longer, from now on. 409 `has_not_this_tag`."""
        said, tag, subject = self._asked(TagToEnd, request)
        tagging = end_tagging(tagging=tagging_now(tag, subject), why=said["why"], by=self.viewer)
        return self._told(tagging, tag, subject)

    def _asked(
        self, form: type[TaggingAsked], request: Request
    ) -> tuple[dict[str, Any], Tag, Person | Household | Dwelling]:
        asked = form(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        tag = fetch(self.rows.all(), to=self.scope, pk=said.pop("tag"))
        return said, tag, subject_to_tag(tag, said.pop("subject"), self.scope.in_community(tag.community_id))

    def _told(
        self, row: Tagging, tag: Tag, subject: Person | Household | Dwelling, status: int = 200
    ) -> Response:
        document = {
            "id": row.pk,
            "tag": tag.pk,
            "applies_to": tag.applies_to,
            "subject": subject.pk,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
            "verified_at": row.verified_at,
        }
        return Response(TaggingDocument(document).data, status=status)
