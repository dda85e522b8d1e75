"""What is known and counted of a place, in as few queries as the question needs."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from twin.access.gate import visible
from twin.access.models import Role
from twin.access.roles import RoleKind
from twin.api.faces import photo_url
from twin.base.scope import Scope
from twin.devices.models import Alarm, Device
from twin.patrol.models import Shift
from twin.places.models import Building, Dwelling, Grid, Unit


def head_of(grid: Grid) -> dict[str, Any] | None:
    """The grid head in force, of this grid itself."""
    heads = Role.objects.in_force(timezone.now()).filter(kind=RoleKind.GRID_HEAD, grid=grid)
    role = heads.select_related("user").order_by("starts_at", "id").first()
    return {"name": str(role.user), "photo": photo_url(role.user)} if role else None


def grid_with_head(grid: Grid) -> dict[str, Any]:
    return {"id": grid.pk, "name": grid.name, "head": head_of(grid)}


def units_of(building: Building) -> list[dict[str, Any]]:
    floors: dict[int, set[int]] = {}
    rows = Dwelling.objects.standing().filter(building=building).values_list("unit", "floor").distinct()
    for unit_id, floor in rows:
        floors.setdefault(unit_id, set()).add(floor)
    units = Unit.objects.standing().filter(building=building).order_by("number", "id")
    return [
        {"id": u.pk, "number": u.number, "name": u.name, "floors": sorted(floors.get(u.pk, ()))}
        for u in units
    ]


def counts_of_grid(grid: Grid, scope: Scope) -> dict[str, Any]:
    """Everything below a grid; devices, alarms and shifts only where facts are granted, else null."""
    buildings = Building.objects.standing().inside(grid)
    return {
        "buildings": buildings.count(),
        "units": Unit.objects.standing().filter(building__in=buildings).count(),
        **_dwellings(Dwelling.objects.standing().inside(grid)),
        **_happening(
            scope,
            grid.path,
            Device.objects.standing().filter(grid__path__startswith=grid.path),
            Alarm.objects.open().filter(grid__path__startswith=grid.path),
        ),
        "on_shift": visible(Shift.objects.open(), to=scope).filter(grid__path__startswith=grid.path).count(),
    }


def counts_of_building(building: Building, scope: Scope) -> dict[str, Any]:
    return {
        **_dwellings(Dwelling.objects.standing().filter(building=building)),
        **_happening(
            scope,
            building.grid.path,
            Device.objects.standing().in_building(building.pk),
            Alarm.objects.open().filter(building=building),
        ),
    }


def _happening(scope: Scope, path: str, devices: Any, alarms: Any) -> dict[str, int | None]:
    """Counts of what is GRANTED; null where nothing is granted here, which is not the same as none."""
    if not scope.touches(path):
        return {"devices": None, "open_alarms": None}
    return {"devices": visible(devices, to=scope).count(), "open_alarms": visible(alarms, to=scope).count()}


def _dwellings(rows: Any) -> dict[str, int]:
    counted: dict[str, int] = rows.aggregate(
        dwellings=Count("id", filter=Q(estimated=False)),
        estimated_dwellings=Count("id", filter=Q(estimated=True)),
    )
    return counted
