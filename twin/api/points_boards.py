"""Boards, bands and what else a community has agreed on about its points, over HTTP: for its staff and its residents."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import visible
from twin.api.filters import number_of
from twin.api.points_documents import BandEntry
from twin.api.points_names import called
from twin.api.scoped import Scoped
from twin.base.errors import Invalid, NotVisible
from twin.base.scope import Scope
from twin.people.models import Household
from twin.people.querysets import own_households
from twin.places.models import Community
from twin.points.boards import Board, bands_of, board_of
from twin.points.models import Band
from twin.points.periods import Period
from twin.points.querysets import members_of


class BoardLine(serializers.Serializer[Any]):
    place = serializers.IntegerField(help_text="Equals share one")
    called = serializers.CharField(allow_blank=True, help_text="The masked name of the head")
    points = serializers.IntegerField()
    own = serializers.BooleanField()
    household_id = serializers.IntegerField(allow_null=True, help_text="For who may see the household")
    dwelling_id = serializers.IntegerField(allow_null=True)


@extend_schema_serializer(many=False)
class BoardDocument(serializers.Serializer[Any]):
    period = serializers.ChoiceField([Period.MONTH, Period.YEAR])
    begin = serializers.DateTimeField()
    end = serializers.DateTimeField(help_text="The first moment that does not count")
    lines = BoardLine(many=True)
    bands = BandEntry(many=True)


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
