from __future__ import annotations

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from twin.places.importing.known import as_multi

SRID = 4326


def geos(shape: shapely.Geometry | None) -> MultiPolygon:
    """A shapely area as the multipolygon that a table holds."""
    multi = as_multi([shape], lines=False)[0]
    geometry = GEOSGeometry(memoryview(shapely.to_wkb(multi)), srid=SRID)
    assert isinstance(geometry, MultiPolygon)
    return geometry
