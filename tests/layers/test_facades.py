"""Facade modes: what is told equals the database, whoever asks; and only of homes whose facts are granted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gis.tile_address import tile_at
from layers.facade import Pattern
from layers.facades import facades_of
from tests.conftest import ROOT
from tests.devices.homes import a_device, rule_of
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.devices.actions import acknowledge, close, raise_alarm, retire_device
from twin.devices.models import Alarm, Device
from twin.people.models import Tag
from twin.places.actions import cut_building, state_use
from twin.places.models import Building, Community, Dwelling

Ask = Callable[..., Any]

STATIC = ["alarms", "use", "devices", "detectors"]


@pytest.fixture
def lived_in(community: Community, west_building: Building, east_building: Building) -> list[Dwelling]:
    """Two buildings of 24 homes, of which the first few of each have something to tell."""
    for number, building in enumerate((west_building, east_building)):
        cut_building(building=building)
        homes = list(Dwelling.objects.filter(building=building).order_by("pk"))
        for home, use in zip(homes, ("own", "own", "let", "vacant", "business"), strict=False):
            state_use(community=community, uses={home.pk: use})
        for place in (0, 0, 1, 2):
            a_device(homes[place], f"smoke-{number}-{place}-{Device.objects.count()}")
        a_device(homes[3], f"water-{number}", kind="water_meter")
        Device.objects.filter(dwelling=homes[1]).update(state="online", last_seen_at=timezone.now())
        first = Device.objects.filter(dwelling=homes[0]).order_by("pk")[0]
        Device.objects.filter(pk=first.pk).update(state="online", last_seen_at=timezone.now())
        for code in ("low_battery", "alarm"):
            raise_alarm(device=first, rule=rule_of(first, code), at=timezone.now())
        second = Device.objects.get(dwelling=homes[2])
        raise_alarm(device=second, rule=rule_of(second, "low_battery"), at=timezone.now())
    return list(Dwelling.objects.order_by("pk"))


@pytest.fixture
def ask(community: Community, client: Client) -> Ask:
    def get(user: User | None, address: str = "", status: int = 200, **query: str) -> Any:
        client.logout()
        if user is not None:
            client.force_login(user)
        answer = client.get(f"/layers/{community.pk}/facades/{address}", query)
        assert answer.status_code == status, answer.content
        return answer.json()

    return get


def expected(name: str, home: Dwelling) -> str | None:
    """The category of one home, found the slow way."""
    devices = list(Device.objects.filter(dwelling=home, ended_at=None))
    if name == "alarms":
        severities = Alarm.objects.filter(dwelling=home, closed_at=None).values_list("severity", flat=True)
        return str(min(severities)) if severities else None
    if name == "use":
        return None if home.use == "unknown" else home.use
    if name == "detectors":
        states = {d.state for d in devices if d.kind.code == "smoke"}
        return "online" if "online" in states else "offline" if states else "none"
    states = {d.state for d in devices}
    return None if not states else states.pop() if len(states) == 1 else "some"


def told(ask: Ask, user: User, name: str, homes: list[Dwelling]) -> dict[int, str]:
    answer = ask(user, f"{name}/homes/", dwellings=",".join(str(home.pk) for home in homes))
    return {pk: category for category, ids in answer["homes"].items() for pk in ids}


@pytest.mark.parametrize("name", STATIC)
def test_every_home_has_the_category_that_the_database_says(
    name: str, lived_in: list[Dwelling], officer: User, ask: Ask
) -> None:
    for home in lived_in:
        home.refresh_from_db()
    right = {home.pk: category for home in lived_in if (category := expected(name, home)) is not None}
    assert len(set(right.values())) > 1
    assert told(ask, officer, name, lived_in) == right


@pytest.mark.parametrize("name", STATIC)
def test_the_legends_counts_equal_the_database(
    name: str, lived_in: list[Dwelling], officer: User, ask: Ask
) -> None:
    legend = ask(officer, f"{name}/")
    counted = Counter(expected(name, home) for home in Dwelling.objects.all())
    counted.pop(None, None)
    assert {key: count for key, count in legend["counts"].items() if count} == counted
    assert legend["homes"] == len(lived_in)
    entry = next(f for f in ask(officer)["facades"] if f["name"] == name)
    assert list(legend["counts"]) == [category["key"] for category in entry["categories"]]


def test_a_tile_holds_the_homes_of_its_wall_panels(
    lived_in: list[Dwelling], west_building: Building, officer: User, ask: Ask
) -> None:
    at = tile_at(*west_building.anchor.coords, 16)
    answer = ask(officer, "detectors/homes/", tiles=f"{at.x}/{at.y}")
    inside = {home.pk for home in lived_in if tile_at(*home.building.anchor.coords, 16) == at}
    assert inside
    assert {pk for ids in answer["homes"].values() for pk in ids} == inside
    assert ask(officer, "detectors/homes/", tiles=f"{at.x + 9}/{at.y}")["homes"] == {}


def test_tiles_are_asked_for_together(lived_in: list[Dwelling], officer: User, ask: Ask) -> None:
    tiles = {tile_at(*home.building.anchor.coords, 16) for home in lived_in}
    answer = ask(officer, "use/homes/", tiles=",".join(f"{at.x}/{at.y}" for at in tiles))
    assert sum(len(ids) for ids in answer["homes"].values()) == 10


def test_a_worker_is_told_of_homes_in_the_own_grid_only(
    lived_in: list[Dwelling], west_building: Building, in_role: Callable[..., User], ask: Ask
) -> None:
    worker = in_role(RoleKind.GRID_WORKER, grid=west_building.grid)
    own = {home.pk for home in lived_in if home.building_id == west_building.pk}
    for name in STATIC:
        assert told(ask, worker, name, lived_in).keys() <= own
        assert ask(worker, f"{name}/")["homes"] == len(own)
    assert set(told(ask, worker, "detectors", lived_in)) == own


def test_a_stairwell_head_is_told_of_the_own_stairwell(
    lived_in: list[Dwelling], in_role: Callable[..., User], ask: Ask
) -> None:
    unit = lived_in[0].unit
    head = in_role(RoleKind.STAIRWELL_HEAD, unit=unit)
    own = {home.pk for home in lived_in if home.unit_id == unit.pk}
    assert set(told(ask, head, "detectors", lived_in)) == own


@pytest.mark.parametrize("role", [RoleKind.PLANNER, RoleKind.AUDITOR, RoleKind.HELPER, RoleKind.DEPARTMENT])
def test_who_is_granted_no_facts_has_no_modes(
    role: str, lived_in: list[Dwelling], in_role: Callable[..., User], ask: Ask
) -> None:
    viewer = in_role(role)
    assert ask(viewer) == {"facades": []}
    assert ask(viewer, "use/", status=404)["error"]["code"] == "not_found"
    ask(viewer, "use/homes/", status=404, dwellings=str(lived_in[0].pk))


def test_strangers_get_nothing(lived_in: list[Dwelling], stranger: User, ask: Ask) -> None:
    for user, status in ((None, 401), (stranger, 404)):
        for address in ("", "use/", "use/homes/"):
            ask(user, address, status=status, dwellings="1")


def test_what_was_cut_from_a_guess_is_no_home(lived_in: list[Dwelling], officer: User, ask: Ask) -> None:
    Dwelling.objects.filter(pk=lived_in[0].pk).update(estimated=True)
    assert lived_in[0].pk not in told(ask, officer, "use", lived_in)
    assert ask(officer, "use/")["homes"] == len(lived_in) - 1


def test_a_closed_alarm_and_a_retired_device_colour_nothing(
    lived_in: list[Dwelling], officer: User, ask: Ask
) -> None:
    for alarm in Alarm.objects.all():
        close(alarm=acknowledge(alarm=alarm, by=officer), by=officer, truth="test", note="演练")
    for device in Device.objects.all():
        retire_device(device=device)
    assert told(ask, officer, "alarms", lived_in) == {}
    assert set(told(ask, officer, "detectors", lived_in).values()) == {"none"}


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({}, "dwellings"), ({"dwellings": "1,x"}, "dwellings"), ({"dwellings": "1,-1"}, "dwellings"),
        ({"dwellings": ",".join(["1"] * 501)}, "dwellings"), ({"dwellings": "9" * 17}, "dwellings"),
        ({"tiles": "1"}, "tiles"), ({"tiles": "1/2/3"}, "tiles"), ({"tiles": "65536/0"}, "tiles"),
        ({"tiles": "a/b"}, "tiles"), ({"tiles": ",".join(["1/1"] * 65)}, "tiles"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_told_which_part_is_wrong(
    query: dict[str, str], where: str, officer: User, ask: Ask
) -> None:
    assert ask(officer, "use/homes/", status=400, **query)["error"]["where"] == where


def test_a_mode_that_there_is_not_is_not_found(officer: User, ask: Ask) -> None:
    ask(officer, "nonsense/", status=404)


def test_facts_are_never_kept(lived_in: list[Dwelling], officer: User, client: Client) -> None:
    client.force_login(officer)
    pk = lived_in[0].community_id
    for address in ("", "use/", f"use/homes/?dwellings={lived_in[0].pk}"):
        assert client.get(f"/layers/{pk}/facades/{address}")["Cache-Control"] == "private, no-store"


def test_long_answers_are_packed(lived_in: list[Dwelling], officer: User, client: Client) -> None:
    client.force_login(officer)
    path = f"/layers/{lived_in[0].community_id}/facades/"
    assert client.get(path, headers={"accept-encoding": "gzip"})["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get(path)


def test_a_legend_is_a_handful_of_queries(
    lived_in: list[Dwelling], officer: User, client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client.force_login(officer)
    for name in STATIC:
        with django_assert_max_num_queries(11):  # three of them: tags, their classes, bands of points
            client.get(f"/layers/{lived_in[0].community_id}/facades/{name}/")


def test_patterns_are_those_of_tags_and_of_the_shader() -> None:
    names = [str(pattern) for pattern in Pattern]
    assert names == Tag.Pattern.values
    source = (ROOT / "frontend" / "src" / "api" / "facades.ts").read_text()
    listed = re.search(r"PATTERNS = \[(.*?)\]", source)
    assert listed is not None
    assert re.findall(r"'(\w+)'", listed[1]) == names


def test_every_category_tells_itself_by_a_pattern_too(community: Community, officer: User) -> None:
    for facade in facades_of(community, scope_of(officer)):
        patterns = [category.pattern for category in facade.categories]
        assert len(set(patterns)) == min(len(patterns), 8), facade
