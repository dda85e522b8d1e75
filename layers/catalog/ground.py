"""What the community stands on: water, parks and streets."""

from layers.layer import Audience, Entry, Layer, Shape, Text, Zoom
from layers.registry import register
from layers.style import by_kind, by_zoom, fill, label, line
from twin.places.models import LandCover, Street

GROUND = {
    LandCover.Kind.WATER: "#0b3a66",
    LandCover.Kind.PARK: "#0d4a3a",
    LandCover.Kind.PLAZA: "#1b2f52",
    LandCover.Kind.PLAYGROUND: "#3a2c4f",
    LandCover.Kind.PARKING: "#16263f",
}
WIDTH_M = {
    Street.Kind.PRIMARY: 24,
    Street.Kind.SECONDARY: 16,
    Street.Kind.RESIDENTIAL: 9,
    Street.Kind.LANE: 4,
}


def _width(share: float) -> list[object]:
    """Pixels for metres: at the latitudes of cities a pixel is about half a metre at zoom 18."""
    at_18 = by_kind("kind", {kind: metres * share * 1.9 for kind, metres in WIDTH_M.items()}, 8)
    at_13 = by_kind("kind", {kind: max(0.4, metres * share / 12) for kind, metres in WIDTH_M.items()}, 0.5)
    return ["interpolate", ["exponential", 2], ["zoom"], 13, at_13, 18, at_18]


register(
    Layer(
        name="landcover",
        title=Text("地表", "Ground"),
        group="base",
        shape=Shape.POLYGON,
        rows=LandCover.objects.standing,
        geometry="geometry",
        audience=Audience.STAFF,
        properties={"kind": "kind", "name": "name"},
        tiles=Zoom(9, 16),
        style=(
            fill({"fill-color": by_kind("kind", GROUND, "#10233f")}),
            line(
                {"line-color": "#2a7fc0", "line-width": by_zoom(12, 0.4, 18, 2.4), "line-opacity": 0.7},
                filter=["==", ["get", "kind"], "water"],
            ),
            label(
                ["get", "name"],
                by_zoom(14, 10, 18, 16),
                colour="#7fc4a4",
                minzoom=15,
                layout={"text-max-width": 6},
            ),
        ),
        legend=(
            Entry(Text("水面", "Water"), GROUND[LandCover.Kind.WATER], "fill"),
            Entry(Text("绿地", "Park"), GROUND[LandCover.Kind.PARK], "fill"),
        ),
    )
)

register(
    Layer(
        name="streets",
        title=Text("道路", "Streets"),
        group="base",
        shape=Shape.LINE,
        rows=Street.objects.standing,
        geometry="geometry",
        audience=Audience.STAFF,
        properties={"kind": "kind", "name": "name"},
        tiles=Zoom(11, 16),
        style=(
            line({"line-color": "#1767b5", "line-width": _width(1.14), "line-opacity": 0.85}),
            line({"line-color": "#12294a", "line-width": _width(1)}),
            line(
                {"line-color": "#4d86c4", "line-width": by_zoom(15, 0.3, 18, 1.4), "line-dasharray": [6, 6]},
                filter=["in", ["get", "kind"], ["literal", ["primary", "secondary"]]],
                minzoom=15,
            ),
            label(
                ["get", "name"],
                by_zoom(14, 10, 18, 17),
                colour="#9cc4f2",
                minzoom=14,
                layout={"symbol-placement": "line", "symbol-spacing": 420, "text-letter-spacing": 0.15},
            ),
        ),
        legend=(Entry(Text("道路", "Street"), "#1767b5", "line"),),
    )
)
