"""Devices hang on buildings and grids: whoever ends one is told how many."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from twin.devices.models import Device
from twin.places.models import Building, Grid, Place
from twin.places.ties import register_tie


def in_buildings(model: type[Place], ids: Sequence[int]) -> dict[int, int]:
    if model is not Building:
        return {}
    building = Coalesce("dwelling__building", "unit__building", "building")
    rows = Device.objects.standing().in_building(*ids).order_by().values(where=building)
    return dict(rows.annotate(count=Count("id")).values_list("where", "count"))


def in_grids(model: type[Place], ids: Sequence[int]) -> dict[int, int]:
    if model is not Grid:
        return {}
    rows = Device.objects.standing().filter(grid__in=ids).order_by().values("grid")
    return dict(rows.annotate(count=Count("id")).values_list("grid", "count"))


register_tie("devices", _("%(count)s devices retire with it."), in_buildings)
register_tie("devices_of_a_grid", _("%(count)s devices go into the grids where they stand."), in_grids)
