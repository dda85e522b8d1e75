"""Signing in and out, and who is signed in."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from twin.access.actions import leave, record
from twin.access.gate import visible
from twin.access.roles import ENTERS_BACK_OFFICE, RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.api.faces import photo_url
from twin.base.errors import Unauthenticated
from twin.base.http import body_of
from twin.places.descriptions import describe
from twin.places.models import Community


class Credentials(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class SignedInUser(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    language = serializers.ChoiceField(User.Language.choices)
    photo = serializers.CharField(allow_null=True)


class OwnCommunity(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    time_zone = serializers.CharField()
    center = serializers.ListField(child=serializers.FloatField(), help_text="Longitude, latitude, EPSG:4326")
    bbox = serializers.ListField(
        child=serializers.FloatField(), help_text="West, south, east, north, EPSG:4326"
    )
    approval_number = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.ChoiceField(RoleKind.choices))


class SessionDocument(serializers.Serializer[Any]):
    user = SignedInUser()
    communities = OwnCommunity(many=True)
    back_office = serializers.BooleanField(
        help_text="Whether the clerks' pages at /admin/ open for this user"
    )


class LogInThrottle(SimpleRateThrottle):
    """Ten tries a minute for one user name from one address: passwords are not guessed here."""

    rate = "10/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if request.method != "POST":
            return None
        name = request.data.get("username", "") if isinstance(request.data, dict) else ""
        return f"log-in:{self.get_ident(request)}:{sha256(str(name).encode()).hexdigest()}"


@method_decorator(ensure_csrf_cookie, name="dispatch")
class Session(APIView):
    """The session of this browser."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [AllowAny]
    throttle_classes = [LogInThrottle]

    @extend_schema(responses=SessionDocument)
    def get(self, request: Request) -> Response:
        """Who is signed in, and which communities they may look at."""
        if not isinstance(request.user, User):
            return Response({**body_of("unauthenticated", "Sign in first."), **_demo_logins()}, status=401)
        return Response(_document(request.user))

    @extend_schema(request=Credentials, responses=SessionDocument)
    def post(self, request: Request) -> Response:
        """Sign in. 401 when name and password do not belong together."""
        credentials = Credentials(data=request.data)
        credentials.is_valid(raise_exception=True)
        user = authenticate(request._request, **credentials.validated_data)
        if not isinstance(user, User):
            raise Unauthenticated(
                "The user name and the password do not belong together.", code="wrong_password"
            )
        login(request._request, user)
        record(by=user, action="session.begin")
        return Response(_document(user))

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out; open live connections of this user are checked at once."""
        user = request.user
        logout(request._request)
        if isinstance(user, User):
            leave(user=user)
        return Response(status=204)


def _document(user: User) -> dict[str, Any]:
    scope = scope_of(user)
    communities = visible(Community.objects.all(), to=scope).order_by("id")
    return {
        "user": {
            "id": user.pk,
            "username": user.username,
            "name": str(user),
            "language": user.language,
            "photo": photo_url(user),
        },
        "communities": [
            {**describe(community), "roles": sorted(scope.roles_in(community.pk))}
            for community in communities
        ],
        "back_office": bool(scope.whole_of(ENTERS_BACK_OFFICE)),
    }


def _demo_logins() -> dict[str, Any]:
    """On the demo, and only there, the log-in page offers the log-ins. Their password is public by intent."""
    if not settings.DEMO:
        return {}
    users = User.objects.filter(username__in=settings.DEMO_USERS).order_by("id")
    return {
        "demo_logins": [
            {
                "username": u.username,
                "password": settings.DEMO_PASSWORD,
                "role": settings.DEMO_USERS[u.username],
            }
            for u in users
        ]
    }
