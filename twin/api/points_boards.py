"""Boards, bands and what else a community has agreed on about its points, over HTTP: for its staff and its residents."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import visible
from twin.api.filters import IdFilter, number_of
from twin.api.points_documents import BandEntry
from twin.api.scoped import Scoped, ScopedViewSet
from twin.base.errors import Invalid, NotVisible
from twin.base.scope import Scope
from twin.people.models import Household
from twin.people.querysets import own_households
from twin.places.models import Community
from twin.points.actions import NewBand, agree_on_bands, change_scheme, scheme_of
from twin.points.boards import Board, bands_of, board_of
from twin.points.models import Band
from twin.points.names import called
from twin.points.periods import Period
from twin.points.querysets import members_of


class BandFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")


class BoardLine(serializers.Serializer[Any]):
    place = serializers.IntegerField(help_text="Equals share one")
    called = serializers.CharField(allow_blank=True, help_text="The masked name of the head")
    points = serializers.IntegerField()
    own = serializers.BooleanField()
    household_id = serializers.IntegerField(allow_null=True, help_text="For who may see the household")
    dwelling_id = serializers.IntegerField(allow_null=True)


class NewBandEntry(serializers.Serializer[Any]):
    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=40)
    name_en = serializers.CharField(max_length=40, allow_blank=True, default="")
    colour = serializers.RegexField(r"^#[0-9a-f]{6}$")
    least = serializers.IntegerField(min_value=-100_000, max_value=100_000)


@extend_schema_serializer(many=False)
class BoardDocument(serializers.Serializer[Any]):
    period = serializers.ChoiceField([Period.MONTH, Period.YEAR])
    begin = serializers.DateTimeField()
    end = serializers.DateTimeField(help_text="The first moment that does not count")
    lines = BoardLine(many=True)
    bands = BandEntry(many=True)


class AgreeOnBands(serializers.Serializer[Any]):
    """The bands from now on, instead of those there were."""

    community = serializers.IntegerField(min_value=1, max_value=2**53)
    bands = NewBandEntry(many=True, max_length=20)  # type: ignore[call-arg]


class SchemeEntry(serializers.Serializer[Any]):
    """What is agreed on about points as a whole."""

    month_board = serializers.IntegerField(min_value=1, max_value=100, required=False)
    year_board = serializers.IntegerField(min_value=1, max_value=500, required=False)
    claim_days = serializers.IntegerField(min_value=1, max_value=366, required=False)
    photo_days = serializers.IntegerField(min_value=1, max_value=3660, required=False)


class BoardAsked(serializers.Serializer[Any]):
    period = serializers.ChoiceField([Period.MONTH, Period.YEAR], default=Period.MONTH)
    at = serializers.DateTimeField(default=None, allow_null=True)


class Boards(Scoped):
    """The best households of a month or a year; names are masked."""

    rows = Band.objects.in_force()
    serializer_class = BoardDocument

    @extend_schema(
        parameters=[
            OpenApiParameter("community", int, required=True),
            OpenApiParameter("period", str, enum=["month", "year"]),
            OpenApiParameter("at", str, description="A moment in the period, ISO 8601; default: now"),
        ],
        responses=BoardDocument,
    )
    def list(self, request: Request) -> Response:
        """Of the month ten, of the year fifty, unless the community has agreed otherwise."""
        asked = BoardAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        community = community_of_member(request.query_params.get("community", ""), self.scope)
        period = Period(asked.validated_data["period"])
        board = board_of(community, period, asked.validated_data["at"] or timezone.now())
        document = {
            "period": period,
            "begin": board.begin,
            "end": board.end,
            "lines": _lines(board, self.scope),
            "bands": bands_of(community),
        }
        return Response(BoardDocument(document).data)


class Bands(ScopedViewSet):
    """The bands of a community, the lowest first."""

    rows = Band.objects.in_force().order_by("community", "least")
    serializer_class = BandEntry
    pagination_class = None
    filterset_class = BandFilter

    @extend_schema(request=AgreeOnBands, responses={201: BandEntry(many=True)})
    def create(self, request: Request) -> Response:
        """Agree on other bands, all at once, from now on."""
        asked = AgreeOnBands(data=request.data)
        asked.is_valid(raise_exception=True)
        community = community_of_member(str(asked.validated_data["community"]), self.scope)
        bands = [NewBand(**band) for band in asked.validated_data["bands"]]
        agreed = agree_on_bands(community=community, bands=bands, by=self.viewer)
        return Response(BandEntry(agreed, many=True).data, status=201)


class Schemes(Scoped):
    """What a community has agreed on about its points as a whole, by the id of the community."""

    rows = Community.objects.all()
    serializer_class = SchemeEntry

    def retrieve(self, request: Request, pk: str) -> Response:
        community = community_of_member(pk, self.scope)
        return Response(SchemeEntry(scheme_of(community=community)).data)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Agree otherwise; what is not named stays."""
        asked = SchemeEntry(data=request.data)
        asked.is_valid(raise_exception=True)
        community = community_of_member(pk, self.scope)
        scheme = change_scheme(community=community, by=self.viewer, **asked.validated_data)
        return Response(SchemeEntry(scheme).data)


def _lines(board: Board, scope: Scope) -> list[dict[str, Any]]:
    ids = [line.household_id for line in board.lines]
    names = called(ids)
    own = set(own_households(scope).values_list("household", flat=True))
    seen = visible(Household.objects.filter(pk__in=ids), to=scope)
    homes = dict(seen.values_list("pk", "dwelling_id"))
    return [
        {
            "place": line.place,
            "called": names.get(line.household_id, ""),
            "points": line.points,
            "own": line.household_id in own,
            "household_id": line.household_id if line.household_id in homes else None,
            "dwelling_id": homes.get(line.household_id),
        }
        for line in board.lines
    ]


def community_of_member(text: str, scope: Scope) -> Community:
    """A community that the viewer works or lives in: residents see nothing of its places, but it is theirs.

    Raises Invalid for no id, NotVisible for another community.
    """
    if not text:
        raise Invalid("Say which community.", where="community")
    community_id = number_of(text, "community")
    if community_id not in members_of(scope):
        raise NotVisible("There is nothing here for you.")
    return Community.objects.get(pk=community_id)
