"""Grids, compounds, buildings and the windows of dwellings."""

from django.db.models import Exists, OuterRef
from django.db.models.expressions import Combinable

from layers.layer import Audience, Entry, Layer, Shape, Text, Zoom
from layers.registry import register
from layers.style import HALO, by_kind, by_zoom, circle, extrusion, fill, label, line
from twin.places.models import Building, Compound, Dwelling, Entrance, Grid

ACCENT = "#37d5ff"
BODY = {
    Building.Use.RESIDENTIAL: "#20365e",
    Building.Use.MIXED: "#27406a",
    Building.Use.SHOP: "#3d3560",
    Building.Use.MALL: "#44366b",
    Building.Use.MARKET: "#3f3a5c",
    Building.Use.OFFICE: "#25466a",
    Building.Use.SCHOOL: "#2b5163",
    Building.Use.KINDERGARTEN: "#3a5560",
    Building.Use.HOSPITAL: "#3b4f74",
    Building.Use.COMMUNITY: "#1d5a6b",
}
NAME = ["coalesce", ["get", "name"], ""]


def _leaf() -> Combinable:
    return ~Exists(Grid.objects.filter(parent=OuterRef("pk"), ended_at=None))


register(
    Layer(
        name="grids",
        title=Text("网格", "Grids"),
        group="places",
        shape=Shape.POLYGON,
        rows=Grid.objects.standing().filter(parent__isnull=False, geometry__isnull=False).all,
        geometry="geometry",
        audience=Audience.STAFF,
        properties={"name": "name", "name_en": "name_en", "colour": "colour", "leaf": _leaf()},
        tiles=Zoom(9, 16),
        style=(
            fill({"fill-color": ["get", "colour"], "fill-opacity": by_zoom(13, 0.2, 17, 0.12)}),
            line({"line-color": ACCENT, "line-width": by_zoom(12, 0.8, 18, 2.6), "line-opacity": 0.75}),
        ),
        legend=(Entry(Text("网格边界", "Grid border"), ACCENT, "line"),),
    )
)

register(
    Layer(
        name="compounds",
        title=Text("小区", "Compounds"),
        group="places",
        shape=Shape.POLYGON,
        rows=Compound.objects.standing().filter(geometry__isnull=False).all,
        geometry="geometry",
        audience=Audience.STAFF,
        properties={"name": "name", "kind": "kind"},
        tiles=Zoom(12, 16),
        style=(
            line(
                {"line-color": "#f2c86b", "line-width": by_zoom(14, 0.5, 18, 1.8), "line-dasharray": [3, 2]},
                minzoom=14,
            ),
            label(NAME, by_zoom(14, 10, 18, 18), colour="#f6dca3", minzoom=14.6, maxzoom=18),
        ),
        legend=(Entry(Text("小区", "Compound"), "#f2c86b", "line"),),
    )
)

register(
    Layer(
        name="entrances",
        title=Text("出入口", "Entrances"),
        group="places",
        shape=Shape.POINT,
        rows=Entrance.objects.standing,
        geometry="position",
        audience=Audience.STAFF,
        properties={"name": "name"},
        tiles=Zoom(14, 16),
        style=(
            circle(
                {
                    "circle-color": HALO,
                    "circle-radius": by_zoom(15, 2, 19, 6),
                    "circle-stroke-color": "#f2c86b",
                    "circle-stroke-width": 1.6,
                },
                minzoom=15.5,
            ),
        ),
        legend=(Entry(Text("出入口", "Entrance"), "#f2c86b", "circle"),),
    )
)

register(
    Layer(
        name="buildings",
        title=Text("楼栋", "Buildings"),
        group="places",
        shape=Shape.POLYGON,
        rows=Building.objects.standing,
        geometry="footprint",
        audience=Audience.STAFF,
        properties={
            "name": "name",
            "number": "number",
            "height": "height_m",
            "base": "base_m",
            "floors": "floors_above",
            "use": "use",
            "grid_id": "grid_id",
            "compound_id": "compound_id",
            "cut": "cut",
        },
        tiles=Zoom(12, 16),
        style=(
            extrusion(
                {
                    "fill-extrusion-color": by_kind("use", BODY, "#22385c"),
                    "fill-extrusion-height": ["get", "height"],
                    "fill-extrusion-base": ["get", "base"],
                    "fill-extrusion-opacity": 1,
                    "fill-extrusion-vertical-gradient": True,
                },
                minzoom=13,
            ),
            fill({"fill-color": by_kind("use", BODY, "#22385c")}, maxzoom=13),
        ),
        legend=(
            Entry(Text("住宅", "Residential"), BODY[Building.Use.RESIDENTIAL], "extrusion"),
            Entry(Text("商业", "Commercial"), BODY[Building.Use.MALL], "extrusion"),
            Entry(Text("公共建筑", "Public building"), BODY[Building.Use.COMMUNITY], "extrusion"),
        ),
    )
)

register(
    Layer(
        name="dwellings",
        title=Text("户室窗面", "Dwellings"),
        group="places",
        shape=Shape.PANEL,
        rows=Dwelling.objects.standing,
        geometry="footprint",
        audience=Audience.STAFF,
        properties={
            "floor": "floor",
            "room": "room",
            "base": "base_m",
            "top": "top_m",
            "estimated": "estimated",
            "building_id": "building_id",
        },
        panels_zoom=16,
        legend=(
            Entry(Text("户室", "Dwelling"), "#ffd98a", "window"),
            Entry(Text("推测划分的户室", "Dwelling cut from a guess"), "#5b7290", "hatch"),
        ),
    )
)
