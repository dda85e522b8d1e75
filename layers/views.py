"""HTTP for what is shown. Rights are checked before any cache is asked."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from gis.tile_address import NoSuchTile, Tile, tile
from layers import features as feature_pages
from layers import panels as panel_files
from layers import tiles as vector_tiles
from layers.layer import Audience, Layer, Shape
from layers.manifest import manifest as manifest_of
from layers.registry import all_layers, layer_named
from layers.versions import current_version
from twin.access.gate import fetch, visible
from twin.access.http import scope_of_request
from twin.base.errors import NotVisible
from twin.base.scope import Scope
from twin.places.models import Community

FOR_GOOD = "private, immutable, max-age=31536000"
KEPT_SECONDS = 24 * 3600


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
    scope = scope_of_request(request)
    community = fetch(Community.objects.all(), to=scope, pk=community_id)
    layer, address = layer_named(name), _address(z, x, y)
    if layer.tiles is None or not layer.tiles.minimum <= z <= layer.tiles.maximum:
        raise NotVisible("Layer %(name)s has no tiles at zoom %(z)s.", name=name, z=z, where="z")
    return _versioned(
        request, "tile", community, (name, version, address), "application/vnd.mapbox-vector-tile",
        lambda: vector_tiles.render(layer, rows_of(layer, community, scope), address),
    )  # fmt: skip


@require_GET
def panels(request: HttpRequest, community_id: int, version: int, z: int, x: int, y: int) -> HttpResponse:
    scope = scope_of_request(request)
    community = fetch(Community.objects.all(), to=scope, pk=community_id)
    layer, address = _panel_layer(), _address(z, x, y)
    if z != layer.panels_zoom:
        raise NotVisible("Panels are made at zoom %(z)s only.", z=layer.panels_zoom, where="z")
    return _versioned(
        request, "panels", community, (layer.name, version, address), "application/octet-stream",
        lambda: panel_files.render(rows_of(layer, community, scope), address),
    )  # fmt: skip


@require_GET
def features(request: HttpRequest, community_id: int, name: str) -> HttpResponse:
    scope = scope_of_request(request)
    community = fetch(Community.objects.all(), to=scope, pk=community_id)
    layer = layer_named(name)
    page = feature_pages.page_of(request.GET)
    response = JsonResponse(
        feature_pages.render(layer, rows_of(layer, community, scope), page),
        json_dumps_params={"ensure_ascii": False},
        content_type="application/geo+json",
    )
    response["Cache-Control"] = (
        "private, no-store" if layer.audience is Audience.GRANTED else "private, no-cache"
    )
    return response


def rows_of(layer: Layer, community: Community, scope: Scope) -> QuerySet[Any]:
    return visible(layer.rows(), to=scope).filter(community=community)


def _versioned(
    request: HttpRequest,
    kind: str,
    community: Community,
    wanted: tuple[str, int, Tile],
    content_type: str,
    render: Callable[[], bytes],
) -> HttpResponse:
    """The file at this version, or the way to the version of now."""
    name, version, address = wanted
    current = current_version(community, address)
    if version != current:
        return _moved(request, current)
    etag = f'"{kind}-{community.pk}-{name}-{version}-{address.z}-{address.x}-{address.y}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = _packed(request, _kept(f"layers:{etag}", render), content_type)
    response["ETag"], response["Cache-Control"], response["Vary"] = etag, FOR_GOOD, "Cookie, Accept-Encoding"
    return response


def _kept(key: str, render: Callable[[], bytes]) -> bytes:
    """The compressed body, from the cache where it is; whoever has the right to the tile gets the same bytes."""
    body: bytes | None = cache.get(key)
    if body is None:
        body = gzip.compress(render(), 5)
        cache.set(key, body, KEPT_SECONDS)
    return body


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


def _address(z: int, x: int, y: int) -> Tile:
    try:
        return tile(z, x, y)
    except NoSuchTile:
        raise NotVisible("There is no such tile.", where="tile") from None


def _panel_layer() -> Layer:
    return next(layer for layer in all_layers() if layer.shape is Shape.PANEL)
