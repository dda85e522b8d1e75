"""People over HTTP: what a window tells, one household, one person; and one field at a time as it really is.

Nobody is listed here: whoever looks, looks at somebody, and it is noted. No answer may be kept by a browser or a proxy.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import fetch
from twin.api import people_documents as documents
from twin.api.filters import number_of
from twin.api.people_counts import counts_of, place_of
from twin.api.people_facts import with_places
from twin.api.people_panorama import household_of, panorama_of, person_of
from twin.api.scoped import Scoped, ScopedDetails
from twin.people.actions import note_views, reveal
from twin.people.models import EmergencyContact, Household, Organisation, Person
from twin.places.models import Community, Dwelling


class Unkept(Scoped):
    """Answers that are about people stay in nobody's cache."""

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def note(self, action: str, community: Community, *subjects: Model) -> None:
        note_views(by=self.viewer, action=action, community=community, subjects=subjects)


class Panoramas(Unkept, ScopedDetails):
    """The story of one window, by the id of its dwelling. Every household that is shown is noted in the audit."""

    rows = Dwelling.objects.standing().select_related("unit", "building__grid", "community").defer(
        "footprint", "walls", "unit__entrance", "building__footprint", "building__grid__geometry", "community__boundary"
    )  # fmt: skip
    serializer_class = documents.Panorama

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What this window tells the viewer."""
        dwelling = self.get_object()
        panorama, households = panorama_of(dwelling, self.scope)
        answer = Response(self.get_serializer(panorama).data)
        if households:
            self.note("household.view", dwelling.community, *households)
        elif panorama["others"] or panorama["history"]:
            self.note("dwelling.view", dwelling.community, dwelling)
        return answer


class Households(Unkept, ScopedDetails):
    """One household. Noted in the audit."""

    rows = with_places(Household.objects.standing())
    serializer_class = documents.HouseholdDocument

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who belongs to it, where they live and what they need."""
        household = self.get_object()
        answer = Response(self.get_serializer(household_of(household, self.scope)).data)
        self.note("household.view", household.community, household)
        return answer


class People(Unkept, ScopedDetails):
    """One person, and how many there are. Noted in the audit."""

    rows = Person.objects.select_related("community").defer("community__boundary")
    serializer_class = documents.PersonDocument

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Homes, household, tags, care: now and before."""
        person = self.get_object()
        answer = Response(self.get_serializer(person_of(person, self.scope)).data)
        self.note("person.view", person.community, person)
        return answer

    @extend_schema(
        parameters=[
            OpenApiParameter("community", int, required=True),
            OpenApiParameter("grid", int, description="This grid and all below it"),
            OpenApiParameter("building", int),
        ],
        responses=documents.PopulationDocument,
    )
    @action(detail=False, pagination_class=None, filter_backends=[])
    def counts(self, request: Request) -> Response:
        """How many live and are registered in an area now: two counts, of those that the viewer may see."""
        asked = {
            name: number_of(request.query_params[name], name)
            for name in ("community", "grid", "building")
            if name in request.query_params
        }
        area = place_of(asked, self.scope)
        return Response(documents.PopulationDocument(counts_of(area, self.scope)).data)


class Reveals(Unkept):
    """One field as it really is, with a reason, for 60 seconds."""

    rows = Person.objects.all()
    serializer_class = documents.RevealRequest
    SUBJECTS: dict[str, QuerySet[Any]] = {
        "person": Person.objects.all(),
        "contact": EmergencyContact.objects.all(),
        "organisation": Organisation.objects.all(),
    }

    @extend_schema(request=documents.RevealRequest, responses={200: documents.RevealedField})
    def create(self, request: Request) -> Response:
        """404 for a field that the viewer's rights do not reveal there. The audit keeps who asked, what and why."""
        wanted = documents.RevealRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        subject = fetch(self.SUBJECTS[asked["subject"]].all(), to=self.scope, pk=asked["id"])
        revealed = reveal(
            by=self.viewer, scope=self.scope, subject=subject, field=asked["field"], reason=asked["reason"]
        )
        return Response(documents.RevealedField(revealed).data)
