from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.people.conftest import AddPerson, Settle
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.people.actions import add_tag, change_person, looking, set_privacy_rule
from twin.people.models import Person, Tag
from twin.places.models import Community, Dwelling, Grid

InRole = Callable[..., User]
Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def zhang_wei(person: AddPerson, settle: Settle, flat: Dwelling) -> Person:
    someone = person("张伟", phone="13800001234")
    settle(someone, flat)
    return someone


def asker(client: Client, community: Community, user: User) -> Ask:
    client.force_login(user)

    def ask(text: str) -> list[dict[str, Any]]:
        answer = client.get("/api/search/", {"community": community.pk, "q": text})
        assert answer.status_code == 200, answer.content
        assert answer.headers["Cache-Control"] == "no-store"
        found: list[dict[str, Any]] = answer.json()
        return found

    return ask


@pytest.fixture
def ask(client: Client, community: Community, officer: User) -> Ask:
    return asker(client, community, officer)


def people(found: list[dict[str, Any]]) -> list[int]:
    return [result["id"] for result in found if result["kind"] == "person"]


@pytest.mark.parametrize("text", ["张伟", "zhangwei", "Zhang Wei", "zw", "zhangw"])
def test_somebody_is_found_by_name_however_it_is_typed(ask: Ask, zhang_wei: Person, text: str) -> None:
    assert people(ask(text)) == [zhang_wei.pk]


def test_and_told_masked_with_the_home_to_open(ask: Ask, zhang_wei: Person, flat: Dwelling) -> None:
    [found] = ask("zhangwei")
    assert found["title"] == "张**"
    assert found["dwelling"] == flat.pk
    assert found["subtitle"] == "海棠路100弄1号楼1单元501室"
    assert found["center"] == pytest.approx(flat.footprint.point_on_surface.coords)


def test_characters_find_no_namesake_in_sound(
    ask: Ask, zhang_wei: Person, person: AddPerson, settle: Settle, other_flat: Dwelling
) -> None:
    sounds_alike = person("章薇")
    settle(sounds_alike, other_flat)
    assert people(ask("张伟")) == [zhang_wei.pk]
    assert set(people(ask("zhangwei"))) == {zhang_wei.pk, sounds_alike.pk}


def test_whose_name_it_is_wholly_comes_first(
    ask: Ask, person: AddPerson, settle: Settle, flat: Dwelling
) -> None:
    longer, whole = person("张伟明"), person("张伟")
    for someone in (longer, whole):
        settle(someone, flat)
    assert people(ask("zhangwei")) == [whole.pk, longer.pk]


def test_a_changed_name_is_found_and_the_old_one_is_not(ask: Ask, zhang_wei: Person) -> None:
    change_person(person=zhang_wei, name="李娜")
    assert people(ask("lina")) == [zhang_wei.pk]
    assert people(ask("zhangwei")) == []


def test_with_two_homes_there_are_two_results(
    ask: Ask, zhang_wei: Person, settle: Settle, flat: Dwelling, other_flat: Dwelling
) -> None:
    settle(zhang_wei, other_flat)
    assert {result["dwelling"] for result in ask("zhangwei")} == {flat.pk, other_flat.pk}


def test_who_may_reveal_no_name_finds_nobody_by_it(
    client: Client, community: Community, in_role: InRole, zhang_wei: Person
) -> None:
    assert asker(client, community, in_role(RoleKind.WALL))("zhangwei") == []
    assert not AuditEntry.objects.filter(action="people.search_by_name")


def test_a_worker_finds_people_of_the_own_grid_alone(
    client: Client, community: Community, in_role: InRole, west: Grid, east: Grid, zhang_wei: Person
) -> None:
    found = {
        grid.name: people(asker(client, community, in_role(RoleKind.GRID_WORKER, grid=grid))("zw"))
        for grid in (west, east)
    }
    assert found == {west.name: [zhang_wei.pk], east.name: []}


def test_that_somebody_was_found_is_in_the_audit_without_the_name(ask: Ask, zhang_wei: Person) -> None:
    ask("zhangwei")
    entry = AuditEntry.objects.get(action="people.search_by_name")
    assert entry.detail["found"] == 1
    assert "zhang" not in f"{entry.subject}{entry.reason}{entry.detail}"


