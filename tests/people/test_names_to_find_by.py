"""However somebody comes into the twin or is renamed: the words by which the name is found are the words of that name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.people.conftest import AddPerson
from tests.people.identities import a_number
from tests.people.roster.conftest import HEADER, Import, bring_in, xlsx, yard
from tests.people.test_key_rotation import NEW, OLD, rotate, sealed
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.demo.residents import move_in
from twin.people.actions import NewPerson, add_people, change_person
from twin.people.models import Person
from twin.people.readings import words_of
from twin.places.models import Building, Community

__all__ = ["bring_in", "sealed", "yard"]  # fixtures of other rooms

NUMBER = a_number(date(1960, 5, 1), 11)
HOME = "船厂大院1栋1单元101"


def found_by() -> dict[str, str]:
    """Each name with its words; fails for words that are not those of the name."""
    rows = dict(Person.objects.values_list("name", "name_words"))
    assert rows == {name: words_of(name) for name in rows}
    return rows


def test_of_people_who_are_added_by_the_thousand(community: Community) -> None:
    add_people(community=community, people=[NewPerson("张伟"), NewPerson("Anna Weber")])
    assert found_by() == {"张伟": " zhangwei zw wei ", "Anna Weber": words_of("Anna Weber")}


def test_of_somebody_who_is_renamed_or_changed_otherwise(person: AddPerson) -> None:
    someone = person("张伟")
    change_person(person=someone, name="李娜")
    change_person(person=someone, phone="13800001234")
    assert found_by() == {"李娜": words_of("李娜")}


def test_of_people_of_a_roster_and_after_a_later_one(bring_in: Import, yard: list[Building]) -> None:
    for phone in ("", "19900002222"):
        bring_in(xlsx(HEADER, ("1", "示大", "户主", "男", NUMBER, phone, HOME)))
        assert found_by() == {"示大": words_of("示大")}


def test_of_people_whom_a_clerk_adds_and_renames(
    client: Client, community: Community, in_role: Callable[..., User]
) -> None:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    form: dict[str, Any] = {"community": community.pk, "name": "李某", "sex": "unknown"}
    client.post(reverse("admin:people_person_add"), form)
    assert set(found_by()) == {"李某"}
    page = reverse("admin:people_person_change", args=[Person.objects.get().pk])
    client.post(page, {"name": "曾某", "sex": "unknown"})
    assert set(found_by()) == {"曾某"}


def test_of_the_residents_of_the_demo(community: Community, yard: list[Building]) -> None:
    _, people = move_in(community=community)
    found_by()
    assert Person.objects.exclude(name_words="").count() == people > 0


def test_and_new_keys_leave_them_as_they_are(sealed: Person, settings: Any) -> None:
    before = found_by()
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()
    assert found_by() == before != {}


def test_and_names_that_were_read_otherwise_are_read_again(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.people.actions.rereading.AT_ONCE", 2)
    add_people(
        community=community, people=[NewPerson(name) for name in ("张伟", "李娜", "曾某", "单某", "王一")]
    )
    Person.objects.filter(name__in=("曾某", "王一")).update(name_words=" cengmou cm mou ")
    said = StringIO()
    call_command("reread_names", stdout=said)
    assert said.getvalue() == "2 names are read differently now.\n"
    assert len(found_by()) == 5
