"""The demo community's places, read once: addresses are compared with what is in memory."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from twin.demo.places import load_places
from twin.places.actions import cut_building
from twin.places.addresses.gazetteer import Gazetteer, gazetteer_of
from twin.places.models import Building


@pytest.fixture(scope="session")
def demo_places(django_db_setup: None, django_db_blocker: Any) -> Gazetteer:
    """What the demo community's 149 buildings and 6 050 dwellings are called. The tables are left empty."""
    with django_db_blocker.unblock(), transaction.atomic():
        community = load_places()
        for building in Building.objects.filter(community=community, use=Building.Use.RESIDENTIAL).order_by(
            "id"
        ):
            cut_building(building=building)
        gazetteer = gazetteer_of(community)
        transaction.set_rollback(True)
    return gazetteer
