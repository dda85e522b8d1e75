"""Invitations over HTTP: given out and revoked by workers. The code is told once, to who asked for it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import fetch
from twin.api.filters import IdFilter
from twin.api.people import Unkept
from twin.api.scoped import ScopedViewSet
from twin.people.actions import invite_resident, revoke_invitation
from twin.people.masking import masked_name
from twin.people.models import Household, Invitation, Person


class InvitationEntry(serializers.ModelSerializer[Invitation]):
    """An invitation; never its code or link."""

    called = serializers.SerializerMethodField(help_text="Who is invited, masked")

    class Meta:
        model = Invitation
        fields = ["id", "household", "person", "called", "created_at", "expires_at", "used_at", "revoked_at"]

    @extend_schema_field(serializers.CharField())
    def get_called(self, row: Invitation) -> str:
        return masked_name(row.person.name)


class NewInvitation(InvitationEntry):
    code = serializers.SerializerMethodField(help_text="Twelve digits; told this once")
    link = serializers.SerializerMethodField(
        help_text="The resident's page with what opens it behind `#`, to be drawn as a QR code; told this once"
    )

    class Meta(InvitationEntry.Meta):
        fields = [*InvitationEntry.Meta.fields, "code", "link"]

    @extend_schema_field(serializers.CharField())
    def get_code(self, row: Invitation) -> str:
        return str(self.context["code"])

    @extend_schema_field(serializers.CharField())
    def get_link(self, row: Invitation) -> str:
        return str(self.context["link"])


class Invite(serializers.Serializer[Any]):
    household = serializers.IntegerField(min_value=1, max_value=2**53)
    person = serializers.IntegerField(min_value=1, max_value=2**53)


class InvitationFilter(django_filters.FilterSet):
    household = IdFilter(field_name="household")
    person = IdFilter(field_name="person")


class Invitations(Unkept, ScopedViewSet):
    """Invitations, the newest first, for who may invite there."""

    rows = Invitation.objects.select_related("person").order_by("-id")
    serializer_class = InvitationEntry
    filterset_class = InvitationFilter

    @extend_schema(request=Invite, responses={201: NewInvitation})
    def create(self, request: Request) -> Response:
        """Invite one person of a household; what was open for them before is revoked. Grid workers and heads of the grid,
        community admins; 404 for others. 409 `has_own_log_in`."""
        asked = Invite(data=request.data)
        asked.is_valid(raise_exception=True)
        household = fetch(Household.objects.standing(), to=self.scope, pk=asked.validated_data["household"])
        person = fetch(Person.objects.standing(), to=self.scope, pk=asked.validated_data["person"])
        invited = invite_resident(household=household, person=person, by=self.viewer)
        told = {"code": invited.code, "link": f"{reverse('resident')}#{invited.link}"}
        return Response(NewInvitation(invited.invitation, context=told).data, status=201)

    @extend_schema(request=None, responses=InvitationEntry)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str | None = None) -> Response:
        """The code opens nothing any more. 409 `already_done`."""
        invitation = revoke_invitation(invitation=self.get_object(), by=self.viewer)
        return Response(InvitationEntry(invitation).data)
