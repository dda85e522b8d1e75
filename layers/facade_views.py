"""HTTP for facade modes: which there are, their legend, and the colours of the homes of some tiles or of some homes."""

from __future__ import annotations

import gzip
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from gis.tile_address import NoSuchTile, Tile, tile
from layers import facades
from layers.facade import Facade
from layers.layer import Text
from layers.registry import all_layers
from twin.access.gate import fetch
from twin.access.http import scope_of_request
from twin.base.errors import Invalid
from twin.base.scope import Scope
from twin.people.readings import words_of_title
from twin.places.models import Community

MOST_TILES = 64
MOST_DWELLINGS = 500
WORTH_PACKING = 1400
"""Bytes: what fits into one packet is not packed."""


@require_GET
def listed(request: HttpRequest, community_id: int) -> HttpResponse:
    """The modes that this viewer may choose."""
    scope, community = _asked(request, community_id)
    return _answer(request, {"facades": [_entry(f) for f in facades.facades_of(community, scope)]})


@require_GET
def legend(request: HttpRequest, community_id: int, name: str) -> HttpResponse:
    """How many of the granted homes have each category."""
    scope, community = _asked(request, community_id)
    facade = facades.facade_named(name, community, scope)
    homes, opened = facades.homes_of(facade, community, scope), facade.opened(scope, community.pk)
    document = {
        "name": name,
        "homes": homes.count(),
        "counts": facades.counts(facade, homes, opened),
        "changes_at": facades.changes_at(facade, homes, opened),
    }
    return _answer(request, document)


@require_GET
def homes(request: HttpRequest, community_id: int, name: str) -> HttpResponse:
    """Category -> ids, of `?tiles=x/y,x/y` or of `?dwellings=1,2,3`. Raises Invalid without one of them, or for too many."""
    scope, community = _asked(request, community_id)
    facade = facades.facade_named(name, community, scope)
    granted, opened = facades.homes_of(facade, community, scope), facade.opened(scope, community.pk)
    if "tiles" in request.GET:
        wanted = facades.in_tiles(granted, _tiles(request.GET["tiles"]))
    else:
        wanted = granted.filter(pk__in=_dwellings(request.GET.get("dwellings", "")))
    return _answer(request, {"name": name, "homes": facades.coloured(facade, wanted, opened)})


def _asked(request: HttpRequest, community_id: int) -> tuple[Scope, Community]:
    scope = scope_of_request(request)
    return scope, fetch(Community.objects.all(), to=scope, pk=community_id)


def _tiles(text: str) -> list[Tile]:
    parts = text.split(",")
    if len(parts) > MOST_TILES:
        raise Invalid("No more than %(most)s tiles at once.", most=MOST_TILES, where="tiles")
    try:
        return [tile(_zoom(), *(_whole(number) for number in part.split("/", 1))) for part in parts]
    except (ValueError, TypeError, NoSuchTile):
        raise Invalid(
            "Tiles are x/y at zoom %(z)s, with commas between them.", z=_zoom(), where="tiles"
        ) from None


def _dwellings(text: str) -> list[int]:
    parts = text.split(",")
    if len(parts) > MOST_DWELLINGS:
        raise Invalid("No more than %(most)s dwellings at once.", most=MOST_DWELLINGS, where="dwellings")
    try:
        return [_whole(part) for part in parts]
    except ValueError:
        raise Invalid("Ask for tiles=x/y,… or for dwellings=id,…", where="dwellings") from None


def _whole(text: str) -> int:
    """Raises ValueError for what is no whole number below 10^16."""
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise ValueError(text)
    return int(text)


def _zoom() -> int:
    """The zoom of the wall panels: whoever has a tile of them has its colours to ask for."""
    return next(layer.panels_zoom for layer in all_layers() if layer.panels_zoom is not None)


def _entry(facade: Facade) -> dict[str, Any]:
    return {
        "name": facade.name,
        "title": _text(facade.title),
        "group": _text(facade.group),
        "find": words_of_title(facade.title.zh),
        "about": facade.about.name,
        "rest": _text(facade.rest),
        "note": None if facade.note is None else _text(facade.note),
        "categories": [
            {"key": c.key, "label": _text(c.label), "colour": c.colour, "pattern": c.pattern.value}
            for c in facade.categories
        ],
    }


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _answer(request: HttpRequest, document: dict[str, Any]) -> HttpResponse:
    """Nobody keeps it: it is one viewer's, and of now."""
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    if packs and len(response.content) > WORTH_PACKING:
        response.content = gzip.compress(response.content, 5)
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"], response["Vary"] = "private, no-store", "Cookie, Accept-Encoding"
    return response
