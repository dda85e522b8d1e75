"""Panel, search, facade, counts and report say the same of those who are hard to show: a tag that has run out, a household
that moved, somebody with two homes, a flat of three households with one kitchen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.utils import timezone

from tests.people.conftest import AddPerson, Settle
from twin.accounts.models import User
from twin.people.actions import NewHousehold, add_households, give_tag, move_household, share_space
from twin.people.models import Household, Person, PersonTag, Tag
from twin.places.models import Community, Dwelling, Grid

Tags = dict[str, Tag]


@dataclass(frozen=True)
class Shown:
    """What one viewer is told, by every way."""

    client: Client
    community: Community

    def get(self, address: str, **asked: Any) -> Any:
        answer = self.client.get(address, asked)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def panel(self, home: Dwelling) -> dict[str, list[str]]:
        """Name -> codes of the tags, of all that the window's panel names: people, and households by their number."""
        story = self.get(f"/api/panoramas/{home.pk}/")
        members = [member for household in story["households"] for member in household["members"]]
        named = [(one["name"], one) for one in [*members, *story["others"]]]
        named += [(f"household {one['number']}", one) for one in story["households"]]
        return {name: [tag["code"] for tag in one["tags"]] for name, one in named}

    def facade(self, tag: Tag) -> set[int]:
        """The homes that are coloured, which are also as many as the legend counts."""
        where = f"/layers/{self.community.pk}/facades/tag-{tag.pk}/"
        ids = ",".join(str(pk) for pk in Dwelling.objects.values_list("pk", flat=True))
        homes = {
            pk for of_key in self.get(f"{where}homes/?dwellings={ids}")["homes"].values() for pk in of_key
        }
        assert self.get(where)["counts"] == {str(tag.pk): len(homes)}
        return homes

    def search(self, name: str) -> set[int | None]:
        results = self.get("/api/search/", community=self.community.pk, q=name)
        return {result["dwelling"] for result in results if result["kind"] == "person"}

    def counts(self, tag: Tag, **area: int) -> int:
        """How many have it, as the counts and the charts of the reports say."""
        told = self.get("/api/people/counts/", community=self.community.pk, **area)["tags"]
        return sum(row["count"] for row in told if row["tag_id"] == tag.pk)

    def report(self, tag: Tag) -> int:
        body = {"community": self.community.pk, "area": {"kind": "community"}}
        answer = self.client.post("/api/reports/charts/", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return sum(row["count"] for row in answer.json()["tags"] if row["tag_id"] == tag.pk)


@pytest.fixture
def shown(officer: User, community: Community, client: Client) -> Shown:
    client.force_login(officer)
    return Shown(client, community)


@pytest.fixture
def elder(person: AddPerson, settle: Settle, flat: Dwelling, household: Household) -> Person:
    someone = person("欧阳小梅")
    settle(someone, flat, household_id=household.pk, role="head")
    return someone


def run_out(tag: Tag) -> None:
    """As if its last moment had come: time is not waited for."""
    for row in PersonTag.objects.filter(tag=tag):
        row.during = DateTimeTZRange(row.during.lower, timezone.now())
        row.save(update_fields=["during"])


def test_a_tag_that_has_run_out_is_nowhere(shown: Shown, elder: Person, flat: Dwelling, tags: Tags) -> None:
    tag, now = tags["elder_alone"], timezone.now()
    give_tag(tag=tag, subject=elder, since=now - timedelta(days=9), until=now + timedelta(days=1))
    assert shown.panel(flat)["欧阳**"] == ["elder_alone"]
    assert (shown.facade(tag), shown.counts(tag), shown.report(tag)) == ({flat.pk}, 1, 1)
    run_out(tag)
    assert shown.panel(flat)["欧阳**"] == []
    assert (shown.facade(tag), shown.counts(tag), shown.report(tag)) == (set(), 0, 0)
    assert shown.search("欧阳小梅") == {flat.pk}


def test_a_panel_says_when_the_first_of_its_tags_runs_out(
    shown: Shown, elder: Person, flat: Dwelling, household: Household, tags: Tags
) -> None:
    soon, later = (timezone.now().replace(microsecond=0) + timedelta(days=days) for days in (1, 5))
    assert shown.get(f"/api/panoramas/{flat.pk}/")["changes_at"] is None
    give_tag(tag=tags["elder_alone"], subject=elder, until=later)
    give_tag(tag=tags["e_bike"], subject=household, until=soon)
    for address in (f"/api/panoramas/{flat.pk}/", f"/api/people/{elder.pk}/"):
        assert shown.get(address)["changes_at"] == soon.isoformat().replace("+00:00", "Z")


def test_a_panel_does_not_tell_when_a_tag_runs_out_that_it_does_not_tell(
    shown: Shown, elder: Person, flat: Dwelling, tags: Tags, in_role: Callable[..., User], west: Grid
) -> None:
    give_tag(tag=tags["child_in_need"], subject=elder, until=timezone.now() + timedelta(days=1))
    assert shown.get(f"/api/panoramas/{flat.pk}/")["changes_at"] is not None
    shown.client.force_login(in_role("grid_worker", grid=west))
    assert shown.get(f"/api/panoramas/{flat.pk}/")["changes_at"] is None


def test_a_household_that_moved_is_only_where_it_is(
    shown: Shown, elder: Person, household: Household, flat: Dwelling, east_flat: Dwelling, tags: Tags, west: Grid, east: Grid
) -> None:  # fmt: skip
    alone, e_bike = tags["elder_alone"], tags["e_bike"]
    give_tag(tag=alone, subject=elder)
    give_tag(tag=e_bike, subject=household)
    move_household(household=household, to=east_flat)
    assert shown.panel(flat) == {}
    assert shown.panel(east_flat) == {"欧阳**": ["elder_alone"], "household 1": ["e_bike"]}
    assert shown.search("欧阳小梅") == {east_flat.pk}
    for tag in (alone, e_bike):
        assert shown.facade(tag) == {east_flat.pk}
        assert (shown.counts(tag), shown.counts(tag, grid=west.pk), shown.counts(tag, grid=east.pk)) == (
            1,
            0,
            1,
        )
        assert shown.report(tag) == 1


def test_who_lives_in_two_homes_is_in_both_and_counted_once(
    shown: Shown, elder: Person, settle: Settle, flat: Dwelling, east_flat: Dwelling, tags: Tags, west: Grid, east: Grid
) -> None:  # fmt: skip
    tag = tags["elder_alone"]
    settle(elder, east_flat, tenure="lent")
    give_tag(tag=tag, subject=elder)
    for home in (flat, east_flat):
        assert shown.panel(home)["欧阳**"] == ["elder_alone"]
    assert shown.search("欧阳小梅") == shown.facade(tag) == {flat.pk, east_flat.pk}
    assert (shown.counts(tag), shown.report(tag)) == (1, 1)
    assert [shown.counts(tag, grid=grid.pk) for grid in (west, east)] == [1, 1]


def test_a_flat_of_three_households_with_one_kitchen_is_one_window_and_three_households(
    shown: Shown, community: Community, person: AddPerson, settle: Settle, flat: Dwelling, other_flat: Dwelling, tags: Tags
) -> None:  # fmt: skip
    ids = add_households(community=community, households=[NewHousehold(flat.pk, kind="sharers")] * 3)
    heads = [person(f"{surname}大年") for surname in "赵钱孙"]
    for head, household_id in zip(heads, ids, strict=True):
        settle(head, flat, household_id=household_id, role="head", tenure="rent")
    households = list(Household.objects.filter(pk__in=ids).order_by("number"))
    share_space(space=other_flat, households=households)
    for household in households:
        give_tag(tag=tags["shared_kitchen"], subject=household)
    give_tag(tag=tags["newcomer"], subject=heads[1])
    assert shown.panel(flat) == {
        "赵**": [], "钱**": ["newcomer"], "孙**": [],
        **{f"household {number}": ["shared_kitchen"] for number in (1, 2, 3)},
    }  # fmt: skip
    assert shown.panel(other_flat) == {}
    assert shown.search("钱大年") == {flat.pk}
    assert (shown.facade(tags["shared_kitchen"]), shown.counts(tags["shared_kitchen"])) == ({flat.pk}, 3)
    assert (shown.facade(tags["newcomer"]), shown.counts(tags["newcomer"])) == ({flat.pk}, 1)
    assert [shown.report(tags[code]) for code in ("shared_kitchen", "newcomer")] == [3, 1]
