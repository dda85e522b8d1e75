"""Who looked at whom: for the auditor, and everybody's own looks."""

from __future__ import annotations

import django_filters
from rest_framework import serializers

from twin.access.models import AuditEntry
from twin.access.querysets import AuditQuerySet
from twin.api.filters import IdFilter
from twin.api.scoped import ScopedViewSet
from twin.people.actions.looking import LISTS, LOOKS, NOTES, NOTICE, SEARCH, SEARCH_BY_NAME

LISTED = (*LOOKS, NOTES, *LISTS, NOTICE, SEARCH, SEARCH_BY_NAME)


class Look(serializers.ModelSerializer[AuditEntry]):
    """A view, a reveal, a report, a search for people, or the notice that there were many."""

    by_name = serializers.CharField(source="by.name", default="", help_text="Who looked")
    field = serializers.CharField(
        source="detail.field", default=None, allow_null=True, help_text="What was revealed"
    )
    views = serializers.IntegerField(
        source="detail.views", default=None, allow_null=True, help_text="Of a notice: how many"
    )

    shown = serializers.IntegerField(
        source="detail.shown", default=None, allow_null=True, help_text="Of a report: how many it told of"
    )

    class Meta:
        model = AuditEntry
        fields = [
            "id",
            "at",
            "community",
            "by",
            "by_name",
            "action",
            "subject",
            "reason",
            "field",
            "views",
            "shown",
        ]


class LookFilter(django_filters.FilterSet):
    community = IdFilter(field_name="community")
    by = IdFilter(field_name="by")
    subject = django_filters.CharFilter(
        method="about",
        label="`people.Household:7`, `people.Person:7`, `places.Dwelling:7`; also the lists on which it was",
    )
    action = django_filters.ChoiceFilter(choices=[(name, name) for name in LISTED])

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def about(self, rows: AuditQuerySet, name: str, value: str) -> AuditQuerySet:
        return rows.about(value)


class Looks(ScopedViewSet):
    """Looks at people, newest first. The auditor sees all of the community, everybody else their own."""

    rows = AuditEntry.objects.filter(action__in=LISTED).select_related("by")
    serializer_class = Look
    filterset_class = LookFilter
