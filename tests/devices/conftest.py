from __future__ import annotations

from collections import defaultdict

import pytest

from tests.devices.homes import a_device, a_dwelling
from twin.base import events
from twin.base.events import Event, listen
from twin.devices import events as device_events
from twin.devices.models import Device
from twin.places.models import Building


@pytest.fixture
def detector(west_building: Building) -> Device:
    """A smoke detector in 1-501 of the west building."""
    return a_device(a_dwelling(west_building), name="厨房烟感")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The events of the room from here on, in the order in which they are told."""
    within = {kind: list(listeners) for kind, listeners in events._within.items()}
    monkeypatch.setattr(events, "_within", defaultdict(list, within))
    heard: list[Event] = []
    for kind in vars(device_events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            listen(kind, within=True)(heard.append)
    return heard
