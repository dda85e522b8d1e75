"""Where the community lies, as far as it is known, and what of a file lies elsewhere."""

from __future__ import annotations

import numpy as np
import shapely
from django.contrib.gis.db.models import Extent
from django.db import connection

from gis.crs_guard import Box
from twin.places.importing.notes import Note, note
from twin.places.importing.rows import Row
from twin.places.models import Community, Grid, Street

STRAY_DEGREES, STRAY_TIMES = 0.5, 10.0
NOWHERE_DEGREES = 0.01
KM_PER_DEGREE = 111.2
MIDDLE_OF_BUILDINGS = """
    SELECT percentile_cont(ARRAY[0.02, 0.98]) WITHIN GROUP (ORDER BY ST_X(anchor)),
           percentile_cont(ARRAY[0.02, 0.98]) WITHIN GROUP (ORDER BY ST_Y(anchor))
    FROM places_building WHERE community_id = %s AND ended_at IS NULL
"""
"""Without the outermost: one stray would make the whole earth a likely place."""


def box_of_community(community: Community) -> Box | None:
    """Its boundary's box (EPSG:4326), else that of what stands in it, else None."""
    if community.boundary:
        west, south, east, north = community.boundary.extent
        return west, south, east, north
    with connection.cursor() as cursor:
        cursor.execute(MIDDLE_OF_BUILDINGS, [community.pk])
        east_west, south_north = cursor.fetchone()
    if east_west is not None:
        return east_west[0], south_north[0], east_west[1], south_north[1]
    for rows in (Grid.objects, Street.objects):
        box = rows.standing().filter(community=community).aggregate(box=Extent("geometry"))["box"]
        if box is not None:
            return (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
    return None


def look_for_strays(rows: list[Row]) -> None:
    """Refuse what lies at (0, 0), where places without a place are put; note what lies far from all others."""
    wanted = [row for row in rows if row.is_wanted]
    if not wanted:
        return
    bounds = shapely.bounds(np.array([row.shape for row in wanted], dtype=object))
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    centre = np.median(middles, axis=0)
    away = np.hypot(*((middles - centre) * (np.cos(np.radians(centre[1])), 1.0)).T)
    usual = float(np.percentile(away, 90))
    for index in np.flatnonzero(away > max(STRAY_DEGREES, STRAY_TIMES * usual)):
        if np.abs(middles[index]).max() < NOWHERE_DEGREES:
            wanted[index].refuse("lies_at_zero")
        else:
            wanted[index].note("far_from_others", km=round(float(away[index]) * KM_PER_DEGREE))


def outside_boundary(community: Community, rows: list[Row]) -> list[Note]:
    """How many places of the file lie outside the community altogether."""
    wanted = [row.shape for row in rows if row.is_wanted]
    if not community.boundary or not wanted:
        return []
    boundary = shapely.from_wkb(bytes(community.boundary.wkb))
    shapely.prepare(boundary)
    outside = int((~shapely.intersects(boundary, np.array(wanted, dtype=object))).sum())
    return [note("outside_boundary", count=outside)] if outside else []
