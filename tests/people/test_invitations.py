"""Invitations: a code opens one person's own household, once, for a week; nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.people.conftest import AddPerson, Settle
from twin.access.actions import grant_role
from twin.access.models import AuditEntry
from twin.access.roles import RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible, Unauthenticated
from twin.people.actions import (
    end_residence,
    enter_by_invitation,
    invite_resident,
    move_household,
    revoke_invitation,
)
from twin.people.models import Household, Invitation, Person, Residence
from twin.people.querysets import own_households
from twin.places.models import Dwelling, Grid

InRole = Callable[..., User]


@pytest.fixture
def grandmother(person: AddPerson, settle: Settle, flat: Dwelling, household: Household) -> Person:
    one = person("欧阳娜娜")
    settle(one, flat, household_id=household.pk, role="head")
    return one


@pytest.fixture
def worker(in_role: InRole, west: Grid) -> User:
    return in_role(RoleKind.GRID_WORKER, grid=west)


def test_a_code_lets_one_person_into_the_own_household(
    worker: User, household: Household, grandmother: Person
) -> None:
    invitation, code, _ = invite_resident(household=household, person=grandmother, by=worker)
    user = enter_by_invitation(code=f" {code[:4]}-{code[4:8]} {code[8:]} ")
    grandmother.refresh_from_db()
    assert grandmother.user == user
    assert not user.has_usable_password()
    scope = scope_of(user)
    assert [grant.role for grant in scope.grants] == [RoleKind.RESIDENT]
    assert list(own_households(scope).values_list("household", flat=True)) == [household.pk]
    invitation.refresh_from_db()
    assert invitation.used_at is not None
    assert list(
        AuditEntry.objects.filter(action__startswith="resident.").values_list("action", "by").order_by("id")
    ) == [("resident.invite", worker.pk), ("resident.enter", user.pk)]


def test_full_width_digits_are_digits(worker: User, household: Household, grandmother: Person) -> None:
    code = invite_resident(household=household, person=grandmother, by=worker).code
    wide = code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    assert enter_by_invitation(code=wide).pk


def test_a_code_opens_once_and_the_next_one_opens_the_same_account(
    worker: User, household: Household, grandmother: Person
) -> None:
    code = invite_resident(household=household, person=grandmother, by=worker).code
    first = enter_by_invitation(code=code)
    with pytest.raises(Unauthenticated):
        enter_by_invitation(code=code)
    grandmother.refresh_from_db()
    again = invite_resident(household=household, person=grandmother, by=worker).code
    assert enter_by_invitation(code=again) == first
    assert first.roles.count() == 1


def test_a_new_code_revokes_the_one_before(worker: User, household: Household, grandmother: Person) -> None:
    old = invite_resident(household=household, person=grandmother, by=worker).code
    invite_resident(household=household, person=grandmother, by=worker)
    with pytest.raises(Unauthenticated):
        enter_by_invitation(code=old)


def test_a_code_runs_out(worker: User, household: Household, grandmother: Person) -> None:
    invitation, code, _ = invite_resident(household=household, person=grandmother, by=worker)
    long_ago = timezone.now() - timedelta(days=8)
    Invitation.objects.filter(pk=invitation.pk).update(
        created_at=long_ago, expires_at=long_ago + timedelta(days=7)
    )
    with pytest.raises(Unauthenticated):
        enter_by_invitation(code=code)


def test_a_revoked_code_opens_nothing(worker: User, household: Household, grandmother: Person) -> None:
    invitation, code, _ = invite_resident(household=household, person=grandmother, by=worker)
    revoke_invitation(invitation=invitation, by=worker)
    with pytest.raises(Unauthenticated):
        enter_by_invitation(code=code)
    with pytest.raises(Conflict):
        revoke_invitation(invitation=invitation, by=worker)


@pytest.mark.parametrize("code", ["", "12", "abcdefghijkl", "0" * 12, "0" * 13])
def test_what_is_no_code_is_refused_in_the_same_words(household: Household, code: str) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        enter_by_invitation(code=code)
    assert refusal.value.code == "wrong_code"


def test_who_has_moved_out_is_not_let_in(worker: User, household: Household, grandmother: Person) -> None:
    code = invite_resident(household=household, person=grandmother, by=worker).code
    end_residence(residence=Residence.objects.get(person=grandmother))
    with pytest.raises(Unauthenticated):
        enter_by_invitation(code=code)


def test_who_moves_out_later_sees_nothing_more(
    worker: User, household: Household, grandmother: Person
) -> None:
    code = invite_resident(household=household, person=grandmother, by=worker).code
    user = enter_by_invitation(code=code)
    end_residence(residence=Residence.objects.get(person=grandmother))
    assert not own_households(scope_of(user)).exists()


def test_a_worker_invites_in_the_own_grid_only(
    in_role: InRole, east: Grid, household: Household, grandmother: Person
) -> None:
    for stranger in (
        in_role(RoleKind.GRID_WORKER, grid=east),
        in_role(RoleKind.DUTY_OFFICER),
        in_role(RoleKind.WALL),
        in_role(RoleKind.RESIDENT),
    ):
        with pytest.raises(NotVisible):
            invite_resident(household=household, person=grandmother, by=stranger)


def test_an_invitation_of_a_household_that_has_moved_away_is_not_the_old_workers(
    worker: User, household: Household, grandmother: Person, east_flat: Dwelling
) -> None:
    invitation = invite_resident(household=household, person=grandmother, by=worker).invitation
    move_household(household=household, to=east_flat)
    assert not Invitation.objects.visible_to(scope_of(worker)).exists()
    with pytest.raises(NotVisible):
        revoke_invitation(invitation=Invitation.objects.get(pk=invitation.pk), by=worker)


def test_only_who_belongs_to_the_household_is_invited(
    worker: User, household: Household, person: AddPerson, settle: Settle, other_flat: Dwelling
) -> None:
    neighbour = person("李远")
    settle(neighbour, other_flat)
    with pytest.raises(Invalid):
        invite_resident(household=household, person=neighbour, by=worker)


def test_a_code_never_opens_the_account_of_a_worker_who_lives_there(
    worker: User, in_role: InRole, household: Household, grandmother: Person
) -> None:
    code = invite_resident(household=household, person=grandmother, by=worker).code
    user = enter_by_invitation(code=code)
    next_code = invite_resident(household=household, person=Person.objects.get(), by=worker).code
    user.set_password("a password of their own")
    user.save()
    grant_role(user=user, kind=RoleKind.DUTY_OFFICER, community=household.community)
    with pytest.raises(Conflict) as refusal:
        enter_by_invitation(code=next_code)
    assert refusal.value.code == "has_own_log_in"
    with pytest.raises(Conflict):
        invite_resident(household=household, person=Person.objects.get(), by=worker)


def test_code_and_link_are_nowhere_in_the_database(
    worker: User, household: Household, grandmother: Person
) -> None:
    _, code, link = invite_resident(household=household, person=grandmother, by=worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_invitation::text FROM people_invitation")
        kept = str(cursor.fetchall())
        cursor.execute("SELECT access_auditentry::text FROM access_auditentry")
        kept += str(cursor.fetchall())
    for secret in (code, link):
        assert secret not in kept
        assert secret.encode().hex() not in kept


def test_the_database_holds_one_open_invitation_for_a_person(
    worker: User, household: Household, grandmother: Person
) -> None:
    invitation = invite_resident(household=household, person=grandmother, by=worker).invitation
    second = Invitation(
        community=household.community, household=household, person=grandmother, code_index=b"x",
        expires_at=invitation.expires_at,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="one_open_invitation"), transaction.atomic():
        second.save()
