"""One search box: a place by address or name, a person by name or by the last digits of a phone, a tag."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from twin.access.gate import fetch
from twin.accounts.models import User
from twin.api.scoped import scope_of_viewer
from twin.api.search_people import people_called, people_with_digits, tags_called
from twin.api.search_places import places_called
from twin.base.errors import Invalid, Unauthenticated
from twin.places.models import Community

LONGEST = 200
"""Characters. What is longer, nobody typed."""


class SearchResult(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(
        ["dwelling", "person", "building", "compound", "street", "grid", "tag"],
        help_text="Results of one kind stand together, the likeliest kind first",
    )
    id = serializers.IntegerField()
    title = serializers.CharField(help_text="Of a person the masked name")
    subtitle = serializers.CharField(allow_blank=True)
    dwelling = serializers.IntegerField(
        allow_null=True, help_text="The home to open: of a person one for each result"
    )
    center = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="Longitude, latitude, EPSG:4326; null for a tag",
    )
    height_m = serializers.FloatField()
    room_missing = serializers.CharField(
        allow_blank=True, help_text="The room that was asked for and is not there: this is offered instead"
    )


class DigitsRequest(serializers.Serializer[Any]):
    community = serializers.IntegerField(min_value=1)
    digits = serializers.CharField(help_text="The last four of a phone")


class Searching(APIView):
    """Answers that stay in nobody's cache."""

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def community(self, community_id: int) -> Community:
        return fetch(Community.objects.all(), to=scope_of_viewer(self.request), pk=community_id)

    @property
    def viewer(self) -> User:
        if not isinstance(self.request.user, User):
            raise Unauthenticated("Sign in first.")
        return self.request.user


class Search(Searching):
    """Dwellings, people, buildings, compounds, streets, grids and tags, as far as they are the viewer's to see."""

    @extend_schema(
        parameters=[
            OpenApiParameter("community", int, required=True),
            OpenApiParameter(
                "q", str, required=True,
                description="`12号楼3单元502`, `海棠路100弄12号502室`, a name, also as `zhangwei` or `zw`",
            ),
        ],
        responses=SearchResult(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """What is called so. That somebody was found by name is noted in the audit, but not what was asked."""
        community = self.community(_number(request.query_params.get("community", "")))
        text = request.query_params.get("q", "").replace("\x00", "").strip()
        if not text or len(text) > LONGEST:
            return Response([])
        scope = scope_of_viewer(request)
        places = places_called(text, community, scope)
        homes = [place for place in places if place["kind"] == "dwelling"]
        people = people_called(text, community, scope, self.viewer)
        others = [place for place in places if place["kind"] != "dwelling"]
        return Response(homes + people + others + tags_called(text, community, scope))


class SearchByDigits(Searching):
    """People by the last four digits of their phone: noted each time, and so often a minute only."""

    @extend_schema(request=DigitsRequest, responses=SearchResult(many=True))
    def post(self, request: Request) -> Response:
        """Each with the homes that the viewer may be told of. 429 for who asks too often."""
        asked = DigitsRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        community = self.community(asked.validated_data["community"])
        found = people_with_digits(
            asked.validated_data["digits"], community, scope_of_viewer(request), self.viewer
        )
        return Response(found)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid("Say which community: a whole number.", where="community")
    return int(text)