def noted() -> int:
    return AuditEntry.objects.filter(action="people.search_by_name").count()


def test_a_question_that_is_still_being_typed_is_noted_once(ask: Ask, zhang_wei: Person) -> None:
    for typed in ("zh", "zhan", "zhangw", "zhang wei"):
        assert people(ask(typed)) == [zhang_wei.pk]
    assert noted() == 1


@pytest.mark.parametrize("next_one", ["zw", "wei", "zhan"])
def test_another_question_is_noted_anew(ask: Ask, zhang_wei: Person, next_one: str) -> None:
    for asked in ("zhang", next_one):
        ask(asked)
    assert noted() == 2


def test_a_question_that_goes_on_much_later_is_noted_anew(
    ask: Ask, zhang_wei: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("zhang")
    monkeypatch.setattr(looking, "STILL_TYPING", timedelta(0))
    ask("zhangwei")
    assert noted() == 2


def test_two_who_ask_the_same_are_noted_each(
    client: Client, community: Community, in_role: InRole, zhang_wei: Person
) -> None:
    for kind in (RoleKind.DUTY_OFFICER, RoleKind.COMMUNITY_ADMIN):
        asker(client, community, in_role(kind))("zhang")
    assert noted() == 2


@pytest.mark.parametrize(
    "text",
    [
        "z",
        "张",
        "%",
        "%%",
        "_w",
        "z%wei",
        "zh_ngwei",
        "\\",
        "🏠",
        "张🏠",
        "张.",
        "zhang\x00",
        "张" * 3400,
        "z" * 10_000,
    ],
)
def test_nonsense_finds_nobody_or_who_is_called_so(ask: Ask, zhang_wei: Person, text: str) -> None:
    called_so = [zhang_wei.pk] if text.startswith("zhang") else []
    assert people(ask(text)) == called_so


def digits(client: Client, community: Community, said: str) -> Any:
    body = {"community": community.pk, "digits": said}
    return client.post("/api/search/digits/", body, content_type="application/json")


def test_last_digits_find_somebody_and_are_noted(
    client: Client, community: Community, officer: User, zhang_wei: Person, flat: Dwelling
) -> None:
    client.force_login(officer)
    answer = digits(client, community, "1234")
    [found] = answer.json()
    assert (found["title"], found["dwelling"]) == ("张**", flat.pk)
    assert answer.headers["Cache-Control"] == "no-store"
    assert AuditEntry.objects.filter(action="people.search_by_digits", by=officer).count() == 1


def test_who_asks_too_often_is_told_to_wait(client: Client, community: Community, officer: User) -> None:
    set_privacy_rule(community=community, digit_searches_per_minute=1)
    client.force_login(officer)
    assert [digits(client, community, "1234").status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("said", ["", "123", "12345", "abcd", "１２３４", "%%%%"])
def test_anything_but_four_digits_is_refused(
    client: Client, community: Community, officer: User, said: str
) -> None:
    client.force_login(officer)
    assert digits(client, community, said).status_code == 400


def test_the_search_for_names_never_looks_at_phones(ask: Ask, zhang_wei: Person) -> None:
    assert people(ask("1234")) == []


@pytest.mark.parametrize("text", ["独居", "独居老人", "elder living", "djlr", "dujulaoren"])
def test_a_tag_is_found_by_its_name(ask: Ask, tags: dict[str, Tag], text: str) -> None:
    assert tags["elder_alone"].pk in [found["id"] for found in ask(text) if found["kind"] == "tag"]


def test_a_tag_that_is_not_told_to_the_viewer_is_not_found(
    client: Client, community: Community, in_role: InRole, tags: dict[str, Tag]
) -> None:
    for level in (3, 4):
        add_tag(
            tag_class=tags["elder_alone"].tag_class, code=f"xyzzy_{level}", level=level, name=f"试验{level}",
            applies_to="person", purpose="为何", basis="据何",
        )  # fmt: skip
    titles = {
        kind: [found["title"] for found in asker(client, community, in_role(kind))("试验")]
        for kind in (RoleKind.WALL, RoleKind.DUTY_OFFICER)
    }
    assert titles == {RoleKind.WALL: ["试验3"], RoleKind.DUTY_OFFICER: ["试验3", "试验4"]}
