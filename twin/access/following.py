"""Roles follow the places they are held at: a stairwell that was cut anew takes its head along, a place that is no more
leaves its roles nowhere to be held, so they end. Both are in the audit, with what made them so.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from twin.access.actions import end_role, move_role
from twin.access.models import RightsChange, Role
from twin.base.events import listen
from twin.places.events import BuildingCut, BuildingEnded, GridEnded, GridMoved
from twin.places.models import Unit


@listen(BuildingCut, within=True)
def follow_cut(event: BuildingCut) -> None:
    """To the unit that bears the same number now; where there is none, nobody can say whose stairwell it has become."""
    lost = _held(timezone.now()).filter(unit__building=event.building_id, unit__ended_at__isnull=False)
    if not lost:
        return
    units = {
        unit.number: unit
        for unit in Unit.objects.standing().filter(building=event.building_id).order_by("pk")
    }
    for role in lost:
        assert role.unit is not None
        new = units.get(role.unit.number)
        if new is not None:
            move_role(role=role, unit=new, because="building.cut")
        else:
            end_role(role=role, because="building.cut")


@listen(BuildingEnded, within=True)
def end_with_the_building(event: BuildingEnded) -> None:
    for role in _held(timezone.now()).filter(unit__building=event.building_id):
        end_role(role=role, because="building.end")


@listen(GridEnded, within=True)
def end_with_the_grid(event: GridEnded) -> None:
    for role in _held(timezone.now()).filter(grid=event.grid_id):
        end_role(role=role, because="grid.end")


@listen(GridMoved, within=True)
def rights_by_path(event: GridMoved) -> None:
    """Rights are granted by path: whoever holds a role in the branch that moved, or above it before or now, is resolved
    again."""
    above = {int(part) for path in (event.from_path, event.to_path) for part in path.strip("/").split("/")}
    roles = _held(timezone.now()).filter(Q(grid__in=above) | Q(grid__path__startswith=event.to_path))
    for user_id in sorted(set(roles.values_list("user", flat=True))):
        RightsChange.objects.create(user_id=user_id)


def _held(now: datetime) -> QuerySet[Role]:
    """Roles that are in force or begin later, held until this transaction ends."""
    rows = Role.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now)).select_related(
        "user", "unit", "community"
    )
    return rows.order_by("pk").select_for_update(of=("self",))
