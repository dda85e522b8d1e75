"""Whatever the program forgets: rows that do not fit together are refused, by name."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.people.conftest import AddPerson, Settle
from twin.base.refusals import reason_of
from twin.people.actions import NewHousehold, NewPerson, add_household, add_person, add_starter_tags, give_tag
from twin.people.models import Household, HouseholdTag, PersonTag, Residence, Tag
from twin.places.actions import found_community
from twin.places.models import Community, Dwelling


@pytest.fixture
def elsewhere(db: None) -> Community:
    return found_community(name="另一社区")


def test_a_person_of_another_community_lives_here(
    person: AddPerson, settle: Settle, flat: Dwelling, elsewhere: Community
) -> None:
    residence = settle(person(), flat)
    stranger = add_person(community=elsewhere, person=NewPerson("外人"))
    with pytest.raises(IntegrityError, match="nothing_crosses_communities"):
        Residence.objects.filter(pk=residence.pk).update(person=stranger)


def test_somebody_lives_beside_their_household(
    person: AddPerson, settle: Settle, flat: Dwelling, east_flat: Dwelling, household: Household
) -> None:
    residence = settle(person(), flat, household_id=household.pk)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Residence.objects.filter(pk=residence.pk).update(dwelling=east_flat)
    assert "户" in reason_of(refusal.value) or "household" in reason_of(refusal.value)


def test_a_tag_of_another_community_is_given(
    person: AddPerson, tags: dict[str, Tag], elsewhere: Community
) -> None:
    tagging = give_tag(tag=tags["veteran"], subject=person())
    with pytest.raises(IntegrityError, match="nothing_crosses_communities"):
        PersonTag.objects.filter(pk=tagging.pk).update(tag=add_starter_tags(community=elsewhere)["veteran"])


def test_a_tag_of_people_is_given_to_a_household(
    community: Community, household: Household, tags: dict[str, Tag]
) -> None:
    tagging = give_tag(tag=tags["e_bike"], subject=household)
    with pytest.raises(IntegrityError, match="a_tag_is_given_to_what_it_applies_to"):
        HouseholdTag.objects.filter(pk=tagging.pk).update(tag=tags["veteran"])


def test_a_phone_without_its_index(person: AddPerson) -> None:
    someone = person(phone="13800001234")
    with pytest.raises(IntegrityError, match="a_sealed_phone_has_its_indexes"):
        type(someone).objects.filter(pk=someone.pk).update(phone_last4_index=None)


def test_a_household_in_a_dwelling_of_another_community(
    community: Community, flat: Dwelling, elsewhere: Community
) -> None:
    household = add_household(community=community, household=NewHousehold(flat.pk))
    with pytest.raises(IntegrityError, match="nothing_crosses_communities"):
        Household.objects.filter(pk=household.pk).update(community=elsewhere)
