from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators

from twin.places.models.building import Building
from twin.places.models.community import SRID
from twin.places.models.grid import Grid
from twin.places.querysets import HistoryQuerySet


class GridHistory(models.Model):
    """The border, parent and name that a grid had, and when."""

    grid = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="history")
    parent_id_then = models.BigIntegerField(null=True)
    name = models.CharField(max_length=80)
    geometry = models.MultiPolygonField(srid=SRID, null=True)
    during = DateTimeRangeField()

    objects = HistoryQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_state_of_a_grid_at_a_time",
                expressions=[("grid", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.during}"


class BuildingGridHistory(models.Model):
    """Which grid a building belonged to, and when."""

    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="grid_history")
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="+")
    during = DateTimeRangeField()

    objects = HistoryQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_grid_of_a_building_at_a_time",
                expressions=[("building", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.building_id} in {self.grid_id} {self.during}"
