"""Whose windows may look different now: told in their grid, in the transaction that changed the fact."""

from __future__ import annotations

from typing import Any

import pytest

from layers.facades import all_subjects
from layers.live.registry import stream_named
from tests.devices.homes import a_device, a_dwelling
from tests.layers.live.alarms import alarm
from tests.layers.live.talking import Talk, in_database
from tests.points.homes import a_household, a_rule
from twin.accounts.models import User
from twin.devices.actions import acknowledge, close, move_device, retire_device
from twin.devices.models import Device
from twin.people.actions import add_starter_tags, give_tag, move_household
from twin.places.actions import cut_building, end_building, place_in_grid, state_use
from twin.places.models import Building, Community, Dwelling, Grid
from twin.points.actions import award


async def told(talk: Talk, grid: Grid) -> dict[str, Any]:
    return await told_in(talk, f"facades:{grid.pk}")


async def told_in(talk: Talk, topic: str) -> dict[str, Any]:
    fact: dict[str, Any] = (await talk.expect("change", topic))["fact"]
    assert set(fact) == {"kind", "about", "dwelling_ids"}, "ids and nothing else"
    return fact


async def test_an_alarm_and_its_end_recolour_one_window(officer: User, detector: Device, west: Grid) -> None:
    async with Talk(user=officer) as talk:
        assert (await talk.snapshot(f"facades:{west.pk}"))["items"] == []
        raised = await in_database(alarm, detector)
        one = {"kind": "recoloured", "about": "alarms", "dwelling_ids": [detector.dwelling_id]}
        assert await told(talk, west) == one
        acked = await in_database(acknowledge, alarm=raised, by=officer)
        await in_database(close, alarm=acked, by=officer, truth="test", note="演练")
        assert await told(talk, west) == one


async def test_a_device_that_is_carried_recolours_both_homes(
    officer: User, detector: Device, west: Grid, west_building: Building
) -> None:
    before = detector.dwelling_id
    other = await in_database(a_dwelling, west_building, "502")
    async with Talk(user=officer) as talk:
        await talk.snapshot(f"facades:{west.pk}")
        await in_database(move_device, device=detector, home=other)
        assert await told(talk, west) == {
            "kind": "recoloured", "about": "devices", "dwelling_ids": sorted([before, other.pk])
        }  # fmt: skip
        await in_database(retire_device, device=detector)
        assert (await told(talk, west))["dwelling_ids"] == [other.pk]


async def test_a_device_carried_to_another_grid_is_told_in_both(
    officer: User, detector: Device, west: Grid, east: Grid, east_building: Building
) -> None:
    before = detector.dwelling_id
    there = await in_database(a_dwelling, east_building)
    async with Talk(user=officer) as talk:
        for grid in (west, east):
            await talk.snapshot(f"facades:{grid.pk}")
        await in_database(move_device, device=detector, home=there)
        heard = [await talk.expect("change"), await talk.expect("change")]
    assert {m["topic"]: m["fact"]["dwelling_ids"] for m in heard} == {
        f"facades:{west.pk}": [before],
        f"facades:{east.pk}": [there.pk],
    }


async def test_a_device_outside_any_home_recolours_nothing(
    officer: User, west: Grid, west_building: Building
) -> None:
    async with Talk(user=officer) as talk:
        await talk.snapshot(f"facades:{west.pk}")
        await in_database(a_device, west_building, "on-the-roof")
        await talk.nothing_else()


async def test_a_stated_use_recolours_its_window(officer: User, west: Grid, west_building: Building) -> None:
    home = await in_database(a_dwelling, west_building)
    async with Talk(user=officer) as talk:
        await talk.snapshot(f"facades:{west.pk}")
        await in_database(state_use, community=home.community, uses={home.pk: "let"})
        assert await told(talk, west) == {"kind": "recoloured", "about": "use", "dwelling_ids": [home.pk]}


async def test_people_tags_and_points_recolour_their_homes(
    officer: User, community: Community, west: Grid, west_building: Building
) -> None:
    household = await in_database(a_household, west_building)
    tag = (await in_database(add_starter_tags, community=community))["e_bike"]
    rule = await in_database(a_rule, community, "clean_up", 2)
    async with Talk(user=officer) as talk:
        await talk.snapshot(f"facades:{west.pk}")
        await talk.snapshot(f"tags1:{west.pk}")
        await in_database(give_tag, tag=tag, subject=household)
        one = [household.dwelling_id]
        assert await told_in(talk, f"tags1:{west.pk}") == {
            "kind": "recoloured",
            "about": "people",
            "dwelling_ids": one,
        }
        await in_database(award, household=household, rule=rule, by=None)
        assert await told(talk, west) == {"kind": "recoloured", "about": "points", "dwelling_ids": one}


async def test_a_household_that_moves_recolours_both_homes_in_every_mode_that_follows_it(
    officer: User, west: Grid, west_building: Building
) -> None:
    household = await in_database(a_household, west_building)
    other = await in_database(a_dwelling, west_building, "502")
    async with Talk(user=officer) as talk:
        await talk.snapshot(f"facades:{west.pk}")
        await in_database(move_household, household=household, to=other)
        heard = [await told(talk, west) for _ in range(2)]
    assert {fact["about"] for fact in heard} == {"people", "points"}
    both = sorted([household.dwelling_id, other.pk])
    assert all(fact["dwelling_ids"] == both for fact in heard)


async def test_a_building_that_moves_is_told_where_it_was_and_where_it_is(
    officer: User, west: Grid, east: Grid, west_building: Building
) -> None:
    home = await in_database(a_dwelling, west_building)
    async with Talk(user=officer) as talk:
        for grid in (west, east):
            await talk.snapshot(f"facades:{grid.pk}")
        await in_database(place_in_grid, building=west_building, grid=east)
        heard = [await talk.expect("change"), await talk.expect("change")]
    assert {m["topic"] for m in heard} == {f"facades:{west.pk}", f"facades:{east.pk}"}
    assert all(m["fact"]["dwelling_ids"] == [home.pk] and m["fact"]["about"] == "places" for m in heard)


async def test_cells_that_come_and_go_are_told_once_however_many(
    officer: User, west: Grid, west_building: Building
) -> None:
    async with Talk(user=officer) as talk:
        await talk.snapshot(f"facades:{west.pk}")
        await in_database(cut_building, building=west_building)
        ids = await in_database(lambda: list(Dwelling.objects.order_by("pk").values_list("pk", flat=True)))
        assert await told(talk, west) == {"kind": "recoloured", "about": "places", "dwelling_ids": ids}
        await in_database(end_building, building=west_building)
        assert (await told(talk, west))["dwelling_ids"] == ids


@pytest.mark.parametrize("subject", all_subjects(), ids=lambda subject: subject.name)
def test_every_subject_is_told_of_live(subject: Any) -> None:
    stream = stream_named("facades")
    assert stream is not None
    assert subject.events.keys() <= stream.facts.keys()
