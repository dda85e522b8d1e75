"""Cut a building into stairwells and dwellings: footprint and floors in, flats with their outer walls out.

The footprint, any polygon, is one outline (courtyards joined by a slit) that is divided again and again by
the best straight cut of the wanted area: short, square to the walls, from outer wall to outer wall,
daylight on both sides.

    building      subdivide(): checks, floors stacked on the plan, back to EPSG:4326
    storeys rooms estimate errors       what a building is told to be
    plan entrances                      stairwells, doors, the order in which locals count
    partition taste                     which cut is made, and what makes one better than another
    chords sweep directions halves slits ring   the geometry of cuts
"""

from gis.subdivide.building import Dwelling, LonLat, Subdivision, Unit, Wall, subdivide
from gis.subdivide.errors import CannotCut, TooManyFlats, UnusableFootprint, UnusableStoreys
from gis.subdivide.rooms import Basement, RoomStyle
from gis.subdivide.storeys import Storey, storeys

__all__ = [
    "Basement",
    "CannotCut",
    "Dwelling",
    "LonLat",
    "RoomStyle",
    "Storey",
    "Subdivision",
    "TooManyFlats",
    "Unit",
    "UnusableFootprint",
    "UnusableStoreys",
    "Wall",
    "storeys",
    "subdivide",
]
