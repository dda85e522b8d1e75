"""What exists: communities and their grid tree, compounds, buildings, units and dwellings, and the ground they stand on."""

from twin.places.models.alias import AddressAlias
from twin.places.models.building import Building, Dwelling, Unit
from twin.places.models.community import Community, Place, ShapeVersion
from twin.places.models.compound import Compound, Entrance
from twin.places.models.cutting import CutRow, CutRun
from twin.places.models.grid import Grid
from twin.places.models.ground import LandCover, Street
from twin.places.models.history import BuildingGridHistory, GridHistory
from twin.places.models.importing import ImportRow, ImportRun

__all__ = [
    "AddressAlias",
    "Building",
    "BuildingGridHistory",
    "Community",
    "Compound",
    "CutRow",
    "CutRun",
    "Dwelling",
    "Entrance",
    "Grid",
    "GridHistory",
    "ImportRow",
    "ImportRun",
    "LandCover",
    "Place",
    "ShapeVersion",
    "Street",
    "Unit",
]
