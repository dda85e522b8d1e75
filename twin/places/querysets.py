"""Named questions about places. Shapes are for STAFF: every staff role sees all shapes of its own community."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.gis.geos import GEOSGeometry
from django.db import models
from django.db.models import Exists, OuterRef

from twin.base.scope import Scope

if TYPE_CHECKING:
    from twin.places.models import Grid


class CommunityQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(pk__in=scope.staff_of)


class PlaceQuerySet(models.QuerySet[Any]):
    """Rows with `community` and `ended_at`."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=scope.staff_of)

    def standing(self) -> Self:
        """What exists now: places are never deleted, they end."""
        return self.filter(ended_at=None)


class GridQuerySet(PlaceQuerySet):
    def leaves(self) -> Self:
        """Grids without a standing child: the ones that may hold buildings."""
        child = self.model.objects.filter(parent=OuterRef("pk"), ended_at=None)
        return self.standing().exclude(Exists(child))

    def below(self, grid: Grid) -> Self:
        return self.filter(path__startswith=grid.path)


class BuildingQuerySet(PlaceQuerySet):
    def inside(self, grid: Grid) -> Self:
        return self.filter(grid__path__startswith=grid.path)

    def touching(self, area: GEOSGeometry) -> Self:
        return self.filter(footprint__intersects=area)


class DwellingQuerySet(PlaceQuerySet):
    def inside(self, grid: Grid) -> Self:
        return self.filter(building__grid__path__startswith=grid.path)

    def granted_to(self, scope: Scope) -> Self:
        """Those whose facts this scope covers. Their shapes are for all staff: see `visible_to`."""
        return self.filter(scope.within("building__grid__path", "unit"))

    def counted(self) -> Self:
        """Homes. What was cut from a guess is drawn, but never counted."""
        return self.standing().filter(estimated=False)


class HistoryQuerySet(models.QuerySet[Any]):
    """Rows with `during`, a range of time."""

    def at(self, moment: datetime) -> Self:
        """What held at that moment (UTC)."""
        return self.filter(during__contains=moment)


EDITORS = frozenset({"community_admin"})
"""The names of `twin.access.roles.MAY_EDIT_PLACES`, which stands above this room; a test compares the two."""


def edited_by(scope: Scope) -> set[int]:
    """The communities whose places, from the root of the tree, this viewer may edit."""
    return {g.community_id for g in scope.grants if g.role in EDITORS and g.path.count("/") == 2}


class AddressAliasQuerySet(models.QuerySet[Any]):
    """An alias may be a person's name (老王家): only who decides about them sees them."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=edited_by(scope))

    def in_force(self) -> Self:
        return self.filter(ended_at=None)
