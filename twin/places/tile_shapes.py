"""Shapes as tiles draw them, kept by the database beside the shapes themselves.

To project, round and mend a polygon costs ten times what it costs to write it into a tile, so the database does it once,
when the shape is written: for the zooms of `ZOOMS` it keeps a generated column with the shape in whole tile units, counted
over the whole map (EPSG:3857, x to the east, y to the south, `UNITS` to the side of a tile of that zoom; no SRID). A tile
then only moves its origin. Django does not know these columns: no row that is loaded carries them along.
"""

from __future__ import annotations

from typing import Final

ZOOMS: Final = (12, 14, 16)
UNITS: Final = 4096
SHAPE_OF: Final = {
    "places_building": "footprint",
    "places_grid": "geometry",
    "places_compound": "geometry",
    "places_street": "geometry",
    "places_landcover": "geometry",
}
"""Table -> the column of its shape."""


def column(zoom: int) -> str:
    """The name of the column for one of `ZOOMS`."""
    return f"tile_{zoom}"
