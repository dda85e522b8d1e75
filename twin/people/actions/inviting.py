"""Residents sign in by invitation: a worker gives a code or a link to one person of a household, and it opens once.

The code is twelve digits, for people read it to each other over the telephone and type it on a phone's number pad; whoever
tries is slowed down at the door. The link, drawn as a QR code, is too long to be guessed and needs no such door: who holds it
comes in while somebody else floods the door with wrong codes. Both are kept as keyed digests and run out after a week.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from secrets import randbelow, token_hex, token_urlsafe
from typing import NamedTuple

from django.utils import timezone

from twin.access.actions import grant_role, record
from twin.access.models import Role
from twin.access.roles import MAY_INVITE_RESIDENTS, RoleKind
from twin.access.scopes import scope_of
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid, NotVisible, Unauthenticated
from twin.base.events import emit
from twin.base.sealing import blind_index
from twin.base.verbs import verb
from twin.people.actions.people import change_person
from twin.people.events import ResidentEntered, ResidentInvited
from twin.people.models import Household, Invitation, Person

DIGITS = 12
LINK_BYTES = 24
ACCOUNTS = "resident-"
"""How the names of accounts begin that are opened by a code and by nothing else."""
OPEN_FOR = timedelta(days=7)


class Invited(NamedTuple):
    """An invitation, with what opens it; that is told this once. `link`: 32 characters, made to stand in an address."""

    invitation: Invitation
    code: str
    link: str


@verb
def invite_resident(*, household: Household, person: Person, by: User | None) -> Invited:
    """A new invitation; what was open for the person before is revoked.

    `by=None` is the installation itself. Raises NotVisible for who may not invite there, Invalid for somebody who does not
    belong to the household, Conflict for who signs in with a password.
    """
    _demand_inviter(by, household)
    if not _belongs(person, household):
        raise Invalid("This person does not belong to the household.", where="person")
    _refuse_own_log_in(person)
    Invitation.objects.open().filter(person=person).update(revoked_at=timezone.now())
    code, link = f"{randbelow(10**DIGITS):0{DIGITS}d}", token_urlsafe(LINK_BYTES)
    invitation = Invitation.objects.create(
        community_id=household.community_id,
        household=household,
        person=person,
        code_index=_index(code),
        link_index=_link_index(link),
        issued_by=by,
        expires_at=timezone.now() + OPEN_FOR,
    )
    record(by=by, action="resident.invite", community=household.community, subject=invitation,
           detail={"household": household.pk, "person": person.pk})  # fmt: skip
    emit(ResidentInvited(community_id=household.community_id, invitation_id=invitation.pk))
    return Invited(invitation, code, link)


@verb
def revoke_invitation(*, invitation: Invitation, by: User | None) -> Invitation:
    """The code opens nothing any more. Raises NotVisible like `invite_resident`, Conflict once it is used or revoked."""
    _demand_inviter(by, invitation.household)
    if not Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        raise Conflict("This invitation has been used or revoked already.", code="already_done")
    invitation.refresh_from_db()
    record(by=by, action="resident.revoke", community=invitation.community, subject=invitation)
    return invitation


@verb
def enter_by_invitation(*, code: str) -> User:
    """Whom the code lets in: the person's own account, which holds nothing but the role of a resident. It opens no more.

    Raises Unauthenticated, always in the same words, for a code that is not known, was used or revoked, has run out, or
    whose person has left the household.
    """
    return _enter(code_index=_index(_digits_of(code)))


@verb
def enter_by_link(*, link: str) -> User:
    """Like `enter_by_invitation`, for the link of an invitation."""
    return _enter(link_index=_link_index(link))


def _enter(**opened_by: bytes) -> User:
    held = Invitation.objects.open().select_for_update(no_key=True, of=("self",))
    invitation = (
        held.select_related("person__user", "household", "community")
        .filter(**opened_by, expires_at__gt=timezone.now())
        .first()
    )
    if invitation is None or not _belongs(invitation.person, invitation.household):
        raise _wrong_code()
    _refuse_own_log_in(invitation.person)
    user = invitation.person.user or _account_of(invitation.person)
    resident = Role.objects.in_force(timezone.now()).filter(user=user, kind=RoleKind.RESIDENT)
    if not resident.filter(community=invitation.community).exists():
        grant_role(user=user, kind=RoleKind.RESIDENT, community=invitation.community, by=invitation.issued_by)
    Invitation.objects.filter(pk=invitation.pk).update(used_at=timezone.now())
    record(by=user, action="resident.enter", community=invitation.community, subject=invitation)
    emit(ResidentEntered(community_id=invitation.community_id, invitation_id=invitation.pk))
    return user


def _demand_inviter(by: User | None, household: Household) -> None:
    if by is None:
        return
    inviting = scope_of(by).where(lambda grant: grant.role in MAY_INVITE_RESIDENTS)
    if not Household.objects.visible_to(inviting).standing().filter(pk=household.pk).exists():
        raise NotVisible("There is nothing here for you.")


def _belongs(person: Person, household: Household) -> bool:
    stays = household.residences.current().filter(person=person, person__ended_at=None)  # type: ignore[attr-defined]
    found: bool = household.ended_at is None and stays.exists()
    return found


def _refuse_own_log_in(person: Person) -> None:
    """A code opens a resident's account and no other: not that of a worker who lives here as well."""
    user = person.user
    if user is None:
        return
    others = Role.objects.in_force(timezone.now()).filter(user=user).exclude(kind=RoleKind.RESIDENT)
    if user.has_usable_password() or not user.is_active or others.exists():
        raise Conflict("This person signs in with a password.", where="person", code="has_own_log_in")


def _account_of(person: Person) -> User:
    user = User(username=f"{ACCOUNTS}{token_hex(8)}", name=f"居民 {person.pk}")
    user.set_unusable_password()
    user.save()
    change_person(person=person, user=user)
    return user


def _digits_of(text: str) -> str:
    """What was typed, without spaces and dashes, full-width digits as plain ones. Raises Unauthenticated for no code."""
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isdecimal())
    if len(digits) != DIGITS:
        raise _wrong_code()
    return digits


def _index(code: str) -> bytes:
    return blind_index(code, purpose="people.Invitation.code")


def _link_index(link: str) -> bytes:
    return blind_index(link, purpose="people.Invitation.link")


def _wrong_code() -> Unauthenticated:
    return Unauthenticated(
        "This code opens nothing: it is mistyped, used or has run out. Ask your grid worker for a new one.",
        where="code",
        code="wrong_code",
    )
