from __future__ import annotations

import pytest

from tests.conftest import box, line
from twin.places.actions import add_compound, add_entrance, add_land_cover, add_street
from twin.places.models import Building, Community


@pytest.fixture
def drawn(community: Community, west_building: Building, east_building: Building) -> Community:
    """A community with something on every layer."""
    add_street(community=community, geometry=line((122.600, 31.0505), (122.604, 31.0505)), name="海棠路")
    add_land_cover(community=community, kind="park", geometry=box(122.6001, 31.0512, 122.6006, 31.0518))
    compound = add_compound(
        community=community, name="海棠里", geometry=box(122.6002, 31.0506, 122.6018, 31.0516)
    )
    add_entrance(compound=compound, position=line((122.6010, 31.0505), (122.6011, 31.0505)).centroid)
    community.refresh_from_db()
    return community
