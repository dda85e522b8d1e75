"""No window is coloured, and none is counted, for somebody who is not granted its facts. By hand, as in `rules.py`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.leaks.rules import OWN_GRID, WHOLE_COMMUNITY
from tests.leaks.ways_out import facade_names, ways_out
from tests.leaks.world import World, build_world
from twin.access.roles import RoleKind
from twin.places.models import Community, Dwelling, Unit
from twin.places.querysets import DwellingQuerySet

pytestmark = pytest.mark.django_db(transaction=True)

HOMES = "layers/<int:community_id>/facades/<slug:name>/homes/"


@pytest.fixture
def world() -> World:
    world = build_world()
    Dwelling.objects.update(use=Dwelling.Use.LET)
    return world


def granted(world: World, viewer: str) -> set[int]:
    """The dwellings whose facts this viewer may be told."""
    home = world.grids["home"]
    if viewer in WHOLE_COMMUNITY:
        own = Dwelling.objects.filter(community=home.community_id)
    elif viewer in OWN_GRID:
        own = Dwelling.objects.filter(building__grid=home)
    elif viewer == RoleKind.STAIRWELL_HEAD:
        unit = Unit.objects.filter(building__grid=home).order_by("number").first()
        own = Dwelling.objects.filter(unit=unit)
    else:
        own = Dwelling.objects.none()
    return set(own.values_list("pk", flat=True))


def told(world: World, viewer: str) -> tuple[set[int], int]:
    """All dwellings that are told of by any mode in any community, and the most homes that any legend counts."""
    client = Client()
    user = world.viewers[viewer]
    if user is not None:
        client.force_login(user)
    ids: set[int] = set()
    most = 0
    for way in ways_out(world):
        for address in way.addresses if "facades/<slug" in way.route else ():
            answer: Any = json.loads(client.get(address).content)
            if "homes" not in answer:
                continue
            if way.route == HOMES:
                ids |= {pk for of_category in answer["homes"].values() for pk in of_category}
            else:
                most = max(most, answer["homes"], sum(answer["counts"].values()))
    return ids, most


def test_windows_are_coloured_for_whom_their_facts_are_granted_and_for_nobody_else(world: World) -> None:
    for viewer in world.viewers:
        expected = granted(world, viewer)
        assert told(world, viewer) == (expected, len(expected)), viewer


def test_every_mode_is_asked(world: World) -> None:
    community = Community.objects.order_by("pk")[0]
    assert {"alarms", "use", "devices", "detectors"} <= set(facade_names(world, community))


def test_a_queryset_that_grants_everything_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DwellingQuerySet, "granted_to", lambda rows, scope: rows.all())
    assert told(world, RoleKind.GRID_WORKER)[0] > granted(world, RoleKind.GRID_WORKER)
