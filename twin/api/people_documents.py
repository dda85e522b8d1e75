"""The JSON documents of people. Everything personal is masked; what the viewer has no right to is null, never left out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from twin.access.roles import Personal
from twin.api.alarms import Words
from twin.api.points_documents import BandEntry
from twin.people.counts import PersonState
from twin.people.models import Household, Organisation, Person, Residence, Tag

REVEALED_FIELDS = ["name", "birth_date", "phone", "identity", "contact_name"]


class TagGiven(serializers.Serializer[Any]):
    """A tag on something. Reason and who said so are for those who work with people, else null."""

    id = serializers.IntegerField(help_text="Of the tagging, in the table of what the tag applies to")
    tag_id = serializers.IntegerField()
    code = serializers.CharField()
    name = Words()
    tag_class = serializers.CharField(help_text="Code of the class")
    level = serializers.IntegerField(min_value=1, max_value=4)
    colour = serializers.CharField()
    pattern = serializers.ChoiceField(choices=Tag.Pattern.choices)
    symbol = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_null=True)
    said_by = serializers.CharField(allow_null=True)
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)
    verified_by = serializers.CharField(allow_null=True)


def gives() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0, max_value=5, help_text="Up to which level the viewer gives and ends tags here; 0: none"
    )


def changes_at() -> serializers.DateTimeField:
    return serializers.DateTimeField(
        allow_null=True,
        help_text="When the first of these tags runs out by itself: ask anew then; null: none does",
    )


class Contact(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(help_text="Masked")
    relation = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(help_text="Masked")


class Stay(serializers.Serializer[Any]):
    """A residence, present or past."""

    id = serializers.IntegerField()
    dwelling_id = serializers.IntegerField()
    address = serializers.CharField()
    household_id = serializers.IntegerField(allow_null=True)
    basis = serializers.ChoiceField(choices=Residence.Basis.choices)
    tenure = serializers.ChoiceField(choices=Residence.Tenure.choices)
    role = serializers.ChoiceField(choices=Residence.Role.choices)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)


class PastStay(serializers.Serializer[Any]):
    """Who was here before; no more than a masked name."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="Masked")
    basis = serializers.ChoiceField(choices=Residence.Basis.choices)
    tenure = serializers.ChoiceField(choices=Residence.Tenure.choices)
    role = serializers.ChoiceField(choices=Residence.Role.choices)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class PersonEntry(serializers.Serializer[Any]):
    """A person, masked. A field that the viewer's rights do not tell is null; an empty one is not known."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="Masked: 王**")
    sex = serializers.ChoiceField(choices=Person.Sex.choices, allow_null=True)
    age = serializers.IntegerField(allow_null=True, help_text="Full years today; null: unknown, or not told")
    phone = serializers.CharField(allow_null=True, allow_blank=True, help_text="Masked: 138****1234")
    identity_kind = serializers.CharField(allow_null=True, allow_blank=True)
    identity = serializers.CharField(
        allow_null=True, allow_blank=True, help_text="Masked but for two characters"
    )
    tags = TagGiven(many=True)
    extra_care = serializers.BooleanField(help_text="More is not told; false for who may not know it")
    gives = gives()
    contacts = Contact(many=True, allow_null=True)
    told = serializers.ListField(
        child=serializers.ChoiceField(choices=Personal.choices), help_text="What the viewer is told"
    )
    reveals = serializers.ListField(
        child=serializers.ChoiceField(choices=Personal.choices), help_text="What the viewer may reveal"
    )


class Member(PersonEntry):
    """A person in this dwelling."""

    state = serializers.ChoiceField(choices=PersonState.choices, help_text="Derived from both bases")
    role = serializers.ChoiceField(choices=Residence.Role.choices)
    tenure = serializers.ChoiceField(choices=Residence.Tenure.choices)
    since = serializers.DateTimeField()
    elsewhere = Stay(many=True, help_text="Other homes that the viewer may know of")


class SharedSpace(serializers.Serializer[Any]):
    dwelling_id = serializers.IntegerField()
    room = serializers.CharField()
    households = serializers.IntegerField(help_text="How many share it")


class PointsBrief(serializers.Serializer[Any]):
    """What the household's points come to; how it came to that is told at its own address."""

    balance = serializers.IntegerField(allow_null=True, help_text="Null where it is not told")
    band = BandEntry(allow_null=True)


