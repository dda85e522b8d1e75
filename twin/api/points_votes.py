"""Votes on civilised families over HTTP. Nobody learns how others voted, or how it stands before it is counted."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import fetch, visible
from twin.api.filters import IdFilter
from twin.api.points_boards import community_of_member
from twin.api.scoped import ScopedViewSet
from twin.base.errors import NotVisible
from twin.people.models import Household
from twin.points.actions import cast_vote, count_vote, nominate, open_vote
from twin.points.models import Candidate, FamilyVote, Turnout
from twin.points.names import called

IDS = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**53), max_length=200)


class CandidateEntry(serializers.ModelSerializer[Candidate]):
    """A family that stands. Votes, points, score and place are null until all is counted."""

    called = serializers.SerializerMethodField(help_text="The masked name of the head")
    votes = serializers.SerializerMethodField()

    class Meta:
        model = Candidate
        fields = ["id", "called", "story", "votes", "points", "score", "place"]

    def get_called(self, row: Candidate) -> str:
        return str(self.context["names"].get(row.household_id, ""))

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_votes(self, row: Candidate) -> int | None:
        return row.votes if row.place is not None else None


class VoteEntry(serializers.ModelSerializer[FamilyVote]):
    class Meta:
        model = FamilyVote
        fields = [
            "id", "community", "title", "opens_at", "closes_at", "counts_from", "counts_until", "vote_weight", "choices",
            "places", "closed_at",
        ]  # fmt: skip


class VoteDocument(VoteEntry):
    """A vote with its families: by id while it is open, by place once it is counted."""

    candidates = serializers.SerializerMethodField()
    turnout = serializers.SerializerMethodField(help_text="How many have voted")
    voted = serializers.SerializerMethodField(help_text="Whether the viewer has")

    class Meta(VoteEntry.Meta):
        fields = [*VoteEntry.Meta.fields, "candidates", "turnout", "voted"]

    @extend_schema_field(CandidateEntry(many=True))
    def get_candidates(self, vote: FamilyVote) -> Any:
        rows = list(visible(vote.candidates.all(), to=self.context["view"].scope).order_by("place", "pk"))
        context = {"names": called([row.household_id for row in rows])}
        return CandidateEntry(rows, many=True, context=context).data

    def get_turnout(self, vote: FamilyVote) -> int:
        return int(vote.turnout.count())

    def get_voted(self, vote: FamilyVote) -> bool:
        own = visible(Turnout.objects.filter(vote=vote), to=self.context["view"].scope)
        return own.exists()


class NewVote(serializers.Serializer[Any]):
    community = serializers.IntegerField(min_value=1, max_value=2**53)
    title = serializers.CharField(max_length=80)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    counts_from = serializers.DateTimeField()
    counts_until = serializers.DateTimeField()
    vote_weight = serializers.IntegerField(min_value=0, max_value=100, default=50)
    choices = serializers.IntegerField(min_value=1, max_value=20, default=3)
    places = serializers.IntegerField(min_value=1, max_value=1000, default=10)


class NominatedFamily(serializers.Serializer[Any]):
    household = serializers.IntegerField(min_value=1, max_value=2**53)
    story = serializers.CharField(
        max_length=120, allow_blank=True, default="", help_text="What it has done; everybody reads it"
    )


class Nomination(serializers.Serializer[Any]):
    families = NominatedFamily(many=True, max_length=200)  # type: ignore[call-arg]


class Ballot(serializers.Serializer[Any]):
    candidates = IDS


class VoteFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")


class Votes(ScopedViewSet):
    """Votes on civilised families, for staff and residents of the community."""

    rows = FamilyVote.objects.all()
    filterset_class = VoteFilter

    def get_serializer_class(self) -> type[Any]:
        return VoteEntry if self.action == "list" else VoteDocument

    @extend_schema(request=NewVote, responses={201: VoteDocument})
    def create(self, request: Request) -> Response:
        """Announce a vote."""
        asked = NewVote(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        community = community_of_member(str(said.pop("community")), self.scope)
        vote = open_vote(community=community, by=self.viewer, **said)
        return Response(self.get_serializer(vote).data, status=201)

    @extend_schema(request=Nomination, responses=VoteDocument)
    @action(detail=True, methods=["post"])
    def nominate(self, request: Request, pk: str | None = None) -> Response:
        """Put families up, until the vote opens. 409 `vote_is_open`, `stands_already`."""
        vote = self.get_object()
        asked = Nomination(data=request.data)
        asked.is_valid(raise_exception=True)
        stories = {family["household"]: family["story"] for family in asked.validated_data["families"]}
        households = list(visible(Household.objects.standing(), to=self.scope).filter(pk__in=stories))
        if len(households) < len(stories):
            raise NotVisible("There is nothing here for you.")
        nominate(vote=vote, households=households, by=self.viewer, stories=stories)
        return Response(self.get_serializer(vote).data)

    @extend_schema(request=Ballot, responses=VoteDocument)
    @action(detail=True, methods=["post"])
    def cast(self, request: Request, pk: str | None = None) -> Response:
        """Vote, once and in secret. 409 `has_voted`, `vote_is_not_open`."""
        vote = self.get_object()
        asked = Ballot(data=request.data)
        asked.is_valid(raise_exception=True)
        candidates = [
            fetch(Candidate.objects.all(), to=self.scope, pk=pk, vote=vote)
            for pk in sorted(set(asked.validated_data["candidates"]))
        ]
        cast_vote(vote=vote, by=self.viewer, candidates=candidates)
        return Response(self.get_serializer(vote).data)

    @extend_schema(request=None, responses=VoteDocument)
    @action(detail=True, methods=["post"])
    def count(self, request: Request, pk: str | None = None) -> Response:
        """Count, once, after it has closed. 409 `vote_is_open`, `counted_already`."""
        vote = self.get_object()
        count_vote(vote=vote, by=self.viewer)
        vote.refresh_from_db()
        return Response(self.get_serializer(vote).data)
