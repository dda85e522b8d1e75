"""Geometry on a map, drawn by our own front end: Django's widget would load its map from the internet."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.gis.forms.widgets import BaseGeometryWidget
from django.contrib.gis.geos import GEOSGeometry


class MapWidget(BaseGeometryWidget):
    """A map to draw on, and beside it the same geometry as GeoJSON for who prefers the keyboard."""

    template_name = "admin/map_widget.html"
    map_srid = 4326
    display_raw = True
    supports_3d = False

    class Media:
        js = ("admin-map.js",)
        css = {"all": ("admin-map.css",)}

    def serialize(self, value: GEOSGeometry | None) -> str:
        return str(value.json) if value else ""

    def deserialize(self, value: str) -> GEOSGeometry | None:
        """GeoJSON in EPSG:4326. None for what is no geometry: the field then says so."""
        try:
            return GEOSGeometry(json.dumps(json.loads(value)), srid=4326)
        except Exception:  # GEOS, GDAL and json each raise their own; all of them mean "no geometry"
            return None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["kind"] = str(self.geom_type).removeprefix("Multi")
        return context
