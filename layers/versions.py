"""Which version of the shapes a tile shows. Addresses carry it, so whatever was once sent may be kept for good."""

from __future__ import annotations

from gis.tile_address import BLOCK_ZOOM, Tile, block_of
from twin.places.models import Community, ShapeVersion


def current_version(community: Community, address: Tile) -> int:
    """A tile from z14 on shows one block; a smaller scale shows many, and follows the community as a whole."""
    if address.z < BLOCK_ZOOM:
        return community.shape_version
    block = block_of(address)
    versions = ShapeVersion.objects.filter(community=community, x=block.x, y=block.y)
    return versions.values_list("version", flat=True).first() or 0
