"""The words in which layers say how they look: MapLibre style layers without their source, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Paint = Mapping[str, Any]

FONT = ["Noto Sans CJK SC", "Microsoft YaHei"]
"""Drawn with the fonts of the machine that looks: no glyph server, no request to the outside."""

INK = "#cfe6ff"
HALO = "#041022"


def by_zoom(*stops: float, base: float = 1.5) -> list[Any]:
    """An exponential ramp: zoom, value, zoom, value, …"""
    return ["interpolate", ["exponential", base], ["zoom"], *stops]


def by_kind(field: str, table: Mapping[Any, Any], otherwise: Any) -> list[Any]:
    return ["match", ["get", field], *(part for pair in table.items() for part in pair), otherwise]


def fill(paint: Paint, **more: Any) -> dict[str, Any]:
    return {"type": "fill", "paint": dict(paint), **more}


def line(paint: Paint, **more: Any) -> dict[str, Any]:
    return {
        "type": "line",
        "paint": dict(paint),
        "layout": {"line-cap": "round", "line-join": "round"},
        **more,
    }


def circle(paint: Paint, **more: Any) -> dict[str, Any]:
    return {"type": "circle", "paint": dict(paint), **more}


def extrusion(paint: Paint, **more: Any) -> dict[str, Any]:
    return {"type": "fill-extrusion", "paint": dict(paint), **more}


def label(
    text: Any, size: Any, *, colour: Any = INK, layout: Paint | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "type": "symbol",
        "layout": {"text-field": text, "text-font": FONT, "text-size": size, **(layout or {})},
        "paint": {"text-color": colour, "text-halo-color": HALO, "text-halo-width": 1.4},
        **more,
    }
