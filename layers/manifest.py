"""All that a front end needs to draw a community: which layers there are, where they come from and how they look."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db.models.functions import PointOnSurface

from layers.layer import Layer, Text
from layers.registry import all_layers
from twin.access.gate import visible
from twin.base.scope import Scope
from twin.places.descriptions import describe
from twin.places.models import Community, Grid
from twin.places.shape_versions import blocks_in

TILES = "/layers/{community}/tiles/{layer}/{{version}}/{{z}}/{{x}}/{{y}}.mvt"
PANELS = "/layers/{community}/panels/{{version}}/{{z}}/{{x}}/{{y}}.bin"


def manifest(community: Community, scope: Scope) -> dict[str, Any]:
    """One JSON document, for one viewer. The format is described in docs/formats.md."""
    return {
        "community": describe(community),
        "version": community.shape_version,
        "blocks": blocks_in(community.pk),
        "grids": _grids(community, scope),
        "layers": [_entry(layer, community.pk) for layer in all_layers()],
    }


def _grids(community: Community, scope: Scope) -> list[dict[str, Any]]:
    grids = visible(Grid.objects.standing(), to=scope).filter(community=community)
    leaves = set(Grid.objects.filter(community=community).leaves().values_list("id", flat=True))
    return [
        {
            "id": grid.pk,
            "path": grid.path,
            "name": grid.name,
            "name_en": grid.name_en or grid.name,
            "colour": grid.colour,
            "leaf": grid.pk in leaves,
            "center": list(grid.middle.coords) if grid.middle else None,
            "granted": scope.covers(grid.path),
        }
        for grid in grids.annotate(middle=PointOnSurface("geometry")).defer("geometry").order_by("path")
    ]


def _entry(layer: Layer, community_id: int) -> dict[str, Any]:
    return {
        "name": layer.name,
        "title": _text(layer.title),
        "group": layer.group,
        "geometry": layer.shape.value,
        "audience": layer.audience.value,
        "visible": layer.visible,
        "source": _source(layer, community_id),
        "style": [{"id": f"{layer.name}-{index}", **style} for index, style in enumerate(layer.style)],
        "legend": [{"label": _text(e.label), "colour": e.colour, "symbol": e.symbol} for e in layer.legend],
    }


def _source(layer: Layer, community_id: int) -> dict[str, Any]:
    if layer.tiles is not None:
        url = TILES.format(community=community_id, layer=layer.name)
        return {"kind": "tiles", "url": url, "minzoom": layer.tiles.minimum, "maxzoom": layer.tiles.maximum}
    if layer.panels_zoom is not None:
        return {"kind": "panels", "url": PANELS.format(community=community_id), "zoom": layer.panels_zoom}
    return {"kind": "live", "stream": layer.stream}


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
