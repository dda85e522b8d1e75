"""The ledger over HTTP: read as far as the viewer may, written by who runs the points. Nothing is ever changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import fetch
from twin.api import points_documents as documents
from twin.api.filters import IdFilter, MomentFilter
from twin.api.points_lines import lines_of
from twin.api.scoped import ScopedViewSet
from twin.people.models import Household
from twin.points.actions import award, record_breach, reverse_entry
from twin.points.models import Entry, Rule


class EntryFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    household = IdFilter(field_name="household")
    rule = IdFilter(field_name="version__rule")
    kind = django_filters.MultipleChoiceFilter(choices=Entry.Kind, label="May be given several times")
    since = MomentFilter(field_name="happened_at", lookup_expr="gte")
    until = MomentFilter(field_name="happened_at", lookup_expr="lt")

    class Meta:
        model = Entry
        fields: list[str] = []


class Entries(ScopedViewSet):
    """Lines of ledgers, the newest first: awards below one's own place; the whole ledger for the household itself, for who
    runs the points and for the auditor."""

    rows = Entry.objects.with_rule()
    serializer_class = documents.EntryDocument
    filterset_class = EntryFilter

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        if args and kwargs.get("many"):
            return super().get_serializer(lines_of(args[0], self.scope), **kwargs)
        if args:
            [line] = lines_of([args[0]], self.scope)
            return super().get_serializer(line, **kwargs)
        return super().get_serializer(**kwargs)

    @extend_schema(request=documents.Deed, responses={201: documents.EntryDocument})
    @action(detail=False, methods=["post"])
    def award(self, request: Request) -> Response:
        """Give a household the points of a rule. 409 `cap_reached`, `own_household`."""
        return self._written(request, award)

    @extend_schema(request=documents.Deed, responses={201: documents.EntryDocument})
    @action(detail=False, methods=["post"])
    def breach(self, request: Request) -> Response:
        """Take the points of a rule that was broken; the household may owe them."""
        return self._written(request, record_breach)

    @extend_schema(request=documents.Reason, responses={201: documents.EntryDocument})
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str | None = None) -> Response:
        """Undo an entry by its opposite, with a reason. 409 `already_reversed`, `is_a_reversal`."""
        asked = documents.Reason(data=request.data)
        asked.is_valid(raise_exception=True)
        entry = reverse_entry(entry=self.get_object(), by=self.viewer, **asked.validated_data)
        return self._answer(entry)

    def _written(self, request: Request, write: Callable[..., Entry]) -> Response:
        asked = documents.Deed(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        household = fetch(Household.objects.standing(), to=self.scope, pk=said.pop("household"))
        rule = fetch(Rule.objects.all(), to=self.scope, pk=said.pop("rule"), community=household.community_id)
        return self._answer(write(household=household, rule=rule, by=self.viewer, **said))

    def _answer(self, entry: Entry) -> Response:
        row = Entry.objects.with_rule().get(pk=entry.pk)
        return Response(self.get_serializer(row).data, status=201)
