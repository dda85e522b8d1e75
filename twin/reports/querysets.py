"""Named questions about saved reports."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from twin.access.roles import MAY_MAKE_REPORTS
from twin.base.scope import Grant, Scope


def makes_reports(grant: Grant) -> bool:
    return grant.facts and grant.role in MAY_MAKE_REPORTS


class ReportFormQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """One's own, and what colleagues share, where one makes reports."""
        there = {grant.community_id for grant in scope.grants if makes_reports(grant)}
        own = Q(owner=scope.user_id, owner__isnull=False)
        return self.filter(own | Q(shared=True), community__in=there)

    def standing(self) -> Self:
        return self.filter(ended_at=None)
