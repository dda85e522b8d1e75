"""Visits over HTTP: what was entered of a home, entering one's own, taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import fetch, visible
from twin.access.roles import Personal
from twin.api.filters import IdFilter, MomentFilter
from twin.api.people import Unkept
from twin.api.scoped import ScopedViewSet
from twin.base.uploads import once
from twin.patrol.actions import record_visit, withdraw_visit
from twin.patrol.models import Visit
from twin.patrol.models.visit import LONGEST_NOTE
from twin.patrol.querysets import SUPERVISES_PATROLS
from twin.people.actions.looking import NOTES
from twin.people.models import Household
from twin.places.models import Dwelling


class VisitDocument(serializers.ModelSerializer[Visit]):
    """A call at a home. `worker_name` is null for residents; `note` where the viewer is not told why people need what, and in
    lists of many homes."""

    worker_name = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    may_withdraw = serializers.SerializerMethodField()

    class Meta:
        model = Visit
        fields = [
            "id", "community_id", "dwelling_id", "household_id", "visited_at", "outcome", "service", "note", "worker_name",
            "may_withdraw",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_worker_name(self, visit: Visit) -> str | None:
        return str(visit.worker) if visit.community_id in self.context["scope"].staff_of else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_note(self, visit: Visit) -> str | None:
        home = visit.dwelling
        rights = self.context["scope"].rights_at(home.building.grid.path, home.unit_id)
        return visit.note if self.context["notes"] and Personal.REASON in rights.people else None

    def get_may_withdraw(self, visit: Visit) -> bool:
        scope = self.context["scope"]
        own = visit.worker_id == scope.user_id
        return own or scope.holds(SUPERVISES_PATROLS, visit.dwelling.building.grid.path)


class NewVisitDocument(serializers.Serializer[Any]):
    dwelling = serializers.IntegerField(min_value=1)
    household = serializers.IntegerField(
        min_value=1, allow_null=True, default=None, help_text="Whom it was for, where several live there"
    )
    visited_at = serializers.DateTimeField(
        allow_null=True, default=None, help_text="Now if left out; 30 days back at most"
    )
    outcome = serializers.ChoiceField(choices=Visit.Outcome.choices)
    service = serializers.ChoiceField(choices=Visit.Service.choices, allow_blank=True, default="")
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, default="")
    client_id = serializers.UUIDField(
        allow_null=True, default=None, help_text="Sent again with the same one, the visit is entered once"
    )


class Withdrawal(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class VisitFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    dwelling = IdFilter(field_name="dwelling")
    household = IdFilter(field_name="household")
    worker = IdFilter(field_name="worker")
    outcome = django_filters.ChoiceFilter(choices=Visit.Outcome.choices)
    service = django_filters.ChoiceFilter(choices=Visit.Service.choices)
    since = MomentFilter(field_name="visited_at", lookup_expr="gte")
    until = MomentFilter(field_name="visited_at", lookup_expr="lt")

    class Meta:
        model = Visit
        fields: list[str] = []


class Visits(Unkept, ScopedViewSet):
    """Visits, newest first: at homes whose people are told to the viewer, and the viewer's own. Notes are told of one home
    at a time (`dwelling=` or `household=`), and that is noted in the audit."""

    rows = Visit.objects.standing().select_related("worker", "dwelling__building__grid").only(
        "community_id", "dwelling_id", "household_id", "visited_at", "outcome", "service", "note", "worker",
        "dwelling__unit_id", "dwelling__building__grid__path",
    ).order_by("-visited_at", "-pk")  # fmt: skip
    serializer_class = VisitDocument
    filterset_class = VisitFilter

    def get_serializer_context(self) -> dict[str, Any]:
        asked = self.request.query_params if self.request else {}
        # A name without a value filters nothing: that is a list of many homes.
        one = self.action != "list" or any(asked.get(name) for name in ("dwelling", "household"))
        scope = None if getattr(self, "swagger_fake_view", False) else self.scope
        return {**super().get_serializer_context(), "scope": scope, "notes": one}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Of everybody, or of one home."""
        answer = super().list(request, *args, **kwargs)
        self._note_told(answer.data["results"])
        return answer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One visit."""
        visit = self.get_object()
        answer = Response(self.get_serializer(visit).data)
        self._note_told([answer.data])
        return answer

    @extend_schema(request=NewVisitDocument, responses={201: VisitDocument})
    def create(self, request: Request) -> Response:
        """Enter a visit of one's own. 400 for a moment ahead or more than 30 days ago; 409 `already_entered`."""
        asked = NewVisitDocument(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        dwellings = Dwelling.objects.standing().select_related("building__grid", "community")
        dwelling = fetch(dwellings, to=self.scope, pk=said.pop("dwelling"))
        household_id, client_id = said.pop("household"), said.pop("client_id")
        household = (
            fetch(Household.objects.standing(), to=self.scope, pk=household_id) if household_id else None
        )

        def enter() -> dict[str, Any]:
            return {"visit": record_visit(dwelling=dwelling, household=household, by=self.viewer, **said).pk}

        if client_id is None:
            answer = enter()
        else:
            body = sha256(repr((dwelling.pk, household_id, said)).encode()).digest()
            answer = once(sender=f"user:{self.viewer.pk}", batch=f"visit:{client_id}", body=body, work=enter)
        return self._answer(answer["visit"], 201)

    @extend_schema(request=Withdrawal, responses={204: None})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """Take back what was entered wrongly: one's own, or in a grid that one supervises."""
        asked = Withdrawal(data=request.data)
        asked.is_valid(raise_exception=True)
        withdraw_visit(visit=self.get_object(), by=self.viewer, **asked.validated_data)
        return Response(status=204)

    def _note_told(self, visits: Iterable[dict[str, Any]]) -> None:
        """A household that has moved was called on in several homes."""
        ids = {visit["dwelling_id"] for visit in visits if visit["note"]}
        homes = Dwelling.objects.filter(pk__in=ids).select_related("community").order_by("pk")
        for home in homes.defer("footprint", "walls", "community__boundary"):
            self.note(NOTES, home.community, home)

    def _answer(self, visit_id: int, status: int) -> Response:
        rows: QuerySet[Any] = visible(self.rows.all(), to=self.scope)
        return Response(self.get_serializer(rows.get(pk=visit_id)).data, status=status)
