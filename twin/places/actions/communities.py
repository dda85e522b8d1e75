from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import MultiPolygon

from twin.base.verbs import verb
from twin.places.actions.grids import draw_grid
from twin.places.models import Community, Grid

UNASSIGNED = "未划分"


@verb
def found_community(*, name: str, boundary: MultiPolygon | None = None, **fields: Any) -> Community:
    """A new community with the root of its grid tree and the leaf that receives whatever lies in no grid."""
    community = Community.objects.create(name=name, boundary=boundary, **fields)
    root = draw_grid(
        community=community, parent=None, name=name, name_en=community.name_en, kind=Grid.Kind.COMMUNITY,
        geometry=boundary, code=community.code,
    )  # fmt: skip
    draw_grid(
        community=community, parent=root, name=UNASSIGNED, name_en="Unassigned", kind=Grid.Kind.UNASSIGNED,
        colour="#8a94a6",
    )  # fmt: skip
    return community


@verb
def describe_community(*, community: Community, division: str) -> Community:
    """Say in which province, city, district and street office it lies, with blanks between them: addresses are checked
    against it."""
    community.division = " ".join(division.split())
    community.save(update_fields=["division"])
    return community
