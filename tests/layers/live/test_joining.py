from __future__ import annotations

from collections.abc import Callable

import pytest

from layers.live.snapshot import answers
from tests.conftest import box
from tests.layers.live.alarms import alarm
from tests.layers.live.talking import Message, Talk, in_database
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.devices.actions import acknowledge, close
from twin.devices.models import Device
from twin.places.actions import add_building, draw_grid, end_grid
from twin.places.models import Community, Grid


async def test_an_alarm_arrives_without_asking(officer: User, detector: Device, west: Grid) -> None:
    topic = f"alarms:{west.pk}"
    async with Talk(user=officer) as talk:
        first = await talk.snapshot(topic)
        assert first["items"] == []
        raised = await in_database(alarm, detector)
        change = await talk.expect("change", topic)
    assert change["seq"] == first["seq"] + 1
    assert change["fact"]["kind"] == "alarm"
    assert change["fact"]["id"] == raised.pk
    assert change["fact"]["address"] == "海棠路100弄1号楼1单元501室"


async def test_a_snapshot_holds_open_alarms_and_its_number(
    officer: User, detector: Device, west: Grid
) -> None:
    topic = f"alarms:{west.pk}"
    raised = await in_database(alarm, detector)
    async with Talk(user=officer) as talk:
        first = await talk.snapshot(topic)
        assert [fact["id"] for fact in first["items"]] == [raised.pk]
        acked = await in_database(acknowledge, alarm=raised, by=officer)
        await in_database(close, alarm=acked, by=officer, truth="test", note="演练")
        assert (await talk.expect("change"))["fact"]["handling"] == "ACKED"
        closed = await talk.expect("change")
        assert (closed["seq"], closed["fact"]["handling"]) == (first["seq"] + 2, "CLOSED")
        assert (await talk.snapshot(topic))["items"] == []


async def test_who_comes_back_gets_what_they_missed_and_no_more(
    officer: User, detector: Device, west: Grid
) -> None:
    topic = f"alarms:{west.pk}"
    async with Talk(user=officer) as talk:
        last = (await talk.snapshot(topic))["seq"]
    for _ in range(3):
        await in_database(alarm, detector)
    async with Talk(user=officer) as talk:
        await talk.join(topic, after=last + 1)
        missed = [await talk.hear(), await talk.hear()]
        assert [(m["kind"], m["seq"], m["fact"]["count"]) for m in missed] == [
            ("change", last + 2, 2),
            ("change", last + 3, 3),
        ]
        await talk.nothing_else()


async def test_a_client_that_is_ahead_of_the_log_gets_a_snapshot(officer: User, west: Grid) -> None:
    topic = f"alarms:{west.pk}"
    async with Talk(user=officer) as talk:
        await talk.join(topic, after=900)
        assert (await talk.expect("snapshot", topic))["seq"] == 0


async def test_a_new_building_raises_the_version_of_its_block(
    in_role: Callable[..., User], community: Community, root: Grid
) -> None:
    planner = await in_database(in_role, RoleKind.PLANNER)
    topic = f"places:{root.pk}"
    async with Talk(user=planner) as talk:
        before = (await talk.snapshot(topic))["items"][0]
        await in_database(
            add_building, community=community, footprint=box(122.6, 31.051, 122.601, 31.0515), height_m=9.0
        )
        change = (await talk.expect("change", topic))["fact"]
        assert change["version"] > before["version"]
        assert set(change["blocks"].values()) == {change["version"]}
        after = (await talk.snapshot(topic))["items"][0]
    assert after["blocks"] == {**before["blocks"], **change["blocks"]}


@pytest.mark.parametrize("stream", ["alarms", "devices", "patrol", "facades"])
async def test_a_worker_joins_the_own_grid_only(
    stream: str, in_role: Callable[..., User], west: Grid, east: Grid
) -> None:
    worker = await in_database(in_role, RoleKind.GRID_WORKER, grid=west)
    async with Talk(user=worker) as talk:
        await talk.join(f"{stream}:{west.pk}", f"{stream}:{east.pk}")
        answers = [await talk.hear(), await talk.hear()]
    assert {(a["kind"], a["topic"]) for a in answers} == {
        ("snapshot", f"{stream}:{west.pk}"),
        ("refused", f"{stream}:{east.pk}"),
    }


async def test_what_does_not_exist_and_what_is_not_for_you_look_alike(
    stranger: User, west: Grid, root: Grid
) -> None:
    names = [f"alarms:{west.pk}", f"places:{root.pk}", "alarms:99999999", "nothing:1", "alarms:x", "", "𝟙"]
    async with Talk(user=stranger) as talk:
        await talk.join(*names)
        heard = [await talk.hear() for _ in names]
    assert heard == [{"kind": "refused", "topic": name, "reason": "not_found"} for name in names]


async def test_facts_are_joined_by_leaf_grid_and_shapes_by_community(
    officer: User, west: Grid, root: Grid
) -> None:
    async with Talk(user=officer) as talk:
        await talk.join(f"alarms:{root.pk}", f"places:{west.pk}")
        assert [(await talk.hear())["kind"] for _ in range(2)] == ["refused", "refused"]


async def test_an_inbox_is_its_owners(officer: User, stranger: User) -> None:
    async with Talk(user=officer) as talk:
        await talk.join(f"inbox:{officer.pk}", f"inbox:{stranger.pk}")
        heard = {(m := await talk.hear())["topic"]: m["kind"] for _ in range(2)}
    assert heard == {f"inbox:{officer.pk}": "snapshot", f"inbox:{stranger.pk}": "refused"}


async def test_after_leaving_nothing_is_told_any_more(officer: User, detector: Device, west: Grid) -> None:
    topic = f"alarms:{west.pk}"
    async with Talk(user=officer) as talk, Talk(user=officer) as other:
        await talk.snapshot(topic)
        await other.snapshot(topic)
        await talk.say({"kind": "leave", "topics": [topic]})
        await talk.nothing_else()
        await in_database(alarm, detector)
        await other.expect("change", topic)
        await talk.nothing_else()


async def test_many_topics_are_joined_in_a_handful_of_queries(
    officer: User, west: Grid, east: Grid, django_assert_max_num_queries: Callable[..., object]
) -> None:
    wanted = {f"{s}:{g.pk}": None for s in ("alarms", "devices", "patrol") for g in (west, east)}
    scope = await in_database(scope_of, officer)

    def read() -> int:
        with django_assert_max_num_queries(14):
            return len(answers(wanted, scope))

    assert await in_database(read) == 6


async def test_who_follows_a_community_hears_of_a_grid_that_is_drawn_or_ends(
    officer: User, community: Community, root: Grid, west: Grid
) -> None:
    """Its alarms are in topics that nobody follows yet, or ever again."""
    topic = f"places:{root.pk}"
    async with Talk(user=officer) as talk:
        _, before = (await talk.snapshot(topic))["items"]
        assert west.pk in before["leaves"]
        area = box(122.602, 31.050, 122.604, 31.052)
        east = await in_database(draw_grid, community=community, parent=root, name="东", geometry=area)
        assert (await grids(talk, topic))["leaves"] == [*before["leaves"], east.pk]
        await in_database(end_grid, grid=east)
        assert (await grids(talk, topic))["leaves"] == before["leaves"]


async def grids(talk: Talk, topic: str) -> Message:
    while (fact := (await talk.expect("change", topic))["fact"])["kind"] != "grids":
        pass
    return fact
