"""Nobody is told what is not theirs, by any way out; and everyone is told what is.

The last tests plant leaks and expect to be told of them: a search that finds nothing must be able to find something.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client

from layers.live.registry import all_streams
from layers.live.stream import Level
from tests.layers.live.talking import Talk
from tests.leaks.markers import Mark
from tests.leaks.patrol_rules import FIELDS as OF_VISITS
from tests.leaks.personal import FIELDS as OF_PEOPLE
from tests.leaks.points_rules import FIELDS as OF_POINTS
from tests.leaks.reports import FIELDS as OF_REPORTS
from tests.leaks.rules import may_be_told
from tests.leaks.ways_out import text_of, ways_out
from tests.leaks.world import World, build_world
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.devices.querysets import DeviceQuerySet
from twin.patrol.models import Visit
from twin.places.models import Grid

pytestmark = pytest.mark.django_db(transaction=True)

FIELDS = {**OF_PEOPLE, **OF_POINTS, **OF_REPORTS, **OF_VISITS}
Told = dict[str, dict[str, set[Mark]]]
"""Way -> viewer -> marks."""

# Ways out whose answers name nothing that could be marked.
NOTHING_TO_MARK = {
    "layers/<int:community_id>/panels/<int:version>/<int:z>/<int:x>/<int:y>.bin", "api/users/<int:user_id>/photo/",
    "api/session/", "admin/", "admin/autocomplete/", "api/^people/counts/$", "admin/people/carepair/",
    "api/points/photos/<int:photo_id>/", "api/^points/schemes/(?P<pk>[^/.]+)/$", "admin/points/scheme/",
    # To who sent it, and nobody in the world did.
    "api/^rosters/(?P<pk>[^/.]+)/faults/$",
    # The address once more, in capitals.
    "api/^roster-addresses/(?P<pk>[^/.]+)/lessons/$",
    # Ids and counts: `test_facades.py` knows whose.
    "layers/<int:community_id>/facades/", "layers/<int:community_id>/facades/<slug:name>/",
    "layers/<int:community_id>/facades/<slug:name>/homes/",
    # What may be ticked, in words of the program.
    "api/^report-fields/$",
}  # fmt: skip


# Pages of the back office that are for something that is not done there: nothing is deleted, some things are not added.
# Of tokens and audit entries Django keeps no history of its own: they are in the audit.
FORMS_OF_THE_OFFICE = (
    "admin/access/auditentry/<path:object_id>/history/",
    "admin/access/token/<path:object_id>/history/",
    "/delete/",
    "/add/",
    # Of imports: what is only posted to, and how far one is, in numbers.
    "importrun/<path:object_id>/apply/",
    "importrun/<path:object_id>/again/",
    "importrun/<path:object_id>/progress/",
    "cutrun/<path:object_id>/progress/",
    "cutrun/<path:object_id>/stop/",
    "cutrun/<path:object_id>/go-on/",
    "rosterrun/<path:object_id>/apply/",
    "rosterrun/<path:object_id>/progress/",
    "tagcataloguerun/<path:object_id>/apply/",
    "tagcataloguerun/<path:object_id>/progress/",
    # To who sent the roster, and nobody in the world did.
    "rosterrun/<path:object_id>/faults/",
    "/<path:object_id>/",
)

# Rows of these tables are called by their number or by their points, also in the history of their page.
CALLED_BY_NUMBER = (
    "admin/people/", "admin/patrol/visit/", "admin/points/claim/", "admin/points/entry/", "admin/points/redemption/",
)  # fmt: skip


def may_be_silent(way: str) -> bool:
    if way.startswith(CALLED_BY_NUMBER) and way.endswith("/history/"):
        return True
    return way in NOTHING_TO_MARK or "app_label" in way or way.endswith(FORMS_OF_THE_OFFICE)


@pytest.fixture
def world() -> World:
    return build_world()


def ask_everything(world: World, about: str = "") -> Told:
    """Every way out, or those whose address says `about`, as every viewer."""
    told: Told = defaultdict(lambda: defaultdict(set))
    ways = [way for way in ways_out(world) if about in way.route]
    for viewer, user in world.viewers.items():
        client = Client()
        if user is not None:
            client.force_login(user)
        for way in ways:
            for address in way.addresses:
                told[way.route][viewer] |= world.marker.found_in(text_of(client, address))
    return told


def topics() -> list[str]:
    keys = {
        Level.LEAF: Grid.objects.leaves().values_list("pk", flat=True),
        Level.ROOT: Grid.objects.filter(parent=None).values_list("pk", flat=True),
        Level.USER: User.objects.values_list("pk", flat=True),
    }
    return [f"{stream.name}:{key}" for stream in all_streams() for key in keys[stream.level]]


async def listen(user: User, wanted: list[str]) -> str:
    """Everything that a socket hears after joining all topics that there are."""
    heard: list[Any] = []
    async with Talk(user=user) as talk:
        await talk.say({"kind": "join", "topics": [{"topic": name, "after": None} for name in wanted]})
        answered: set[str] = set()
        while answered < set(wanted):
            message = await talk.hear()
            heard.append(message)
            if message["kind"] in {"snapshot", "refused"}:
                answered.add(message["topic"])
    return json.dumps(heard, ensure_ascii=False)


def hear_everything(world: World) -> Told:
    wanted = topics()
    told: Told = defaultdict(dict)
    for viewer, user in world.viewers.items():
        if user is not None:
            told["/live/"][viewer] = world.marker.found_in(asyncio.run(listen(user, wanted)))
    return told


def told_of_households() -> list[type[Model]]:
    rooms = ("people", "points", "reports")
    return [*(model for room in rooms for model in apps.get_app_config(room).get_models()), Visit]


@pytest.mark.parametrize("model", told_of_households(), ids=lambda m: m._meta.label)
def test_every_field_of_people_points_and_reports_has_a_rule(model: type[Model]) -> None:
    known = {name for name in FIELDS[model._meta.label] if not name.endswith(")")}
    assert {field.name for field in model._meta.concrete_fields} == known


def leaks_of(told: Told) -> list[str]:
    return sorted(
        f"{viewer} was told {mark} by {way}"
        for way, viewers in told.items()
        for viewer, marks in viewers.items()
        for mark in marks
        if not may_be_told(viewer, mark)
    )


def withheld(told: Told, world: World) -> list[str]:
    """Of people and points: what a role may be told, and no way tells it. Else a rule could forbid everything and look
    right. Of the pages of the back office only some are asked."""
    heard: dict[str, set[Mark]] = defaultdict(set)
    for viewers in told.values():
        for viewer, marks in viewers.items():
            heard[viewer] |= marks
    about = {mark for mark in world.marker.marks.values() if mark.label in FIELDS}
    return sorted(
        f"{viewer} was not told {mark}"
        for viewer in RoleKind
        for mark in about - heard[viewer]
        if may_be_told(viewer, mark) and FIELDS[mark.label].get(mark.field) not in {"clerk", "office"}
        if viewer != RoleKind.RESIDENT or mark.label.startswith("points.")
    )


def test_nobody_is_told_what_is_not_theirs_and_every_way_tells_somebody_something(world: World) -> None:
    told = ask_everything(world) | hear_everything(world)
    leaks = leaks_of(told)
    assert not leaks, "\n".join([f"{len(leaks)} leaks", *leaks[:40]])
    lacking = withheld(told, world)
    assert not lacking, "\n".join([f"{len(lacking)} that should have been told", *lacking[:40]])
    silent = {way for way, viewers in told.items() if not any(viewers.values()) and not may_be_silent(way)}
    assert not silent, f"ways out that told nobody anything, so that nothing was tested: {silent}"


def test_no_cache_that_is_shared_keeps_what_leaves(world: World) -> None:
    client = Client()
    client.force_login(world.viewers["duty_officer"])
    kept = {
        address: said
        for way in ways_out(world)
        for address in way.addresses[:1]
        if not re.search(
            "private|no-store", said := client.get(address).headers.get("Cache-Control", "nothing")
        )
    }
    assert not kept


def test_facts_of_the_own_grid_are_told_to_its_worker(world: World) -> None:
    told = hear_everything(world)["/live/"]
    assert {m.label for m in told["grid_worker"] if m.belongs == "home"} >= {"devices.Device"}


def test_a_queryset_that_lets_everything_through_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DeviceQuerySet, "visible_to", lambda rows, scope: rows.all())
    assert any("devices.Device" in leak for leak in leaks_of(ask_everything(world, "device")))


def test_an_address_that_nobody_has_thought_of_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.urls import path

    from twin.config import urls

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("export/", lambda request: None)])
    from django.urls import clear_url_caches

    clear_url_caches()
    try:
        with pytest.raises(AssertionError, match="export/"):
            ways_out(world)
    finally:
        monkeypatch.undo()
        clear_url_caches()
