from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests.people.conftest import AddPerson, Settle
from twin.base.errors import Conflict, Invalid
from twin.base.events import Event
from twin.people.actions import (
    NewTagging,
    add_starter_tags,
    add_tag,
    change_tag,
    end_tag,
    end_tagging,
    give_tag,
    give_tags,
    verify_tag,
)
from twin.people.events import TagsGiven
from twin.people.models import DwellingTag, Household, HouseholdTag, PersonTag, Tag, TagClass
from twin.places.models import Community, Dwelling

Tags = dict[str, Tag]


def test_a_community_begins_with_29_tags(community: Community) -> None:
    assert len(add_starter_tags(community=community)) == 29
    assert Tag.objects.filter(community=community).count() == 29


def test_and_beginning_twice_changes_nothing(community: Community, tags: Tags) -> None:
    change_tag(tag=tags["veteran"], colour="#000000")
    assert add_starter_tags(community=community)["veteran"].colour == "#000000"
    assert Tag.objects.count() == 29


def test_tags_told_apart_by_colour_are_told_apart_without_it(tags: Tags) -> None:
    looks = [(t.symbol, t.pattern) for t in tags.values() if t.level < 5]
    assert len(set(looks)) == len(looks)
    assert all(t.symbol for t in tags.values() if t.level < 5)


@pytest.mark.parametrize(
    "name", ["基督教信徒", "HIV感染者", "上访人员", "刑满释放", "疑似群租", "Petitioner"]
)
def test_what_would_harm_is_no_tag(name: str, tags: Tags) -> None:
    with pytest.raises(Invalid) as refusal:
        add_tag(tag_class=TagClass.objects.get(code="identity"), code="x", level=2, name=name)
    assert refusal.value.code == "refused_tag"


def test_an_l5_tag_says_nothing_but_its_code(tags: Tags) -> None:
    restricted = TagClass.objects.get(code="restricted")
    with pytest.raises(Invalid):
        add_tag(tag_class=restricted, code="X3", level=5, name="某事")
    with pytest.raises(Invalid):
        add_tag(tag_class=restricted, code="something", level=5)
    assert str(add_tag(tag_class=restricted, code="X3", level=5)) == "X3"


def test_from_l3_on_a_tag_says_why_it_is_kept(tags: Tags) -> None:
    with pytest.raises(Invalid, match="purpose"):
        add_tag(tag_class=TagClass.objects.get(code="care"), code="x", level=3, name="某人")


def test_the_database_says_so_too(tags: Tags) -> None:
    with pytest.raises(IntegrityError, match="an_l5_tag_is_an_opaque_code"):
        Tag.objects.filter(code="X1").update(name="某事")


def test_a_tag_that_has_run_out_is_out_of_view_by_itself(person: AddPerson, tags: Tags) -> None:
    now = timezone.now()
    give_tag(
        tag=tags["visiting"], subject=person(), since=now - timedelta(days=2), until=now - timedelta(days=1)
    )
    assert not PersonTag.objects.current().exists()
    assert PersonTag.objects.at(now - timedelta(days=1, hours=1)).count() == 1


def test_somebody_has_a_tag_once_at_a_time(person: AddPerson, tags: Tags) -> None:
    someone = person()
    give_tag(tag=tags["veteran"], subject=someone)
    with pytest.raises(Conflict):
        give_tag(tag=tags["veteran"], subject=someone)


def test_and_again_after_it_was_ended(person: AddPerson, tags: Tags) -> None:
    someone = person()
    end_tagging(tagging=give_tag(tag=tags["returned"], subject=someone), why="走了")
    give_tag(tag=tags["returned"], subject=someone)
    assert PersonTag.objects.filter(person=someone).count() == 2
    assert PersonTag.objects.current().count() == 1


def test_a_tag_of_persons_is_not_given_to_a_dwelling(flat: Dwelling, tags: Tags) -> None:
    with pytest.raises(Invalid, match="does not apply"):
        give_tag(tag=tags["veteran"], subject=flat)


def test_tags_of_all_three_kinds_are_given_at_once(
    community: Community,
    person: AddPerson,
    settle: Settle,
    flat: Dwelling,
    household: Household,
    tags: Tags,
    told: list[Event],
) -> None:
    someone = person()
    settle(someone, flat)
    given = [
        NewTagging(tags["veteran"].pk, someone.pk, reason="退役证"),
        NewTagging(tags["e_bike"].pk, household.pk),
        NewTagging(tags["let_home"].pk, flat.pk),
        NewTagging(tags["aged_80"].pk, someone.pk),
    ]
    ids = give_tags(community=community, tags=given)
    assert PersonTag.objects.get(pk=ids[0]).reason == "退役证"
    assert HouseholdTag.objects.get(pk=ids[1]).household == household
    assert DwellingTag.objects.get(pk=ids[2]).dwelling == flat
    of_people = next(e for e in told if isinstance(e, TagsGiven) and e.applies_to == "person")
    assert of_people.dwelling_ids == (flat.pk,)


def test_somebody_vouches_for_a_tag(person: AddPerson, tags: Tags, officer: object) -> None:
    row = verify_tag(tagging=give_tag(tag=tags["veteran"], subject=person()), by=officer)  # type: ignore[arg-type]
    assert row.verified_by == officer
    assert row.verified_at is not None


def test_a_tag_that_is_no_longer_said_is_lost_by_who_has_it(person: AddPerson, tags: Tags) -> None:
    give_tag(tag=tags["volunteer"], subject=person())
    end_tag(tag=tags["volunteer"])
    assert not PersonTag.objects.current().exists()
