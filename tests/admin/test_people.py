from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from tests.people.conftest import AddPerson, Settle
from tests.people.identities import a_number
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.base.sealed_fields import text_of
from twin.people.actions import give_tag
from twin.people.models import (
    CarePair,
    EmergencyContact,
    Household,
    Organisation,
    Person,
    PersonTag,
    PrivacyRule,
    Residence,
    Tag,
)
from twin.places.models import Community, Dwelling

Tags = dict[str, Tag]


@pytest.fixture
def admin(in_role: Callable[..., User]) -> User:
    return in_role(RoleKind.COMMUNITY_ADMIN)


@pytest.fixture
def clerk(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


@pytest.fixture
def wang(community: Community, person: AddPerson, settle: Settle, flat: Dwelling) -> Person:
    wang = person("王小明", identity=a_number(), phone="13800001234")
    settle(wang, flat)
    return wang


def fill(clerk: Client, page: str, form: dict[str, Any], pk: int | None = None) -> Any:
    path = reverse(f"admin:people_{page}_change", args=[pk]) if pk else reverse(f"admin:people_{page}_add")
    return clerk.post(path, form)


def errors_of(answer: Any) -> Any:
    return answer.context["adminform"].form.errors


def do(clerk: Client, page: str, action: str, *rows: Any) -> Any:
    form = {"action": action, "_selected_action": [row.pk for row in rows]}
    return clerk.post(reverse(f"admin:people_{page}_changelist"), form, follow=True)


def test_a_page_about_somebody_is_masked_and_noted(clerk: Client, admin: User, wang: Person) -> None:
    pages = (
        reverse("admin:people_person_change", args=[wang.pk]),
        reverse("admin:people_person_changelist"),
    )
    for page in pages:
        text = clerk.get(page).content.decode()
        assert "王**" in text
        assert "138****1234" in text
        for secret in ("小明", "13800001234", a_number(), "1938"):
            assert secret not in text
    entry = AuditEntry.objects.get(action="person.view")
    assert (entry.by, entry.subject) == (admin, f"people.Person:{wang.pk}")


def test_what_is_left_empty_stays_as_it_is(clerk: Client, wang: Person) -> None:
    form = {"sex": "male", "identity_kind": "resident", "name": "", "birth_date": "", "identity": "", "phone": "13900005678",
            "user": ""}  # fmt: skip
    assert fill(clerk, "person", form, wang.pk).status_code == 302
    wang.refresh_from_db()
    assert wang.name == "王小明"
    assert text_of(wang, "identity_sealed") == a_number()
    assert text_of(wang, "phone_sealed") == "13900005678"
    assert "13900005678" not in str(list(LogEntry.objects.values()))


def test_a_wrong_number_is_said_beside_its_field_and_not_repeated(
    clerk: Client, community: Community
) -> None:
    wrong = a_number()[:-1] + ("0" if a_number()[-1] != "0" else "1")
    form = {
        "community": community.pk,
        "name": "李某",
        "sex": "unknown",
        "identity_kind": "",
        "identity": wrong,
    }
    answer = fill(clerk, "person", form)
    assert answer.status_code == 200
    assert "check digit" in str(errors_of(answer)) or "校验" in str(errors_of(answer))
    assert not Person.objects.exists()


def test_somebody_is_added(clerk: Client, community: Community) -> None:
    form = {"community": community.pk, "name": "李某", "sex": "unknown", "identity_kind": "", "identity": a_number(),
            "phone": "13800001234", "birth_date": "", "user": ""}  # fmt: skip
    answer = fill(clerk, "person", form)
    assert answer.status_code == 302, errors_of(answer)
    assert Person.objects.get().sex == "male"


def test_somebody_has_died(clerk: Client, wang: Person) -> None:
    do(clerk, "person", "died", wang)
    wang.refresh_from_db()
    assert (wang.ended_why, Residence.objects.current().count()) == ("died", 0)


def test_a_household_is_founded_lived_in_and_moved(
    clerk: Client,
    community: Community,
    wang: Person,
    person: AddPerson,
    flat: Dwelling,
    east_flat: Dwelling,
) -> None:
    form = {"community": community.pk, "dwelling": flat.pk, "number": "A", "kind": "family"}
    answer = fill(clerk, "household", form)
    assert answer.status_code == 302, errors_of(answer)
    household = Household.objects.get()
    other = person("乙")
    living = {"community": community.pk, "person": other.pk, "dwelling": flat.pk, "household": household.pk,
              "basis": "actual", "tenure": "rent", "role": "head"}  # fmt: skip
    answer = fill(clerk, "residence", living)
    assert answer.status_code == 302, errors_of(answer)
    fill(clerk, "household", {"dwelling": east_flat.pk, "number": "A", "kind": "family"}, household.pk)
    assert Residence.objects.current().get(person=other).dwelling == east_flat
    do(clerk, "household", "end", household)
    assert not Residence.objects.current().filter(person=other).exists()


def test_what_a_verb_refuses_is_said_on_the_form(
    clerk: Client, community: Community, wang: Person, flat: Dwelling
) -> None:
    living = {"community": community.pk, "person": wang.pk, "dwelling": flat.pk, "household": "", "basis": "actual",
              "tenure": "rent", "role": "other"}  # fmt: skip
    answer = fill(clerk, "residence", living)
    assert answer.status_code == 200
    assert errors_of(answer)


def test_shops_carers_and_whom_to_call_are_kept(
    clerk: Client, community: Community, wang: Person, person: AddPerson, flat: Dwelling
) -> None:
    own = {"community": community.pk}
    shop = {"name": "店", "kind": "shop", "dwelling": flat.pk, "contact_name": "周某", "phone": "13700004321"}
    for page, form in (
        ("organisation", shop | own),
        ("carepair", {"helper": person("乙").pk, "cared_for": wang.pk} | own),
        (
            "emergencycontact",
            {"person": wang.pk, "name": "丙某", "relation": "女", "phone": "13600000001"} | own,
        ),
    ):
        answer = fill(clerk, page, form)
        assert answer.status_code == 302, (page, errors_of(answer))
    assert CarePair.objects.current().count() == 1
    assert text_of(EmergencyContact.objects.get(), "phone_sealed") == "13600000001"
    organisation = Organisation.objects.get()
    text = clerk.get(reverse("admin:people_organisation_change", args=[organisation.pk])).content.decode()
    assert "周**" in text
    assert "周某" not in text
    assert "13700004321" not in text
    fill(clerk, "organisation", {"name": "新店", "kind": "shop", "dwelling": flat.pk}, organisation.pk)
    organisation.refresh_from_db()
    assert (organisation.name, organisation.contact_name) == ("新店", "周某")


def test_a_shop_is_in_one_place(clerk: Client, community: Community, flat: Dwelling) -> None:
    form = {
        "community": community.pk,
        "name": "店",
        "kind": "shop",
        "dwelling": flat.pk,
        "unit": flat.unit_id,
    }
    assert fill(clerk, "organisation", form).status_code == 200
    assert not Organisation.objects.exists()


def test_a_tag_is_given_vouched_for_and_ended(
    clerk: Client, admin: User, community: Community, wang: Person, tags: Tags
) -> None:
    form = {
        "community": community.pk,
        "person": wang.pk,
        "tag": tags["veteran"].pk,
        "reason": "证件",
        "source": "窗口",
    }
    answer = fill(clerk, "persontag", form)
    assert answer.status_code == 302, errors_of(answer)
    tagging = PersonTag.objects.get()
    assert tagging.given_by == admin
    do(clerk, "persontag", "vouch", tagging)
    do(clerk, "persontag", "end", tagging)
    tagging.refresh_from_db()
    assert (tagging.verified_by, tagging.ended_by) == (admin, admin)
    assert tagging.valid_until is not None


def test_an_l5_tag_is_given_and_not_seen_again(
    clerk: Client, community: Community, wang: Person, tags: Tags
) -> None:
    form = {
        "community": community.pk,
        "person": wang.pk,
        "tag": tags["X1"].pk,
        "reason": "不可说",
        "source": "",
    }
    assert fill(clerk, "persontag", form).status_code == 302
    assert PersonTag.objects.count() == 1
    assert "不可说" not in clerk.get(reverse("admin:people_persontag_changelist")).content.decode()


def test_a_tag_is_agreed_on_and_what_would_harm_is_refused(
    clerk: Client, community: Community, tags: Tags
) -> None:
    known = {"community": community.pk, "tag_class": tags["veteran"].tag_class_id, "code": "x", "level": 1,
             "applies_to": "person", "colour": "#123456", "pattern": "dots", "symbol": "棋", "position": 40}  # fmt: skip
    answer = fill(clerk, "tag", {**known, "name": "下棋"})
    assert answer.status_code == 302, errors_of(answer)
    assert fill(clerk, "tag", {**known, "code": "y", "name": "上访户"}).status_code == 200
    assert Tag.objects.filter(code="x").exists()
    assert not Tag.objects.filter(code="y").exists()


def test_a_community_sets_when_many_looks_are_noticed(clerk: Client, community: Community) -> None:
    form = {"community": community.pk, "views_before_notice": 30, "views_within": "02:00:00",
            "digit_searches_per_minute": 5}  # fmt: skip
    answer = fill(clerk, "privacyrule", form)
    assert answer.status_code == 302, errors_of(answer)
    assert PrivacyRule.objects.get().views_before_notice == 30


def test_people_and_tags_of_another_community_are_not_there(
    clerk: Client, wang: Person, tags: Tags, in_role: Callable[..., User]
) -> None:
    from twin.access.actions import grant_role
    from twin.places.actions import found_community

    stranger = User.objects.create_user(username="far", password="long enough 1", name="远")
    grant_role(user=stranger, kind=RoleKind.COMMUNITY_ADMIN, community=found_community(name="另一社区"))
    tagging = give_tag(tag=tags["veteran"], subject=wang)
    clerk.force_login(stranger)
    for page, row in (("person", wang), ("tag", tags["veteran"]), ("persontag", tagging)):
        assert "王**" not in clerk.get(reverse(f"admin:people_{page}_changelist")).content.decode()
        assert clerk.get(reverse(f"admin:people_{page}_change", args=[row.pk])).status_code == 302
