"""Which tiles are asked for, and what a raw statement for one of them is."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

OFFICER = "bench-officer"


@dataclass(frozen=True)
class Wanted:
    """A tile: its address for the twin, and its numbers."""

    path: str
    z: int
    x: int
    y: int


def sample(community_id: int, layer: str, z: int, most: int, seed: int = 1) -> list[Wanted]:
    """Up to `most` tiles of a zoom that hold buildings, at random but the same in every run."""
    from gis.tile_address import BLOCK_ZOOM, tiles_at
    from twin.places.models import Building, Community, ShapeVersion

    version = Community.objects.get(pk=community_id).shape_version
    of_block = {(v.x, v.y): v.version for v in ShapeVersion.objects.filter(community=community_id)}
    anchors = [
        a.coords for a in Building.objects.filter(community=community_id).values_list("anchor", flat=True)
    ]
    at_x, at_y = tiles_at(*zip(*anchors, strict=True), z)
    tiles = sorted(set(zip(at_x.tolist(), at_y.tolist(), strict=True)))
    random.Random(seed).shuffle(tiles)
    up = max(0, z - BLOCK_ZOOM)
    found = []
    for x, y in tiles[:most]:
        current = version if z < BLOCK_ZOOM else of_block.get((x >> up, y >> up), 0)
        found.append(Wanted(f"/layers/{community_id}/tiles/{layer}/{current}/{z}/{x}/{y}.mvt", z, x, y))
    return found


def session_of_an_officer(community_id: int) -> str:
    """The cookie of somebody who may see the shapes."""
    from django.test import Client

    from twin.access.actions import grant_role
    from twin.accounts.models import User
    from twin.places.models import Community

    officer = User.objects.filter(username=OFFICER).first()
    if officer is None:
        officer = User.objects.create_user(username=OFFICER)
        grant_role(user=officer, kind="duty_officer", community=Community.objects.get(pk=community_id))
    browser = Client()
    browser.force_login(officer)
    return f"sessionid={browser.cookies['sessionid'].value}"


def statement_text(community_id: int, layer_name: str, wanted: Wanted, *, stored: bool) -> str:
    """The SQL that the twin sends for a tile, values filled in; without `stored` the plain way, from the shapes themselves:
    what the manual of PostGIS shows for ST_AsMVT, with the same rows and properties."""
    from django.db import connection

    from gis.tile_address import Tile
    from layers import tiles
    from twin.access.scopes import scope_of
    from twin.accounts.models import User

    kept = tiles.kept_zoom(layer_name, wanted.z) if stored else None
    scope = scope_of(User.objects.get(username=OFFICER))
    sql, known = tiles.statement(layer_name, community_id, scope, kept)
    values: dict[str, Any] = known | tiles.numbers(Tile(wanted.z, wanted.x, wanted.y), kept)
    with connection.cursor() as cursor:
        return str(cursor.mogrify(sql, values))
