"""Where the community lies, as far as it is known."""

from __future__ import annotations

import numpy as np
import shapely
from django.contrib.gis.db.models import Extent

from gis.crs_guard import Box
from twin.places.importing.notes import Note, note
from twin.places.importing.rows import Row
from twin.places.models import Building, Community, Grid, Street


def box_of_community(community: Community) -> Box | None:
    """Its boundary's box (EPSG:4326), else that of what stands in it, else None."""
    if community.boundary:
        west, south, east, north = community.boundary.extent
        return west, south, east, north
    for rows, shape in (
        (Building.objects, "footprint"),
        (Grid.objects, "geometry"),
        (Street.objects, "geometry"),
    ):
        box = rows.standing().filter(community=community).aggregate(box=Extent(shape))["box"]
        if box is not None:
            return (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
    return None


def outside_boundary(community: Community, rows: list[Row]) -> list[Note]:
    """How many places of the file lie outside the community altogether."""
    wanted = [row.shape for row in rows if row.is_wanted]
    if not community.boundary or not wanted:
        return []
    boundary = shapely.from_wkb(bytes(community.boundary.wkb))
    shapely.prepare(boundary)
    outside = int((~shapely.intersects(boundary, np.array(wanted, dtype=object))).sum())
    return [note("outside_boundary", count=outside)] if outside else []
