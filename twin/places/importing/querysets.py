"""Who may see an import: it names what lies in a whole community, so only who may edit all of it."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from twin.base.scope import Scope
from twin.places.querysets import edited_by


class ImportRunQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=edited_by(scope))


class ImportRowQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(run__community__in=edited_by(scope))
