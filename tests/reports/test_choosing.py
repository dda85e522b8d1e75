"""Which rows a report has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.people.conftest import AddPerson, Settle
from tests.reports.conftest import Ask, cells, lines
from twin.access.actions import grant_role
from twin.access.roles import MAY_MAKE_REPORTS, MAY_SEE_LEDGERS, OPENS, RoleKind
from twin.accounts.models import User
from twin.base.errors import Forbidden, Invalid
from twin.people.actions import add_tag, give_tag
from twin.people.models import Household, Person, Tag, TagClass
from twin.places.actions import end_building
from twin.places.models import Building, Community, Dwelling, Grid
from twin.reports.telling import all_lines, count

Tags = dict[str, Tag]
InRole = Callable[..., User]
pytestmark = pytest.mark.usefixtures("families")


def names(question: Any) -> list[str]:
    return [str(row[0]) for row in cells(question)]


def square(west: float, east: float, south: float = 31.0505, north: float = 31.0515) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"kind": "polygon", "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_everybody_is_in_one_row_for_each_home(ask: Ask) -> None:
    assert names(ask(["name"])) == ["欧阳**", "李**", "王**"]


def test_who_is_registered_in_another_home_is_in_two_rows(
    ask: Ask, tenant: Person, other_flat: Dwelling, settle: Settle
) -> None:
    settle(tenant, other_flat, basis="registered")
    question = ask(["name", "state"], filters={"age_from": 30, "age_to": 40})
    assert [cell for _, cell in cells(question)] == ["户在人不在", "人在户不在"]
    assert (count(question).rows, count(question).people) == (2, 1)


def test_a_grid_holds_those_below_it(ask: Ask, west: Grid, root: Grid) -> None:
    assert names(ask(["name"], area={"kind": "grid", "id": west.pk})) == ["欧阳**", "李**"]
    assert len(names(ask(["name"], area={"kind": "grid", "id": root.pk}))) == 3


def test_a_building_holds_its_own(ask: Ask, east_building: Building) -> None:
    assert names(ask(["name"], area={"kind": "building", "id": east_building.pk})) == ["王**"]


def test_a_drawn_polygon_holds_homes_by_their_point_not_by_the_building(
    ask: Ask, west_building: Building
) -> None:
    west, _, east, _ = west_building.footprint.extent
    assert names(ask(["name"], area=square(west - 0.0001, west + 0.00008))) == ["欧阳**", "李**"]
    assert names(ask(["name"], area=square(west + 0.00012, east + 0.0001))) == []
    assert names(ask(["name"], area=square(122.6, 122.604))) == ["欧阳**", "李**", "王**"]


def test_ages_count_full_years(ask: Ask, grandmother: Person, person: AddPerson) -> None:
    age = cells(ask(["age"], filters={"age_from": 80}))[0][0]
    assert names(ask(["name"], filters={"age_from": age, "age_to": age})) == ["欧阳**"]
    assert names(ask(["name"], filters={"age_from": age + 1})) == []
    assert names(ask(["name"], filters={"age_to": 17})) == ["李**"]


def test_unknown_birth_is_neither_old_nor_young(
    ask: Ask, person: AddPerson, settle: Settle, other_flat: Dwelling
) -> None:
    settle(person("赵无名"), other_flat)
    assert "赵**" not in names(ask(["name"], filters={"age_from": 0}))
    assert "赵**" in names(ask(["name"]))


def test_sex_state_tenure_and_kind_choose(ask: Ask) -> None:
    assert names(ask(["name"], filters={"sex": ["female"]})) == ["欧阳**"]
    assert names(ask(["name"], filters={"states": ["together"]})) == ["欧阳**"]
    assert names(ask(["name"], filters={"tenures": ["rent"]})) == ["王**"]
    assert names(ask(["name"], filters={"kinds": ["sharers"]})) == ["王**"]


def test_households_are_kept_in_which_one_person_is_all_of_it(ask: Ask, household: Household) -> None:
    def chosen(**filters: Any) -> list[Any]:
        return [line.household_id for line in lines(ask(["room"], of="household", filters=filters))]

    assert len(chosen()) == 2
    assert chosen(age_from=80) == [household.pk]
    assert chosen(age_from=80, sex=["male"]) == []


def test_tags_choose_by_any_all_and_none(
    ask: Ask, tags: Tags, grandmother: Person, grandson: Person, household: Household, flat: Dwelling
) -> None:
    give_tag(tag=tags["elder_alone"], subject=grandmother)
    give_tag(tag=tags["veteran"], subject=grandmother)
    give_tag(tag=tags["veteran"], subject=grandson)
    alone, veteran = tags["elder_alone"].pk, tags["veteran"].pk

    def chosen(**wanted: list[int]) -> list[str]:
        return names(ask(["name"], tags=wanted))

    assert chosen(any=[alone, veteran]) == ["欧阳**", "李**"]
    assert chosen(all=[alone, veteran]) == ["欧阳**"]
    assert chosen(any=[veteran], none=[alone]) == ["李**"]
    households = lines(ask(["room"], of="household", tags={"any": [veteran]}))
    assert [line.household_id for line in households] == [household.pk]


def test_tags_of_household_and_dwelling_count_for_its_people(
    ask: Ask, tags: Tags, household: Household, east_flat: Dwelling
) -> None:
    of_home = next(tag for tag in tags.values() if tag.applies_to == "dwelling")
    of_household = next(tag for tag in tags.values() if tag.applies_to == "household")
    give_tag(tag=of_home, subject=east_flat)
    give_tag(tag=of_household, subject=household)
    assert names(ask(["name"], tags={"any": [of_home.pk]})) == ["王**"]
    assert names(ask(["name"], tags={"any": [of_household.pk]})) == ["欧阳**", "李**"]
    assert len(names(ask(["name"], tags={"any": [of_home.pk, of_household.pk]}))) == 3


def test_a_worker_is_told_of_the_own_grid_whatever_is_asked(ask: Ask, in_role: InRole, west: Grid) -> None:
    worker = in_role(RoleKind.GRID_WORKER, grid=west)
    assert names(ask(["name"], by=worker)) == ["欧阳**", "李**"]
    assert names(ask(["name"], by=worker, area=square(122.602, 122.604))) == []


def test_a_tag_beyond_the_level_is_refused_also_where_it_only_excludes(
    ask: Ask, in_role: InRole, west: Grid, community: Community, tags: Tags, grandmother: Person
) -> None:
    care = TagClass.objects.get(community=community, code="care")
    secret = add_tag(tag_class=care, code="l4", level=4, name="甲", purpose="为何", basis="据何")
    give_tag(tag=secret, subject=grandmother)
    worker = in_role(RoleKind.GRID_WORKER, grid=west)
    assert names(ask(["name"], tags={"any": [secret.pk]})) == ["欧阳**"], "a duty officer is told"
    for kind in ("any", "all", "none"):
        with pytest.raises(Invalid, match="may not be told") as refused:
            ask(["name"], by=worker, tags={kind: [secret.pk]})
        assert refused.value.where == f"tags.{kind}[0]"


def test_an_l5_tag_is_told_as_extra_care_and_chooses_nobody(
    ask: Ask, community: Community, tags: Tags, grandmother: Person, in_role: InRole
) -> None:
    care = TagClass.objects.get(community=community, code="care")
    opaque = add_tag(tag_class=care, code="X7", level=5)
    give_tag(tag=opaque, subject=grandmother)
    assert cells(ask(["tags"]))[0] == ("特别关照",)
    with pytest.raises(Invalid):
        ask(["name"], by=in_role(RoleKind.COMMUNITY_ADMIN), tags={"any": [opaque.pk]})


@pytest.mark.parametrize("kind", [RoleKind.WALL, RoleKind.PLANNER, RoleKind.AUDITOR, RoleKind.HELPER])
def test_who_does_not_work_with_people_makes_no_reports(ask: Ask, in_role: InRole, kind: str) -> None:
    with pytest.raises(Forbidden):
        ask(["room"], by=in_role(kind))


def test_a_report_is_sorted_by_what_it_tells_and_unknown_comes_last(
    ask: Ask, person: AddPerson, settle: Settle, other_flat: Dwelling
) -> None:
    settle(person("赵无名"), other_flat)
    assert names(ask(["name"], order="age")) == ["李**", "王**", "欧阳**", "赵**"]
    assert names(ask(["name"], order="-age")) == ["欧阳**", "王**", "李**", "赵**"]


def test_nobody_sorts_by_a_name_that_is_masked(ask: Ask) -> None:
    with pytest.raises(Invalid, match="not sorted by"):
        ask(["name"], order="name")


def test_nobody_sorts_by_what_only_some_of_their_places_tell(
    ask: Ask, in_role: InRole, monkeypatch: pytest.MonkeyPatch, west: Grid, east: Grid, community: Community
) -> None:
    user = in_role(RoleKind.GRID_WORKER, grid=west)
    grant_role(user=user, kind=RoleKind.GRID_HEAD, community=community, grid=east)
    assert names(ask(["name"], by=user, order="age")) == ["李**", "王**", "欧阳**"]
    monkeypatch.setitem(
        OPENS, RoleKind.GRID_HEAD, replace(OPENS[RoleKind.GRID_HEAD], people=frozenset({"name"}))
    )
    with pytest.raises(Invalid, match="not sorted by"):
        ask(["name"], by=user, order="age")
    assert cells(ask(["name", "age"], by=user))[2] == ("王**", None)
    assert names(ask(["name"], by=user, filters={"age_from": 0})) == ["欧阳**", "李**"], "nor chosen by it"


def test_whoever_makes_reports_may_know_balances() -> None:
    """A report is sorted by them, also where their cells are empty."""
    assert MAY_MAKE_REPORTS <= MAY_SEE_LEDGERS


def test_a_file_has_the_same_rows_as_the_pages(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.reports.telling.AT_A_TIME", 2)
    question = ask(["name", "room"], order="-age")
    assert list(all_lines(question)) == lines(question)


def test_a_home_that_is_gone_is_counted_and_not_flown_to(
    ask: Ask, west_building: Building, household: Household
) -> None:
    end_building(building=west_building)
    told = [line for line in lines(ask(["room"], of="household")) if line.household_id == household.pk]
    assert [line.dwelling_id for line in told] == [None]


def test_who_moved_out_is_no_longer_told(ask: Ask, grandson: Person) -> None:
    from twin.people.actions import end_person

    end_person(person=grandson, why="moved_away")
    assert names(ask(["name"])) == ["欧阳**", "王**"]


def test_a_birthday_today_counts(ask: Ask, person: AddPerson, settle: Settle, other_flat: Dwelling) -> None:
    from twin.people.masking import born_by

    today: date = other_flat.community.today()
    settle(person("孙满岁", birth_date=born_by(today, 60)), other_flat)
    assert names(ask(["name"], filters={"age_from": 60, "age_to": 60})) == ["孙**"]
    assert names(ask(["name"], filters={"age_to": 59, "age_from": 50})) == []
