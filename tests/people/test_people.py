from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from tests.people.conftest import AddPerson, Settle
from tests.people.identities import a_number
from twin.base.errors import Conflict, Invalid
from twin.base.events import Event
from twin.base.sealed_fields import index_for, text_of
from twin.people.actions import NewPerson, add_people, change_person, end_person
from twin.people.events import PeopleAdded
from twin.people.models import Person, Residence
from twin.places.actions import found_community
from twin.places.models import Community, Dwelling


def test_an_identity_number_tells_birth_and_sex(person: AddPerson) -> None:
    someone = person(identity=a_number(date(1938, 4, 12), serial=24))
    assert (someone.birth_date, someone.sex) == (date(1938, 4, 12), "female")


def test_an_identity_number_that_says_another_birth_is_refused(person: AddPerson) -> None:
    with pytest.raises(Invalid) as refusal:
        person(identity=a_number(date(1938, 4, 12)), birth_date=date(1938, 4, 13))
    assert refusal.value.where == "people[0].birth_date"


def test_number_and_phone_are_read_back_from_what_is_sealed(person: AddPerson) -> None:
    number = a_number()
    someone = person(identity=f" {number.lower()} ", phone="+86 138-0000-1234")
    assert text_of(someone, "identity_sealed") == number
    assert text_of(someone, "phone_sealed") == "13800001234"


def test_nothing_in_the_table_says_them(person: AddPerson) -> None:
    number = a_number()
    person(identity=number, phone="13800001234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(people_person)::text FROM people_person")
        text = cursor.fetchone()[0]
    for planted in (number, "13800001234", number.encode().hex(), b"13800001234".hex()):
        assert planted not in text


def test_somebody_is_found_by_number_phone_and_its_last_four(person: AddPerson) -> None:
    number = a_number()
    someone = person(identity=number, phone="13800001234")
    for name, text in (
        ("identity_index", number),
        ("phone_index", "13800001234"),
        ("phone_last4_index", "1234"),
    ):
        index = index_for(Person, name, text, someone.community_id)
        assert Person.objects.get(**{name: index}) == someone


def test_the_same_number_has_another_index_in_another_community(community: Community) -> None:
    other = found_community(name="另一社区")
    assert index_for(Person, "phone_index", "13800001234", community.pk) != index_for(
        Person, "phone_index", "13800001234", other.pk
    )


def test_two_people_do_not_have_one_identity_number(community: Community, person: AddPerson) -> None:
    person(identity=a_number())
    with pytest.raises(Conflict) as refusal:
        add_people(community=community, people=[NewPerson("甲"), NewPerson("乙", identity=a_number())])
    assert refusal.value.where == "people[1].identity"
    assert Person.objects.count() == 1


def test_a_family_shares_a_phone(person: AddPerson) -> None:
    assert person("甲", phone="13800001234").phone_index == person("乙", phone="13800001234").phone_index


def test_many_are_added_in_order_and_told_at_once(community: Community, told: list[Event]) -> None:
    ids = add_people(community=community, people=[NewPerson(f"甲{n}") for n in range(5)])
    names = dict(Person.objects.values_list("pk", "name"))
    assert [names[pk] for pk in ids] == [f"甲{n}" for n in range(5)]
    assert told == [PeopleAdded(community_id=community.pk, person_ids=tuple(ids))]


def test_a_new_number_replaces_the_old_birth_date(person: AddPerson) -> None:
    someone = person(identity=a_number(date(1938, 4, 12)))
    changed = change_person(person=someone, identity=a_number(date(1940, 1, 2), serial=12))
    assert (changed.birth_date, changed.sex) == (date(1940, 1, 2), "female")


def test_a_phone_can_be_taken_away(person: AddPerson) -> None:
    changed = change_person(person=person(phone="13800001234"), phone="")
    assert (changed.phone_sealed, changed.phone_index, changed.phone_last4_index) == (None, None, None)


def test_whoever_moves_away_lives_nowhere_and_cannot_be_changed(
    person: AddPerson, settle: Settle, flat: Dwelling
) -> None:
    someone = person()
    settle(someone, flat)
    gone = end_person(person=someone, why="moved_away")
    assert not Residence.objects.current().filter(person=gone).exists()
    with pytest.raises(Conflict):
        change_person(person=gone, name="新名")


def test_the_number_of_who_is_gone_is_free(person: AddPerson) -> None:
    end_person(person=person(identity=a_number()), why="mistake")
    assert person(identity=a_number()).ended_at is None
