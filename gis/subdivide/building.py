"""Cut a building into stairwells and dwellings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from gis.flat_frame import FlatFrame
from gis.measure import require_lonlat
from gis.sentence import Sentence
from gis.subdivide.errors import TooManyFlats, UnusableFootprint
from gis.subdivide.estimate import DEFAULT_FLAT_AREA_M2, probable_counts
from gis.subdivide.plan import LEAST_FLAT_M2, UnitPlan, require_room, storey_plan, unit_plans
from gis.subdivide.ring import Ring
from gis.subdivide.rooms import RoomStyle
from gis.subdivide.slits import outline
from gis.subdivide.storeys import Storey, checked

LonLat = tuple[float, float]
Wall = tuple[LonLat, LonLat]
MOST_FOOTPRINT_M2 = 1_000_000.0
MOST_FLATS_A_FLOOR = 2_000
MOST_CORNERS = 1_000


@dataclass(frozen=True, slots=True)
class Unit:
    """One stairwell. number: from 1, left to right for who faces the doors. polygon, entrance: EPSG:4326."""

    number: int
    polygon: Polygon
    entrance: LonLat


@dataclass(frozen=True, slots=True)
class Dwelling:
    """One flat on one floor.

    flat: its number in the stairwell's floor, from 1, left to right for who comes in; room: as locals say it.
    polygon: EPSG:4326, shared by the flats above each other. base_m, top_m: metres above ground.
    walls: its outer walls in EPSG:4326, each with the outside on its right hand.
    """

    unit: int
    floor: int
    flat: int
    room: str
    polygon: Polygon
    base_m: float
    top_m: float
    walls: tuple[Wall, ...]


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A building cut up. estimated: whether the number of stairwells or of flats was guessed."""

    units: tuple[Unit, ...]
    dwellings: tuple[Dwelling, ...]
    estimated: bool


def subdivide(
    footprint: Polygon,
    floors: Sequence[Storey],
    *,
    units: int | None = None,
    flats_per_floor: int | None = None,
    flat_area_m2: float = DEFAULT_FLAT_AREA_M2,
    rooms: RoomStyle | None = None,
) -> Subdivision:
    """Cut a building into stairwells (units) and dwellings.

    footprint: EPSG:4326, longitude first, any simple polygon, with courtyards. floors: see `storeys`.
    flats_per_floor: of each stairwell, on floors whose own `flats` does not say otherwise. Where the number
    of stairwells or flats is not given it is guessed from `flat_area_m2` and the shape, and the answer says
    so.

    The flats of a floor fill it without overlap; areas are equal within about a fifth each way, every flat
    is one piece and has a straight outer wall of 1.5 m or more, wherever the shape allows. Same input, same
    answer. Raises CannotCut: UnusableFootprint, UnusableStoreys, TooManyFlats.
    """
    table = checked(floors)
    frame, in_metres = _in_metres(footprint)
    whole = outline(in_metres)
    unit_count, flats = _counts(whole, table, units, flats_per_floor, flat_area_m2)
    most = max([flats, *(storey.flats or 0 for storey in table)])
    require_room(whole.area, unit_count, most)
    plans = unit_plans(in_metres, whole, unit_count, flats)
    return Subdivision(
        tuple(
            Unit(number, _polygon(frame, plan.ring), _lonlats(frame, plan.door[None])[0])
            for number, plan in enumerate(plans, start=1)
        ),
        tuple(_dwellings(frame, plans, table, flats, rooms or RoomStyle())),
        estimated=units is None
        or (flats_per_floor is None and any(storey.flats is None for storey in table)),
    )


def _dwellings(
    frame: FlatFrame, plans: list[UnitPlan], table: Sequence[Storey], flats: int, rooms: RoomStyle
) -> Iterator[Dwelling]:
    drawn: dict[tuple[int, int], list[tuple[Polygon, tuple[Wall, ...]]]] = {}
    for storey in table:
        here = flats if storey.flats is None else storey.flats
        for number, plan in enumerate(plans, start=1):
            key = (number, here)
            if key not in drawn:
                drawn[key] = [(_polygon(frame, r), _walls(frame, r)) for r in storey_plan(plan, here)]
            for flat, (polygon, walls) in enumerate(drawn[key], start=1):
                counted, among = (
                    ((number - 1) * here + flat, here * len(plans)) if rooms.across_units else (flat, here)
                )
                room = rooms.room(storey.floor, counted, among)
                yield Dwelling(number, storey.floor, flat, room, polygon, storey.base_m, storey.top_m, walls)


def _counts(
    whole: Ring, table: Sequence[Storey], units: int | None, flats: int | None, flat_area_m2: float
) -> tuple[int, int]:
    """Stairwells and flats per stairwell and floor. Raises TooManyFlats."""
    for name, count in ((Sentence("stairwells"), units), (Sentence("flats on a floor"), flats)):
        if count is not None and not 1 <= count <= MOST_FLATS_A_FLOOR:
            raise TooManyFlats(
                "%(count)s %(name)s: 1 to %(most)s",
                count=count,
                name=name,
                most=MOST_FLATS_A_FLOOR,
            )
    if not LEAST_FLAT_M2 <= flat_area_m2 < np.inf:
        raise TooManyFlats(
            "a flat of %(m2)s m²: the least is %(least)s m²",
            m2=flat_area_m2,
            least=f"{LEAST_FLAT_M2:g}",
        )
    above = sum(storey.floor > 0 for storey in table)
    return probable_counts(whole, above, flat_area_m2, units, flats)


def _in_metres(footprint: Polygon) -> tuple[FlatFrame, Polygon]:
    """The footprint in a flat frame around it. Raises UnusableFootprint."""
    if not isinstance(footprint, Polygon):
        raise UnusableFootprint(
            "a %(kind)s is no footprint: cut each Polygon of it by itself", kind=footprint.geom_type
        )
    if footprint.is_empty:
        raise UnusableFootprint("the footprint is empty: give a Polygon with at least three corners")
    require_lonlat(footprint)
    if shapely.get_num_coordinates(footprint) > MOST_CORNERS:
        corners = shapely.get_num_coordinates(footprint)
        raise UnusableFootprint(
            "the footprint has %(corners)s corners: simplify it to %(most)s or fewer",
            corners=corners,
            most=MOST_CORNERS,
        )
    if not footprint.is_valid:
        reason = shapely.is_valid_reason(footprint)
        raise UnusableFootprint("the footprint is not valid (%(reason)s): repair it first", reason=reason)
    frame = FlatFrame.around(footprint)
    in_metres = frame.metre_geometry(shapely.force_2d(footprint))
    if not LEAST_FLAT_M2 <= in_metres.area <= MOST_FOOTPRINT_M2:
        raise UnusableFootprint(
            "the footprint has %(m2)s m²: a building to live in has %(least)s to %(most)s m²",
            m2=f"{in_metres.area:.1f}",
            least=f"{LEAST_FLAT_M2:g}",
            most=f"{MOST_FOOTPRINT_M2:,.0f}",
        )
    return frame, in_metres


def _polygon(frame: FlatFrame, ring: Ring) -> Polygon:
    return frame.lonlat_geometry(ring.polygon())


def _walls(frame: FlatFrame, ring: Ring) -> tuple[Wall, ...]:
    corners = _lonlats(frame, ring.walls().reshape(-1, 2))
    return tuple(zip(corners[0::2], corners[1::2], strict=True))


def _lonlats(frame: FlatFrame, metres: NDArray[np.float64]) -> list[LonLat]:
    return [(float(lon), float(lat)) for lon, lat in frame.to_lonlat(metres)]
