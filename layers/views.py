"""HTTP for what is shown. Rights are checked before any cache is asked."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from gis.tile_address import BLOCK_ZOOM, NoSuchTile, Tile, tile
from layers import features as feature_pages
from layers import panels as panel_files
from layers import tiles as vector_tiles
from layers.kept import kept
from layers.layer import Audience, Layer, Shape
from layers.manifest import manifest as manifest_of
from layers.registry import all_layers, layer_named
from layers.rows import rows_of
from layers.viewers import Asked, ask
from twin.access.gate import fetch
from twin.access.http import scope_of_request
from twin.base.errors import NotVisible
from twin.places.models import Community

FOR_GOOD = "private, immutable, max-age=31536000"


@require_GET
def manifest(request: HttpRequest, community_id: int) -> HttpResponse:
    scope = scope_of_request(request)
    document = manifest_of(fetch(Community.objects.all(), to=scope, pk=community_id), scope)
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-cache"
    return response


@require_GET
def tiles(
    request: HttpRequest, community_id: int, name: str, version: int, z: int, x: int, y: int
) -> HttpResponse:
    asked, address = _asked(request, community_id, z, x, y)
    layer = layer_named(name)
    if layer.tiles is None or not layer.tiles.minimum <= z <= layer.tiles.maximum:
        raise NotVisible("Layer %(name)s has no tiles at zoom %(z)s.", name=name, z=z, where="z")
    return _versioned(
        request, "tile", asked, (name, version, address), "application/vnd.mapbox-vector-tile",
        lambda: vector_tiles.render(layer, community_id, asked.scope, address), dear=z < BLOCK_ZOOM,
    )  # fmt: skip


@require_GET
def panels(request: HttpRequest, community_id: int, version: int, z: int, x: int, y: int) -> HttpResponse:
    asked, address = _asked(request, community_id, z, x, y)
    layer = _panel_layer()
    if z != layer.panels_zoom:
        raise NotVisible("Panels are made at zoom %(z)s only.", z=layer.panels_zoom, where="z")
    return _versioned(
        request, "panels", asked, (layer.name, version, address), "application/octet-stream",
        lambda: panel_files.render(rows_of(layer, community_id, asked.scope), address), dear=True,
    )  # fmt: skip


@require_GET
def features(request: HttpRequest, community_id: int, name: str) -> HttpResponse:
    scope = scope_of_request(request)
    community = fetch(Community.objects.all(), to=scope, pk=community_id)
    layer = layer_named(name)
    page = feature_pages.page_of(request.GET)
    response = JsonResponse(
        feature_pages.render(layer, rows_of(layer, community.pk, scope), page),
        json_dumps_params={"ensure_ascii": False},
        content_type="application/geo+json",
    )
    response["Cache-Control"] = (
        "private, no-store" if layer.audience is Audience.GRANTED else "private, no-cache"
    )
    return response


def _asked(request: HttpRequest, community_id: int, z: int, x: int, y: int) -> tuple[Asked, Tile]:
    """Who asks comes first: a stranger is not even told that an address is wrong."""
    try:
        address = tile(z, x, y)
    except NoSuchTile:
        fetch(Community.objects.all(), to=scope_of_request(request), pk=community_id)
        raise NotVisible("There is no such tile.", where="tile") from None
    return ask(request, community_id, address), address


def _versioned(
    request: HttpRequest,
    kind: str,
    asked: Asked,
    wanted: tuple[str, int, Tile],
    content_type: str,
    render: Callable[[], bytes],
    *,
    dear: bool,
) -> HttpResponse:
    """The file at this version, or the way to the version of now."""
    name, version, address = wanted
    if version != asked.version:
        return _moved(request, asked.version)
    etag = f'"{kind}-{asked.community_id}-{name}-{version}-{address.z}-{address.x}-{address.y}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = _packed(request, kept(f"layers:{etag}", render, dear=dear), content_type)
    response["ETag"], response["Cache-Control"], response["Vary"] = etag, FOR_GOOD, "Cookie, Accept-Encoding"
    return response


def _packed(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(body), content_type=content_type)
    response = HttpResponse(body, content_type=content_type)
    response["Content-Encoding"] = "gzip"
    return response


def _moved(request: HttpRequest, current: int) -> HttpResponse:
    match = request.resolver_match
    assert match is not None
    here = reverse(match.view_name, kwargs={**match.kwargs, "version": current})
    response = HttpResponseRedirect(here)
    response["Cache-Control"] = "private, no-store"
    return response


def _panel_layer() -> Layer:
    return next(layer for layer in all_layers() if layer.shape is Shape.PANEL)