class HouseholdEntry(serializers.Serializer[Any]):
    """A household and who belongs to it here."""

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="Tells the households of one dwelling apart")
    kind = serializers.ChoiceField(choices=Household.Kind.choices)
    called = serializers.CharField(allow_blank=True, help_text="The masked name of its head")
    dwelling_id = serializers.IntegerField()
    members = Member(many=True)
    tags = TagGiven(many=True)
    extra_care = serializers.BooleanField()
    gives = gives()
    shares = SharedSpace(many=True)
    points = PointsBrief()


class OrganisationEntry(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Organisation.Kind.choices)
    contact_name = serializers.CharField(allow_null=True, allow_blank=True, help_text="Masked")
    phone = serializers.CharField(allow_null=True, allow_blank=True, help_text="Masked")


class SomeoneNamed(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(help_text="Masked")


class CarePairEntry(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    helper = SomeoneNamed()
    cared_for = SomeoneNamed()
    since = serializers.DateTimeField()


class SharingHousehold(serializers.Serializer[Any]):
    """A household that uses this dwelling as a shared space."""

    id = serializers.IntegerField()
    dwelling_id = serializers.IntegerField()
    room = serializers.CharField()
    number = serializers.CharField()


class CountsHere(serializers.Serializer[Any]):
    """Two counts: neither is derived from the other."""

    registered = serializers.IntegerField()
    actual = serializers.IntegerField()
    households = serializers.IntegerField()


class Panorama(serializers.Serializer[Any]):
    """The story of one window. Residents see their household by its own address instead."""

    dwelling_id = serializers.IntegerField()
    counts = CountsHere()
    tags = TagGiven(many=True)
    extra_care = serializers.BooleanField()
    gives = gives()
    changes_at = changes_at()
    households = HouseholdEntry(many=True)
    others = Member(
        many=True, help_text="Registered here, or living here without a household of this dwelling"
    )
    organisations = OrganisationEntry(many=True)
    care_pairs = CarePairEntry(many=True)
    shared_by = SharingHousehold(many=True)
    history = PastStay(many=True, help_text="Who was here before, newest first")
    last_met_at = serializers.DateTimeField(
        allow_null=True, help_text="When somebody who visited met them last"
    )


class HouseholdDocument(HouseholdEntry):
    address = serializers.CharField()
    care_pairs = CarePairEntry(many=True)


class PersonDocument(PersonEntry):
    """One person: homes, household, tags now and before."""

    changes_at = changes_at()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_why = serializers.ChoiceField(choices=Person.Ended.choices, allow_blank=True)
    residences = Stay(many=True, help_text="Present and past ones that the viewer may know of, newest first")
    households = HouseholdEntry(many=True)
    past_tags = TagGiven(many=True)
    care_pairs = CarePairEntry(many=True)


class RevealRequest(serializers.Serializer[Any]):
    """One field of one person, emergency contact or organisation."""

    subject = serializers.ChoiceField(choices=["person", "contact", "organisation"])
    id = serializers.IntegerField(min_value=1, max_value=2**53)
    field = serializers.ChoiceField(choices=REVEALED_FIELDS)
    reason = serializers.CharField(min_length=2, max_length=200, help_text="The audit keeps it")


class RevealedField(serializers.Serializer[Any]):
    value = serializers.CharField(allow_blank=True)
    until = serializers.DateTimeField(help_text="Hide it again then")


class TagCount(serializers.Serializer[Any]):
    tag_id = serializers.IntegerField()
    code = serializers.CharField()
    applies_to = serializers.ChoiceField(choices=Tag.Applies.choices)
    count = serializers.IntegerField(help_text="Persons, households or dwellings, as the tag applies")


class PopulationDocument(serializers.Serializer[Any]):
    """Who lives and who is registered in an area now, as far as the viewer may count."""

    registered = serializers.IntegerField()
    actual = serializers.IntegerField()
    households = serializers.IntegerField()
    states = serializers.DictField(
        child=serializers.IntegerField(), help_text="Persons in dwellings, by state"
    )
    tenure = serializers.DictField(
        child=serializers.IntegerField(), help_text="Persons who live here, by tenure"
    )
    tags = TagCount(many=True)
