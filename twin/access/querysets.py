from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from twin.access.roles import MAY_MANAGE_ROLES, RoleKind
from twin.base.scope import Scope


class RoleQuerySet(models.QuerySet[Any]):
    def in_force(self, moment: datetime) -> Self:
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=moment), starts_at__lte=moment)

    def visible_to(self, scope: Scope) -> Self:
        """Everyone sees their own roles; those who manage roles see those of their community."""
        managed = Q(community__in=scope.whole_of(MAY_MANAGE_ROLES))
        return self.filter(managed | Q(user=scope.user_id))


class TokenQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=scope.whole_of(MAY_MANAGE_ROLES))


class AuditQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """The auditor's, and everyone's own looks."""
        audited = Q(community__in=scope.whole_of(frozenset({RoleKind.AUDITOR})))
        return self.filter(audited | Q(by=scope.user_id, by__isnull=False))

    def about(self, subject: str) -> Self:
        """What was done with this one row, `people.Household:7`, and the lists on which it was."""
        label, _, number = subject.partition(":")
        if not re.fullmatch(r"[0-9]{1,18}", number):
            return self.filter(subject=subject)
        return self.filter(Q(subject=subject) | Q(told_of__contains={label: [int(number)]}))
