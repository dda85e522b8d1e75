"""Rules over HTTP: what gives points and what costs them, for staff and residents of the community."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from twin.access.gate import fetch
from twin.api import points_documents as documents
from twin.api.filters import IdFilter
from twin.api.points_boards import community_of_member
from twin.api.scoped import ScopedViewSet
from twin.points.actions import end_rule, publish_rule
from twin.points.models import Rule, RuleClass, RuleVersion


class RuleFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    ended = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Rule
        fields: list[str] = []


class Rules(ScopedViewSet):
    """Rules, each with what it says now. One rule: with everything that it ever said."""

    rows = Rule.objects.order_by("-id")
    filterset_class = RuleFilter

    def get_serializer_class(self) -> type[Any]:
        return documents.RuleDocument if self.action == "retrieve" else documents.RuleEntry

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With the present version of each, in one query."""
        rules = args[0] if args else []
        context = self._with_versions(rules if isinstance(rules, list) else [rules])
        return super().get_serializer(*args, **{"context": context, **kwargs})

    @extend_schema(request=documents.PublishRule, responses={201: documents.RuleDocument})
    def create(self, request: Request) -> Response:
        """Publish a rule, or the next version of the one with this code. What was done before keeps what was said then."""
        asked = documents.PublishRule(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        community = community_of_member(str(said.pop("community")), self.scope)
        kind = fetch(
            RuleClass.objects.in_force(), to=self.scope, pk=said.pop("rule_class"), community=community
        )
        version = publish_rule(community=community, kind=kind, by=self.viewer, **said)
        return Response(self._document(version.rule), status=201)

    @extend_schema(request=None, responses=documents.RuleDocument)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """The rule is in force no more. 409 if it has ended already."""
        rule = self.get_object()
        end_rule(rule=rule, by=self.viewer)
        rule.refresh_from_db()
        return Response(self._document(rule))

    def _document(self, rule: Rule) -> Any:
        return documents.RuleDocument(rule, context=self._with_versions([rule])).data

    def _with_versions(self, rules: list[Rule]) -> dict[str, Any]:
        now = RuleVersion.objects.at(timezone.now()).filter(rule__in=rules).select_related("kind")
        return {**self.get_serializer_context(), "versions": {version.rule_id: version for version in now}}


class RuleClassFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")


class RuleClasses(ScopedViewSet):
    """What rules are about."""

    rows = RuleClass.objects.in_force()
    serializer_class = documents.RuleClassEntry
    filterset_class = RuleClassFilter
