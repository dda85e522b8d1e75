from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.devices.homes import a_device, a_dwelling
from tests.layers.live.alarms import detectors
from tests.layers.live.servers import Redis, Web
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


@pytest.fixture
def devices(west_building: Building, east_building: Building) -> list[Device]:
    """Three smoke detectors in the west, three in the east."""
    return detectors(west_building, 3) + detectors(east_building, 3)


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """A Redis that tests may kill; they start it again."""
    with Redis() as server:
        yield server


@pytest.fixture(scope="session")
def webs(redis: Redis, django_db_setup: None) -> Iterator[list[Web]]:
    """Two web processes on the database of this run."""
    with Web(redis.url) as one, Web(redis.url) as other:
        yield [one, other]


@pytest.fixture
def same_redis(redis: Redis, settings: Any) -> None:
    """This process rings the same bell as the web processes."""
    backend = "channels_redis.pubsub.RedisPubSubChannelLayer"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": {"hosts": [redis.url]}}}
