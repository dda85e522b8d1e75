from twin.places.importing.kinds.buildings import BUILDINGS
from twin.places.importing.kinds.grids import GRIDS
from twin.places.importing.kinds.ground import COMPOUNDS, LANDCOVER, STREETS
from twin.places.importing.kinds.kind import PlaceKind

KINDS: dict[str, PlaceKind] = {kind.name: kind for kind in (BUILDINGS, GRIDS, COMPOUNDS, STREETS, LANDCOVER)}


def kind_of(name: str) -> PlaceKind:
    return KINDS[name]
