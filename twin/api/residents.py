"""The resident's side: in by a code, and then the own household. What points are, the points' own addresses tell."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.contrib.auth import login
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.api.people_facts import with_places
from twin.api.people_panorama import household_of
from twin.api.scoped import scope_of_viewer
from twin.base.errors import Invalid, NotVisible, Unauthenticated
from twin.base.scope import Scope
from twin.people.actions import enter_by_invitation, enter_by_link
from twin.people.models import Household, Person, Residence
from twin.people.querysets import own_households
from twin.places.models import Community

logger = logging.getLogger(__name__)

SIGNED_IN_FOR = timedelta(days=60)
"""An own phone, not a shared desk: who had to ask for a new code each day would not come back."""


class ResidentMember(serializers.Serializer[Any]):
    """Somebody of the own household, masked: a phone lies open on the table."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="Masked")
    role = serializers.ChoiceField(choices=Residence.Role.choices)
    age = serializers.IntegerField(allow_null=True)
    phone = serializers.CharField(allow_null=True, allow_blank=True, help_text="Masked")
    me = serializers.BooleanField()


class ResidentHousehold(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    address = serializers.CharField()
    called = serializers.CharField(allow_blank=True, help_text="The masked name of its head")
    members = ResidentMember(many=True)


class ResidentCommunity(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    time_zone = serializers.CharField()


class ResidentDocument(serializers.Serializer[Any]):
    """Where the viewer lives. Several households where somebody is registered in one and lives in another."""

    community = ResidentCommunity()
    households = ResidentHousehold(many=True)


class InvitationKey(serializers.Serializer[Any]):
    """One of the two."""

    code = serializers.CharField(
        max_length=40, required=False, help_text="Twelve digits; spaces and dashes do not matter"
    )
    link = serializers.CharField(
        max_length=40, required=False, help_text="What stands behind `#` in the link of an invitation"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise Invalid("Give the code of the invitation, or its link.", where="code")
        return attrs


class TriesThrottle(SimpleRateThrottle):
    """Ten tries a minute from one address."""

    rate = "10/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"invitation:{self.get_ident(request)}"


class AllTriesThrottle(SimpleRateThrottle):
    """A hundred codes a minute together: many addresses do not guess faster than one town signs in. A link cannot be
    guessed, and opens while codes are held up."""

    rate = "100/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        by_link = isinstance(request.data, dict) and "code" not in request.data
        return None if by_link else "invitation:all"


@method_decorator(csrf_protect, name="dispatch")
@method_decorator(never_cache, name="dispatch")
class ResidentSession(APIView):
    """Signing in by invitation. Signing out is that of every session: `DELETE /api/session/`."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [TriesThrottle, AllTriesThrottle]

    @extend_schema(request=InvitationKey, responses={204: None})
    def post(self, request: Request) -> Response:
        """401 `wrong_code` for one that is mistyped, used, revoked or has run out; 429 after ten tries a minute."""
        asked = InvitationKey(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            user = _entering(**asked.validated_data)
        except Unauthenticated:
            logger.warning(
                "An invitation that opens nothing was tried from %s", TriesThrottle().get_ident(request)
            )
            raise
        login(request._request, user, backend="django.contrib.auth.backends.ModelBackend")
        request._request.session.set_expiry(SIGNED_IN_FOR)
        return Response(status=204)


def _entering(code: str | None = None, link: str | None = None) -> User:
    return enter_by_link(link=link) if link is not None else enter_by_invitation(code=code or "")


@method_decorator(never_cache, name="dispatch")
class Resident(APIView):
    """The own household, for who signs in as a resident."""

    @extend_schema(responses=ResidentDocument)
    def get(self, request: Request) -> Response:
        """404 for who is no resident anywhere."""
        scope = scope_of_viewer(request)
        document = resident_of(scope)
        return Response(ResidentDocument(document).data)


def resident_of(scope: Scope) -> dict[str, Any]:
    """Raises NotVisible for who lives nowhere, or is no resident."""
    lived_in = [grant.community_id for grant in scope.grants if grant.role == RoleKind.RESIDENT]
    person = Person.objects.standing().filter(user=scope.user_id, community__in=lived_in).first()
    if person is None:
        raise NotVisible("There is nothing here for you.")
    mine = with_places(Household.objects.standing()).filter(pk__in=own_households(scope)).order_by("pk")
    return {
        "community": Community.objects.get(pk=person.community_id),
        "households": [_own(household, person, scope) for household in mine],
    }


def _own(household: Household, person: Person, scope: Scope) -> dict[str, Any]:
    document = household_of(household, scope)
    members = [{**member, "me": member["id"] == person.pk} for member in document["members"]]
    return {**document, "members": sorted(members, key=lambda member: not member["me"])}
