"""Named questions about patrols. Who is on shift is a fact of the shift's grid; a whole track is for fewer eyes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Func, Q

from twin.access.roles import Personal, RoleKind
from twin.base.scope import Scope
from twin.people.querysets import in_dwelling, own_households

if TYPE_CHECKING:
    from twin.patrol.models import Shift

SUPERVISES_PATROLS = frozenset({RoleKind.DUTY_OFFICER, RoleKind.COMMUNITY_ADMIN, RoleKind.GRID_HEAD})


def _own(scope: Scope, worker: str) -> Q:
    return Q(pk__in=[]) if scope.user_id is None else Q(**{worker: scope.user_id})


def _supervised(scope: Scope, grid_path: str) -> Q:
    wanted = Q(pk__in=[])
    for grant in scope.grants:
        if grant.role in SUPERVISES_PATROLS and grant.path:
            wanted |= Q(**{f"{grid_path}__startswith": grant.path})
    return wanted


class AgreementQuerySet(models.QuerySet[Any]):
    """What a community has agreed on, for all of its staff to know."""

    def visible_to(self, scope: Scope) -> Self:
        return self.filter(community__in=scope.staff_of)


class ShiftQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """Your own, and those of every grid whose facts are granted to you: the same right as the live topic's."""
        return self.filter(_own(scope, "worker") | scope.within("grid__path"))

    def tracked_for(self, scope: Scope) -> Self:
        """Shifts whose whole track may be looked at: your own, and those that you supervise. A fellow worker and the
        wall see who is where now, never where somebody has been all day."""
        return self.filter(_own(scope, "worker") | _supervised(scope, "grid__path"))

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def open_within(self, earliest: datetime, latest: datetime) -> Self:
        """Shifts that were open at some moment between these two (UTC)."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gte=earliest), started_at__lte=latest)


class FixQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """Raw fixes are a track: see `ShiftQuerySet.tracked_for`."""
        return self.filter(_own(scope, "shift__worker") | _supervised(scope, "shift__grid__path"))

    def of(self, shift: Shift) -> Self:
        """All raw fixes of a shift. Said with the sender and the time, which the table's key begins with; where a clock was
        impossible the time says nothing, and those few have an index of their own."""
        window = Q(sender=shift.worker_id, at__gte=shift.started_at - self.model.GRACE)
        if shift.ended_at is not None:
            window &= Q(at__lte=shift.ended_at + self.model.GRACE)
        return self.filter(window | Q(reason__isnull=False), shift_id=shift.pk)

    def with_lonlat(self) -> Self:
        """With `lon` and `lat`, so that thousands of positions come without an object each."""
        return self.annotate(
            lon=Func(F("position"), function="ST_X", output_field=models.FloatField()),
            lat=Func(F("position"), function="ST_Y", output_field=models.FloatField()),
        )


class VisitQuerySet(models.QuerySet[Any]):
    """Whom somebody calls on is a fact of people: it is told where their names are, and to the household itself."""

    def visible_to(self, scope: Scope) -> Self:
        there = in_dwelling(scope.telling(Personal.NAME), "dwelling__")
        return self.filter(there | _own(scope, "worker") | Q(household__in=own_households(scope)))

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def met(self) -> Self:
        return self.filter(outcome="met")

    def of_present_homes(self) -> Self:
        """Without those paid to a household that has moved away since: who lives there now has not been visited by them."""
        lives_there = Q(household__dwelling=F("dwelling"), household__ended_at=None)
        return self.filter(Q(household=None) | lives_there)
