from __future__ import annotations

import pytest

from tests.devices.homes import a_dwelling
from twin.base.errors import Invalid
from twin.places.actions import end_building, found_community, state_use
from twin.places.models import Building, Community, Dwelling


def test_the_use_of_a_dwelling_is_stated(community: Community, west_building: Building) -> None:
    home = a_dwelling(west_building)
    state_use(community=community, uses={home.pk: "guest_house"})
    assert Dwelling.objects.get(pk=home.pk).use == "guest_house"


def test_a_use_that_there_is_not_is_refused(community: Community, west_building: Building) -> None:
    with pytest.raises(Invalid, match="castle"):
        state_use(community=community, uses={a_dwelling(west_building).pk: "castle"})


def test_a_dwelling_that_has_ended_or_is_elsewhere_has_no_use(
    community: Community, west_building: Building
) -> None:
    home = a_dwelling(west_building)
    with pytest.raises(Invalid, match=str(home.pk)):
        state_use(community=found_community(name="别处"), uses={home.pk: "own"})
    end_building(building=west_building)
    with pytest.raises(Invalid):
        state_use(community=community, uses={home.pk: "own"})
