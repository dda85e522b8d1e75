"""Facade modes about people: every household story is shown right, and a right at one place opens nothing at another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.devices.homes import a_dwelling
from tests.people.catalogue.many import as_xlsx, many_tags
from twin.access.actions import grant_role
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.patrol.actions import NewVisit, record_visit, record_visits, withdraw_visit
from twin.people.actions import (
    NewHousehold,
    NewPerson,
    NewResidence,
    add_household,
    add_person,
    add_starter_tags,
    end_residence,
    give_tag,
    move_household,
    start_residence,
)
from twin.people.catalogue.plan import CatalogueRequest
from twin.people.catalogue.runs import import_catalogue
from twin.people.masking import born_by
from twin.people.models import Household, Person, PersonTag, Tag, TagClass
from twin.places.actions import state_use
from twin.places.models import Building, Community, Dwelling, Grid
from twin.points.actions import award, publish_starter_rules, record_breach
from twin.points.models import Rule

Look = Callable[..., Any]


@pytest.fixture
def home(west_building: Building) -> Dwelling:
    return a_dwelling(west_building, "501")


@pytest.fixture
def second_home(east_building: Building) -> Dwelling:
    return a_dwelling(east_building, "201", floor=2)


@pytest.fixture
def worker(in_role: Callable[..., User], west: Grid) -> User:
    return in_role(RoleKind.GRID_WORKER, grid=west)


@pytest.fixture
def tags(community: Community) -> dict[str, Tag]:
    return add_starter_tags(community=community)


@pytest.fixture
def look(community: Community, client: Client, officer: User) -> Look:
    """The category of a home in a mode, as a viewer is told; None: no colour."""

    def at(mode: str, dwelling: Dwelling, viewer: User | None = None) -> Any:
        client.force_login(viewer or officer)
        answer = client.get(f"/layers/{community.pk}/facades/{mode}/homes/?dwellings={dwelling.pk}")
        assert answer.status_code == 200, answer.content
        found = answer.json()["homes"]
        counts = client.get(f"/layers/{community.pk}/facades/{mode}/").json()["counts"]
        for key, ids in found.items():
            assert counts[key] >= len(ids)
        return next(iter(found), None)

    return at


@pytest.fixture
def modes(community: Community, client: Client) -> Callable[[User], dict[str, Any]]:
    def of(viewer: User) -> dict[str, Any]:
        client.force_login(viewer)
        offered = client.get(f"/layers/{community.pk}/facades/").json()["facades"]
        return {mode["name"]: mode for mode in offered}

    return of


def somebody(community: Community, age: int | None = 40) -> Person:
    born = None if age is None else timezone.now().date() - timedelta(days=round(age * 365.25) + 2)
    return add_person(community=community, person=NewPerson("王小明", birth_date=born))


def lives(where: Dwelling, age: int | None = 40, who: Person | None = None, **said: Any) -> Person:
    person = who or somebody(where.community, age)
    residence = NewResidence(person.pk, where.pk, **{"basis": "actual", "tenure": "own", **said})
    start_residence(community=where.community, residence=residence)
    return person


@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"]
)  # one has another day than UTC, always
def test_somebody_is_old_from_the_day_on_that_it_is_where_the_community_is(
    zone: str, community: Community, home: Dwelling, look: Look
) -> None:
    Community.objects.filter(pk=community.pk).update(time_zone=zone)
    community.refresh_from_db()
    birthday = born_by(community.today(), 60)
    person = lives(home)
    Person.objects.filter(pk=person.pk).update(birth_date=birthday + timedelta(days=1))
    assert look("elders", home) is None
    Person.objects.filter(pk=person.pk).update(birth_date=birthday)
    assert look("elders", home) == "alone"


# Kind of residence


@pytest.mark.parametrize("tenure", ["own", "rent", "lent"])
def test_a_home_has_the_tenure_of_who_lives_there(tenure: str, home: Dwelling, look: Look) -> None:
    lives(home, tenure=tenure)
    assert look("tenure", home) == tenure


def test_an_owner_with_a_lodger_is_more_than_one_kind(home: Dwelling, look: Look) -> None:
    lives(home, tenure="own")
    lives(home, tenure="rent")
    assert look("tenure", home) == "several"


def test_registered_and_living_there_are_two_facts(home: Dwelling, look: Look) -> None:
    lives(home, basis="registered", tenure="registered_only")
    assert look("tenure", home) == "registered_only"
    assert look("occupancy", home) == "0"
    lives(home, tenure="rent")
    assert (look("tenure", home), look("occupancy", home)) == ("rent", "1-2")


def test_nobody_at_all_is_empty_but_a_shared_kitchen_is_no_empty_home(
    community: Community, home: Dwelling, look: Look
) -> None:
    assert (look("tenure", home), look("occupancy", home)) == ("empty", "0")
    state_use(community=community, uses={home.pk: Dwelling.Use.SHARED})
    assert (look("tenure", home), look("occupancy", home)) == (None, None)


def test_a_tenure_that_nobody_knows_has_no_colour(home: Dwelling, look: Look) -> None:
    lives(home, tenure="unknown")
    assert look("tenure", home) is None


def test_who_has_left_counts_no_more(home: Dwelling, look: Look) -> None:
    person = lives(home)
    end_residence(residence=person.residences.get())
    assert (look("tenure", home), look("occupancy", home)) == ("empty", "0")


# People living there


@pytest.mark.parametrize(
    ("people", "category"), [(1, "1-2"), (2, "1-2"), (3, "3-4"), (4, "3-4"), (5, "5+"), (9, "5+")]
)
def test_people_are_counted_as_often_as_they_live_there(
    people: int, category: str, home: Dwelling, look: Look
) -> None:
    for _ in range(people):
        lives(home)
    assert look("occupancy", home) == category


# Elders


@pytest.mark.parametrize(
    ("ages", "category"),
    [
        ((75,), "alone"), ((85,), "alone"), ((75, 72), "only"), ((85, 83), "only"), ((85, 40), "aged"),
        ((70, 40), "with"), ((40, 12), None), ((None,), None), ((59,), None), ((60,), "alone"), ((80, 30), "aged"),
    ],
)  # fmt: skip
def test_elders_are_told_apart_by_who_lives_with_them(
    ages: tuple[int | None, ...], category: str | None, home: Dwelling, look: Look
) -> None:
    for age in ages:
        lives(home, age)
    assert look("elders", home) == category


def test_an_elder_who_is_only_registered_is_no_elder_of_this_home(home: Dwelling, look: Look) -> None:
    lives(home, 85, basis="registered", tenure="registered_only")
    lives(home, 30)
    assert look("elders", home) is None


# Tags


def test_a_persons_tag_colours_the_home_where_they_live(
    home: Dwelling, second_home: Dwelling, tags: dict[str, Tag], look: Look
) -> None:
    person = lives(home)
    lives(second_home, who=person, basis="registered")
    give_tag(tag=tags["veteran"], subject=person)
    mode = f"tag-{tags['veteran'].pk}"
    assert look(mode, home) == str(tags["veteran"].pk)
    assert look(mode, second_home) is None


def test_who_is_registered_and_lives_nowhere_here_colours_the_home_of_the_register(
    home: Dwelling, tags: dict[str, Tag], look: Look
) -> None:
    person = lives(home, basis="registered", tenure="registered_only")
    give_tag(tag=tags["elsewhere"], subject=person)
    assert look(f"tag-{tags['elsewhere'].pk}", home)


def test_two_residences_colour_two_homes(
    home: Dwelling, second_home: Dwelling, tags: dict[str, Tag], look: Look
) -> None:
    person = lives(home)
    lives(second_home, who=person)
    give_tag(tag=tags["veteran"], subject=person)
    mode = f"tag-{tags['veteran'].pk}"
    assert look(mode, home)
    assert look(mode, second_home)


def test_an_expired_tag_is_gone_by_itself(home: Dwelling, tags: dict[str, Tag], look: Look) -> None:
    person = lives(home)
    now = timezone.now()
    give_tag(
        tag=tags["veteran"],
        subject=person,
        since=now - timedelta(days=9),
        until=now - timedelta(seconds=1),
    )
    assert look(f"tag-{tags['veteran'].pk}", home) is None


def test_a_mode_says_when_the_first_of_its_tags_runs_out(
    community: Community,
    home: Dwelling,
    second_home: Dwelling,
    tags: dict[str, Tag],
    client: Client,
    worker: User,
) -> None:
    now = timezone.now().replace(microsecond=0)
    for at, days in ((home, 9), (home, 5), (second_home, 1)):
        give_tag(tag=tags["veteran"], subject=lives(at), until=now + timedelta(days=days))
    give_tag(tag=tags["party_member"], subject=lives(home))
    client.force_login(worker)  # who sees the first home, and not the second

    def told(code: str) -> Any:
        return client.get(f"/layers/{community.pk}/facades/tag-{tags[code].pk}/").json()["changes_at"]

    assert told("veteran") == (now + timedelta(days=5)).isoformat().replace("+00:00", "Z")
    assert told("party_member") is None


def test_with_286_tags_the_modes_are_listed_in_as_few_queries_and_found_by_initials(
    community: Community, client: Client, officer: User, django_assert_max_num_queries: Any
) -> None:
    request = CatalogueRequest(community, as_xlsx(many_tags()), "标签.xlsx", "标签")
    import_catalogue(request=request)
    client.force_login(officer)
    with django_assert_max_num_queries(9):
        modes = client.get(f"/layers/{community.pk}/facades/").json()["facades"]
    assert len(modes) > 250
    [mode] = [mode for mode in modes if mode["title"]["zh"] == "老年人标签17号"]
    assert mode["group"]["zh"] == "标签 · 服务 / 老年人"
    assert "lnrbq1h" in mode["find"].split()


def test_a_tag_moves_with_its_household(
    community: Community, home: Dwelling, second_home: Dwelling, tags: dict[str, Tag], look: Look
) -> None:
    household = a_household(home)
    give_tag(tag=tags["e_bike"], subject=household)
    mode = f"tag-{tags['e_bike'].pk}"
    assert look(mode, home)
    move_household(household=household, to=second_home)
    assert look(mode, home) is None
    assert look(mode, second_home)


def test_a_dwellings_tag_colours_the_dwelling(home: Dwelling, tags: dict[str, Tag], look: Look) -> None:
    give_tag(tag=tags["let_home"], subject=home)
    assert look(f"tag-{tags['let_home'].pk}", home)


def test_a_shared_flat_counts_once_however_many_have_the_tag(
    community: Community, home: Dwelling, tags: dict[str, Tag], look: Look, officer: User, client: Client
) -> None:
    for _ in range(3):
        give_tag(tag=tags["veteran"], subject=lives(home))
    mode = f"tag-{tags['veteran'].pk}"
    assert look(mode, home)
    client.force_login(officer)
    counts = client.get(f"/layers/{community.pk}/facades/{mode}/").json()["counts"]
    assert counts == {str(tags["veteran"].pk): 1}


def test_of_several_tags_of_a_class_the_first_of_the_catalogue_counts(
    home: Dwelling, tags: dict[str, Tag], look: Look
) -> None:
    person = lives(home)
    first, second = sorted((tags["elder_alone"], tags["aged_80"]), key=lambda tag: (tag.position, tag.pk))
    give_tag(tag=second, subject=person)
    mode = f"tags-{first.tag_class_id}"
    assert look(mode, home) == str(second.pk)
    give_tag(tag=first, subject=person)
    assert look(mode, home) == str(first.pk)


def test_a_class_holds_the_tags_of_the_classes_below_it(
    community: Community, officer: User, tags: dict[str, Tag], modes: Callable[[User], dict[str, Any]]
) -> None:
    care = TagClass.objects.get(community=community, code="care")
    TagClass.objects.filter(code="safety").update(parent=care)
    keys = [category["key"] for category in modes(officer)[f"tags-{care.pk}"]["categories"]]
    assert str(tags["let_home"].pk) in keys


# Levels


LEVELS = {
    RoleKind.WALL: 3, RoleKind.DUTY_OFFICER: 4, RoleKind.COMMUNITY_ADMIN: 4, RoleKind.GRID_HEAD: 4,
    RoleKind.GRID_WORKER: 3, RoleKind.STAIRWELL_HEAD: 2,
}  # fmt: skip
AT_GRID = {RoleKind.GRID_HEAD, RoleKind.GRID_WORKER}


def place_of(role: str, home: Dwelling) -> dict[str, Any]:
    if role == RoleKind.STAIRWELL_HEAD:
        return {"unit": home.unit}
    return {"grid": home.building.grid} if role in AT_GRID else {}


@pytest.mark.parametrize("role", LEVELS)
def test_each_role_is_offered_tags_up_to_its_level_and_extra_care_from_four(
    role: str,
    home: Dwelling,
    tags: dict[str, Tag],
    in_role: Callable[..., User],
    modes: Callable[[User], dict[str, Any]],
) -> None:
    offered = modes(in_role(role, **place_of(role, home)))
    expected = {f"tag-{tag.pk}" for tag in tags.values() if tag.level <= min(LEVELS[role], 4)}
    assert {name for name in offered if name.startswith("tag-")} == expected
    assert ("extra-care" in offered) == (LEVELS[role] >= 4)
    keys = {
        c["key"] for name, mode in offered.items() if name.startswith("tags-") for c in mode["categories"]
    }
    assert {int(key) for key in keys} <= {tag.pk for tag in tags.values() if tag.level <= LEVELS[role]}


def test_a_wall_is_not_told_of_ages(
    in_role: Callable[..., User], modes: Callable[[User], dict[str, Any]]
) -> None:
    offered = modes(in_role(RoleKind.WALL))
    assert "elders" not in offered
    assert {"tenure", "occupancy"} <= offered.keys()


def test_a_mode_above_the_own_level_does_not_exist(
    community: Community, home: Dwelling, tags: dict[str, Tag], in_role: Callable[..., User], client: Client
) -> None:
    client.force_login(in_role(RoleKind.WALL))
    for name in (f"tag-{tags['gravely_ill'].pk}", "extra-care", f"tag-{tags['X1'].pk}"):
        assert client.get(f"/layers/{community.pk}/facades/{name}/").status_code == 404
        path = f"/layers/{community.pk}/facades/{name}/homes/?dwellings={home.pk}"
        assert client.get(path).status_code == 404


def test_a_class_leaves_out_what_is_above_the_level(
    home: Dwelling, tags: dict[str, Tag], in_role: Callable[..., User], look: Look
) -> None:
    person = lives(home)
    give_tag(tag=tags["gravely_ill"], subject=person)
    mode = f"tags-{tags['gravely_ill'].tag_class_id}"
    assert look(mode, home) == str(tags["gravely_ill"].pk)
    assert look(mode, home, in_role(RoleKind.GRID_WORKER, grid=home.building.grid)) is None


def test_a_right_at_one_home_opens_nothing_at_the_other(
    home: Dwelling,
    second_home: Dwelling,
    tags: dict[str, Tag],
    in_role: Callable[..., User],
    look: Look,
) -> None:
    """L4 at the first home, L3 at the second: the person, and so the tag, is seen by the right at the first."""
    viewer = in_role(RoleKind.GRID_HEAD, grid=home.building.grid)
    grant_role(
        user=viewer,
        kind=RoleKind.GRID_WORKER,
        community=home.community,
        grid=second_home.building.grid,
    )
    person = lives(home)
    lives(second_home, who=person)
    give_tag(tag=tags["gravely_ill"], subject=person)
    give_tag(tag=tags["X1"], subject=person)
    for mode in (f"tag-{tags['gravely_ill'].pk}", f"tags-{tags['gravely_ill'].tag_class_id}", "extra-care"):
        assert look(mode, home, viewer), mode
        assert look(mode, second_home, viewer) is None, mode


def test_extra_care_tells_neither_which_code_nor_how_many(
    community: Community, home: Dwelling, tags: dict[str, Tag], officer: User, client: Client, look: Look
) -> None:
    person = lives(home)
    give_tag(tag=tags["X1"], subject=person)
    give_tag(tag=tags["X2"], subject=person)
    assert look("extra-care", home) == "yes"
    client.force_login(officer)
    for address in ("", "extra-care/", f"extra-care/homes/?dwellings={home.pk}"):
        text = client.get(f"/layers/{community.pk}/facades/{address}").content.decode()
        assert "X1" not in text
        assert f'"{tags["X1"].pk}"' not in text
    assert client.get(f"/layers/{community.pk}/facades/extra-care/").json()["counts"] == {"yes": 1}
    PersonTag.objects.filter(tag=tags["X1"]).delete()
    assert look("extra-care", home) == "yes"


# Points


def a_household(home: Dwelling) -> Household:
    return add_household(community=home.community, household=NewHousehold(home.pk))


@pytest.fixture
def rules(community: Community) -> dict[str, Rule]:
    publish_starter_rules(community=community, by=None)
    return {rule.code: rule for rule in Rule.objects.filter(community=community)}


def test_a_home_has_the_band_of_its_best_households_year(
    community: Community, home: Dwelling, rules: dict[str, Rule], in_role: Callable[..., User], look: Look
) -> None:
    clerk = in_role(RoleKind.COMMUNITY_ADMIN)
    first, second = a_household(home), a_household(home)
    assert look("points", home) is None
    give(first, rules, 20, clerk)
    assert look("points", home) == "active"
    give(second, rules, 45, clerk)
    assert look("points", home) == "good"


def test_a_breach_may_lower_the_band(
    home: Dwelling, rules: dict[str, Rule], in_role: Callable[..., User], look: Look
) -> None:
    clerk = in_role(RoleKind.COMMUNITY_ADMIN)
    household = a_household(home)
    breach = next(r for r in rules.values() if r.versions.latest("pk").most < 0)  # type: ignore[attr-defined]
    record_breach(household=household, rule=breach, by=clerk)
    assert look("points", home) == "owing"
    assert look("points", home, in_role(RoleKind.GRID_WORKER, grid=home.building.grid)) == "owing"


def give(household: Household, rules: dict[str, Rule], points: int, clerk: User) -> None:
    award(household=household, rule=rules["merit"], points=points, by=clerk)


# Days since the last visit


@pytest.mark.parametrize(
    ("days", "category"), [(0, "week"), (6, "week"), (8, "month"), (31, "quarter"), (95, "longer")]
)
def test_a_home_shows_how_long_ago_somebody_was_met(
    days: int, category: str, home: Dwelling, worker: User, look: Look
) -> None:
    lives(home)
    assert look("visited", home) == "never"
    at = timezone.now() - timedelta(days=days, minutes=1)
    record_visits(community=home.community, visits=[NewVisit(home.pk, worker.pk, at, "met")])
    assert look("visited", home) == category


def test_a_closed_door_and_a_visit_taken_back_are_no_visit(home: Dwelling, worker: User, look: Look) -> None:
    lives(home)
    record_visit(dwelling=home, by=worker, outcome="no_answer")
    assert look("visited", home) == "never"
    visit = record_visit(dwelling=home, by=worker, outcome="met")
    assert look("visited", home) == "week"
    withdraw_visit(visit=visit, by=worker, reason="走错门")
    assert look("visited", home) == "never"


def test_a_visit_to_those_who_moved_away_is_none_to_those_who_came(
    community: Community, home: Dwelling, second_home: Dwelling, worker: User, look: Look
) -> None:
    household = add_household(community=community, household=NewHousehold(home.pk))
    lives(home)
    record_visit(dwelling=home, household=household, by=worker, outcome="met")
    assert look("visited", home) == "week"
    move_household(household=household, to=second_home)
    assert look("visited", home) == "never"


def test_an_empty_home_waits_for_no_visit(home: Dwelling, look: Look) -> None:
    assert look("visited", home) is None
