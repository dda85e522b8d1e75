"""Geometry on a map, drawn by our own front end: Django's widget would load its map from the internet."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.gis.db.models.fields import GeometryField
from django.contrib.gis.forms.widgets import BaseGeometryWidget
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Model
from django.forms import Form
from django.forms.widgets import Script
from django.utils.safestring import SafeString

from twin.places.models import Building, Community, Compound, Entrance, Grid, LandCover, Street

# What a row is called in the map's manifest: the editor draws it itself and leaves it out of the tiles.
LAYERS: dict[type[Model], str] = {
    Building: "buildings", Compound: "compounds", Entrance: "entrances", Grid: "grids", LandCover: "landcover",
    Street: "streets",
}  # fmt: skip


class MapWidget(BaseGeometryWidget):
    """A map to draw on, and below it the same geometry as GeoJSON for who prefers the keyboard."""

    template_name = "admin/map_widget.html"
    map_srid = 4326
    display_raw = True
    supports_3d = False

    class Media:
        js = (Script("admin-map.js", type="module"),)
        css = {"all": ("admin-map.css",)}

    def serialize(self, value: GEOSGeometry | None) -> str:
        return str(value.json) if value else ""

    def deserialize(self, value: str) -> GEOSGeometry | None:
        """GeoJSON in EPSG:4326. None for what is no geometry, or names a system of its own: the field then says so."""
        try:
            document = json.loads(value)
            return None if "crs" in document else GEOSGeometry(json.dumps(document), srid=4326)
        except Exception:  # GEOS, GDAL and json each raise their own; all of them mean "no geometry"
            return None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        # What was refused goes back as it was typed; the base class would log it as a fault and empty the field.
        typed = value if isinstance(value, str) else None
        context = super().get_context(name, None if typed is not None else value, attrs)
        if typed is not None:
            context["serialized"] = typed
        return context


def put_on_ground(form: type[Form], row: Model | None, model: type[Model], community_id: int | None) -> None:
    """Tell the maps of a form on which community's ground they draw, and which shape is the one being edited."""
    for field in form.base_fields.values():
        if isinstance(field.widget, MapWidget):
            field.widget.attrs |= {**_place(row, model, community_id), "label": field.label}


def shown_on_map(row: Model, field_name: str) -> SafeString:
    """A map to look at, for pages on which nothing can be changed."""
    field = row._meta.get_field(field_name)
    assert isinstance(field, GeometryField)
    widget = MapWidget(attrs={"geom_type": field.geom_type, "label": field.verbose_name})
    attrs = {**_place(row, type(row), community_of(row)), "id": f"shown_{field_name}", "readonly": True}
    return widget.render(f"shown_{field_name}", getattr(row, field_name), attrs)


def community_of(row: Model) -> int:
    return int(row.pk if isinstance(row, Community) else row.community_id)  # type: ignore[attr-defined]


def _place(row: Model | None, model: type[Model], community_id: int | None) -> dict[str, Any]:
    """The context of the template."""
    return {"layer": LAYERS.get(model, ""), "own": row.pk if row else "", "community": community_id or ""}
