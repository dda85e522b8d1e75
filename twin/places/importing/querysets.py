"""Who may see an import: it names what lies in a whole community, so only who may edit all of it."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from twin.base.scope import Scope

EDITORS = frozenset({"community_admin"})
"""The names of `twin.access.roles.MAY_EDIT_PLACES`, which stands above this room; a test compares the two."""


def edited_by(scope: Scope) -> set[int]:
    """The communities whose places, from the root of the tree, this viewer may edit."""
    return {g.community_id for g in scope.grants if g.role in EDITORS and g.path.count("/") == 2}


class ImportRunQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=edited_by(scope))


class ImportRowQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(run__community__in=edited_by(scope))
