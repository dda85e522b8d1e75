"""Invitations in the back office: the code is said once, to who runs the community."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from tests.people.conftest import AddPerson, Settle
from twin.access.roles import RoleKind
from twin.accounts.models import User
from twin.people.actions import enter_by_invitation, invite_resident
from twin.people.models import Household, Invitation, Person
from twin.places.models import Dwelling

InRole = Callable[..., User]
ADD = reverse("admin:people_invitation_add")
LIST = reverse("admin:people_invitation_changelist")


@pytest.fixture
def grandmother(person: AddPerson, settle: Settle, flat: Dwelling, household: Household) -> Person:
    one = person("欧阳娜娜")
    settle(one, flat, household_id=household.pk, role="head")
    return one


def test_a_code_is_given_out_and_said_once(
    client: Client, in_role: InRole, household: Household, grandmother: Person
) -> None:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    answer = client.post(ADD, {"household": household.pk, "person": grandmother.pk})
    assert answer.status_code == 302
    [said, *_] = [str(message) for message in get_messages(answer.wsgi_request) if "邀请码" in str(message)]
    code = "".join(sign for sign in said.partition("有效期")[0] if sign.isdigit())
    assert enter_by_invitation(code=code).pk
    page = client.get(LIST).content.decode()
    assert "欧阳**" in page
    assert code not in page


def test_what_the_verb_refuses_is_said_on_the_form(
    client: Client, in_role: InRole, household: Household, person: AddPerson
) -> None:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    answer = client.post(ADD, {"household": household.pk, "person": person("李远").pk})
    assert "此人不属于该户" in str(answer.context["adminform"].form.errors)
    assert not Invitation.objects.exists()


def test_a_code_is_revoked(
    client: Client, in_role: InRole, household: Household, grandmother: Person
) -> None:
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    client.post(ADD, {"household": household.pk, "person": grandmother.pk})
    invitation = Invitation.objects.get()
    client.post(LIST, {"action": "end", "_selected_action": [invitation.pk]})
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_other_clerks_do_not_come_in(client: Client, in_role: InRole) -> None:
    client.force_login(in_role(RoleKind.AUDITOR))
    assert client.get(LIST).status_code == 403


def test_who_comes_in_by_a_code_is_given_no_role_of_the_staff(
    client: Client, in_role: InRole, household: Household, grandmother: Person
) -> None:
    code = invite_resident(household=household, person=grandmother, by=None).code
    user = enter_by_invitation(code=code)
    client.force_login(in_role(RoleKind.COMMUNITY_ADMIN))
    form = client.get(reverse("admin:access_role_add")).context["adminform"].form
    assert user not in form.fields["user"].queryset
