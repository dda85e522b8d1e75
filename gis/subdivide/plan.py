"""The ground plan of a building, in metres: stairwells with their doors, and the flats of one storey in
each.
"""

from dataclasses import dataclass
from typing import Final

import shapely

from gis.subdivide import entrances, partition
from gis.subdivide.errors import TooManyFlats
from gis.subdivide.ring import Floats, Ring

LEAST_FLAT_M2: Final = 8.0
ROUNDING: Final = 1e-3
"""Of a flat: a footprint drawn in degrees never has exactly 96 m²."""


@dataclass(frozen=True, eq=False)
class UnitPlan:
    """One stairwell: its outline and its door, in metres."""

    ring: Ring
    door: Floats


def unit_plans(footprint: shapely.Polygon, outline: Ring, count: int, flats_each: int) -> list[UnitPlan]:
    """The stairwells in the order in which they are counted. Raises TooManyFlats."""
    require_room(outline.area, count, flats_each)
    rings = partition.units(outline, count, flats_each)
    if len(rings) < count:
        raise TooManyFlats(
            "this outline cannot be cut into %(count)s stairwells; %(fit)s is what fits",
            count=count,
            fit=len(rings),
        )
    points, order = entrances.doors(rings, footprint)
    return [UnitPlan(rings[i], points[i]) for i in order]


def storey_plan(unit: UnitPlan, flats: int) -> list[Ring]:
    """The flats of one storey of a stairwell, in the order in which they are counted. Raises TooManyFlats."""
    if flats == 0:
        return []
    rings = partition.flats(unit.ring, flats)
    if len(rings) < flats:
        raise TooManyFlats(
            "this stairwell cannot be cut into %(flats)s flats; %(fit)s is what fits",
            flats=flats,
            fit=len(rings),
        )
    return entrances.flats_in_order(rings, unit.door, unit.ring)


def require_room(area_m2: float, units: int, flats_each: int) -> None:
    """Raise TooManyFlats unless every flat would have at least 8 m²."""
    each = area_m2 / max(units * flats_each, 1)
    most = int(area_m2 / LEAST_FLAT_M2 + ROUNDING)
    if units * flats_each > most:
        raise TooManyFlats(
            "%(units)s stairwells with %(flats)s flats on a floor of %(m2)s m² leave %(each)s m² a flat; "
            "the least is %(least)s m², so at most %(most)s flats fit on this floor",
            units=units,
            flats=flats_each,
            m2=f"{area_m2:.0f}",
            each=f"{each:.1f}",
            least=f"{LEAST_FLAT_M2:g}",
            most=most,
        )
