from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from tests.people.conftest import AddPerson
from tests.people.identities import a_number
from twin.base.canary import sing, verify_keys
from twin.base.models import KeyCanary
from twin.base.rotation import sealed_models
from twin.base.sealed_fields import index_for, text_of
from twin.base.sealing import Unreadable, sealed_by_first_key
from twin.people.actions import NewContact, NewOrganisation, add_emergency_contacts, add_organisations
from twin.people.models import EmergencyContact, Organisation, Person
from twin.places.models import Dwelling

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def sealed(settings: Any, flat: Dwelling, person: AddPerson) -> Person:
    """One of everything that is sealed, with the old key."""
    settings.FIELD_KEYS = [OLD]
    KeyCanary.objects.all().delete()
    sing()
    someone = person(identity=a_number(), phone="13800001234")
    person("乙")
    community = flat.community
    contact = NewContact(someone.pk, "丙", "13900005678")
    add_emergency_contacts(community=community, contacts=[contact])
    shop = NewOrganisation(flat, "店", phone="13700004321")
    add_organisations(community=community, organisations=[shop])
    return someone


def rotate(*options: str) -> str:
    out = StringIO()
    call_command("rotate_field_keys", *options, stdout=out)
    return out.getvalue()


def test_every_sealed_table_is_known() -> None:
    assert set(sealed_models()) >= {Person, EmergencyContact, Organisation}


def test_after_a_rotation_the_new_key_alone_reads_everything(sealed: Person, settings: Any) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    said = rotate()
    assert "people.Person: 1 rows" in said
    settings.FIELD_KEYS = [NEW]
    verify_keys()
    sealed.refresh_from_db()
    assert text_of(sealed, "identity_sealed") == a_number()
    assert text_of(sealed, "phone_sealed") == "13800001234"
    assert text_of(EmergencyContact.objects.get(), "phone_sealed") == "13900005678"
    assert text_of(Organisation.objects.get(), "phone_sealed") == "13700004321"
    assert sealed_by_first_key(sealed.phone_sealed)


def test_everybody_is_still_found(sealed: Person, settings: Any) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()
    index = index_for(Person, "phone_last4_index", "1234", sealed.community_id)
    assert Person.objects.get(phone_last4_index=index) == sealed


def test_rotating_twice_writes_nothing(sealed: Person, settings: Any) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()
    assert "people.Person: 0 rows" in rotate()


def test_without_the_old_key_nothing_is_touched(sealed: Person, settings: Any) -> None:
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match="put the old one back"):
        rotate()
    settings.FIELD_KEYS = [OLD]
    sealed.refresh_from_db()
    assert text_of(sealed, "phone_sealed") == "13800001234"


def test_a_new_index_key_is_taken_up_by_indexing_anew(sealed: Person, settings: Any) -> None:
    settings.INDEX_KEY = b"i" * 32
    with pytest.raises(ImproperlyConfigured, match="TWIN_INDEX_KEY"):
        verify_keys()
    rotate("--index")
    verify_keys()
    index = index_for(Person, "phone_index", "13800001234", sealed.community_id)
    assert Person.objects.get(phone_index=index) == sealed


def test_what_was_copied_into_another_row_is_read_by_nobody(sealed: Person) -> None:
    other = Person.objects.get(name="乙")
    Person.objects.filter(pk=other.pk).update(
        phone_sealed=sealed.phone_sealed,
        phone_index=sealed.phone_index,
        phone_last4_index=sealed.phone_last4_index,
    )
    other.refresh_from_db()
    with pytest.raises(Unreadable):
        text_of(other, "phone_sealed")
