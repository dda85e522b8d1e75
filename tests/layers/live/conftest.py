from __future__ import annotations

import pytest

from tests.devices.homes import a_device, a_dwelling
from twin.devices.models import Device
from twin.places.models import Building


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sockets live in other threads and processes: what they are to see must be committed."""
    for item in items:
        if "tests/layers/live" in str(item.path):
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture
def detector(west_building: Building) -> Device:
    """A smoke detector in 1-501 of the west building."""
    return a_device(a_dwelling(west_building), name="厨房烟感")
