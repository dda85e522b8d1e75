"""Where a device is: position, height and leaf grid follow from its home."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import Centroid
from django.contrib.gis.geos import Point
from django.db.models.functions import Coalesce

from twin.base.errors import Conflict, Invalid
from twin.places.actions.holding import hold_grids
from twin.places.models import Building, Community, Dwelling, Grid, Unit
from twin.places.models.community import SRID

Home = Dwelling | Unit | Building | Point
"""A point is EPSG:4326, longitude first."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The columns of a device that its home decides. Height in metres above ground."""

    home: str
    dwelling: Dwelling | None
    unit: Unit | None
    building: Building | None
    position: Point
    height_m: float
    grid: Grid


def placed_at(community: Community, home: Home, height_m: float | None) -> Placed:
    """Where a device with this home is. A dwelling's is the middle of its outer walls, half way up; a stairwell's its
    entrance, a building's its anchor, both at the building's base unless `height_m` says how high.

    Raises Invalid for a home of another community or a point off the earth, Conflict for a home that has ended.
    """
    if isinstance(home, Point):
        return _at_point(community, home, height_m or 0.0)
    if home.community_id != community.pk:
        raise Invalid("%(what)s belongs to another community.", what=home, where="home")
    if home.ended_at is not None:
        raise Conflict("%(what)s no longer exists.", what=home)
    building_id = home.pk if isinstance(home, Building) else home.building_id
    building = _held(building_id)
    if isinstance(home, Dwelling):
        middle = (home.base_m + home.top_m) / 2
        height = middle if height_m is None else height_m
        return Placed("dwelling", home, None, None, _middle_of(home), height, building.grid)
    height = building.base_m if height_m is None else height_m
    if isinstance(home, Unit):
        position = home.entrance or building.anchor
        return Placed("unit", None, home, None, position, height, building.grid)
    return Placed("building", None, None, building, building.anchor, height, building.grid)


def leaf_at(community: Community, point: Point) -> Grid:
    """The leaf grid that covers a point, or 未划分 where none does."""
    leaves = Grid.objects.leaves().filter(community=community, parent__isnull=False)
    leaf: Grid | None = leaves.filter(geometry__covers=point).order_by("pk").first()
    return leaf or leaves.get(kind=Grid.Kind.UNASSIGNED)


def _at_point(community: Community, point: Point, height_m: float) -> Placed:
    if not (-180 <= point.x <= 180 and -90 <= point.y <= 90):
        raise Invalid(
            "(%(lon)s, %(lat)s) is not longitude -180..180 and latitude -90..90.",
            lon=point.x,
            lat=point.y,
            where="home",
        )
    hold_grids(community.pk)
    return Placed("point", None, None, None, point, height_m, leaf_at(community, point))


def _held(building_id: int) -> Building:
    """The building, kept from moving to another grid until this transaction ends."""
    rows = Building.objects.select_for_update(of=("self",), no_key=True).select_related("grid")
    building: Building = rows.defer("footprint", "grid__geometry").get(pk=building_id)
    return building


def _middle_of(dwelling: Dwelling) -> Point:
    shape = Coalesce("walls", "footprint", output_field=GeometryField(srid=SRID))
    rows = Dwelling.objects.filter(pk=dwelling.pk)
    middle: Point = rows.values_list(Centroid(shape), flat=True).get()
    return middle
