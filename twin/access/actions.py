from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from twin.access.events import RoleEnded, RoleGranted, TokenRevoked
from twin.access.models import AuditEntry, RightsChange, Role, Token
from twin.access.roles import RoleKind
from twin.access.tokens import new_secret
from twin.accounts.models import User
from twin.base.errors import Conflict, Invalid
from twin.base.events import emit
from twin.base.verbs import verb
from twin.places.models import Community, Grid, Unit

ToldOf = Mapping[type[Model], Collection[int]]
"""Models, and the ids of those of their rows that somebody was told of."""


@verb
def grant_role(
    *,
    user: User,
    kind: str,
    community: Community,
    grid: Grid | None = None,
    unit: Unit | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    by: User | None = None,
) -> Role:
    """Give a user a role at a place. Raises Invalid if the place lies in another community, Conflict for work given to a
    resident who has no password: whoever holds that phone would hold the work."""
    for place in (grid, unit):
        if place is not None and place.community_id != community.pk:
            raise Invalid(
                "%(what)s does not belong to %(community)s.",
                what=place,
                community=community,
                where="grid" if place is grid else "unit",
            )
    if kind != RoleKind.RESIDENT and _comes_in_without_password(user):
        raise Conflict("This is a resident's account without a password: who works here needs an own one.",
                       where="user", code="no_own_log_in")  # fmt: skip
    role = Role(user=user, kind=kind, community=community, grid=grid, unit=unit, granted_by=by,
                starts_at=starts_at or timezone.now(), ends_at=ends_at)  # fmt: skip
    role.save()
    RightsChange.objects.create(user=user)
    record(
        by=by, action="role.grant", community=community, subject=role, detail={"user": user.pk, "kind": kind}
    )
    emit(RoleGranted(community_id=community.pk, user_id=user.pk, role_id=role.pk))
    return role


@verb
def move_role(*, role: Role, unit: Unit, because: str) -> Role:
    """A stairwell head's role goes on at the unit that has taken the place of the old one, until the same moment.

    The row ends and another begins, because rows are never changed. `because`: what happened to the old unit.
    """
    now = timezone.now()
    new = Role(user=role.user, kind=role.kind, community=role.community, unit=unit, granted_by=role.granted_by,
               starts_at=max(now, role.starts_at), ends_at=role.ends_at)  # fmt: skip
    Role.objects.filter(pk=role.pk).update(ends_at=new.starts_at)
    new.save()
    RightsChange.objects.create(user=role.user)
    record(by=None, action="role.move", community=role.community, subject=new,
           detail={"user": role.user_id, "instead_of": role.pk, "because": because})  # fmt: skip
    emit(RoleEnded(community_id=role.community_id, user_id=role.user_id, role_id=role.pk))
    emit(RoleGranted(community_id=role.community_id, user_id=role.user_id, role_id=new.pk))
    return new


@verb
def end_role(*, role: Role, by: User | None = None, because: str = "") -> None:
    """End a role now. `because`: what happened to its place, where no person ends it. Raises Conflict if it has ended
    already."""
    now = timezone.now()
    ended = Role.objects.in_force(now).filter(pk=role.pk) | Role.objects.filter(pk=role.pk, starts_at__gt=now)
    if not ended.update(ends_at=max(now, role.starts_at)):
        raise Conflict("This role has ended already.")
    RightsChange.objects.create(user=role.user)
    detail = {"user": role.user_id, "because": because} if because else {}
    record(by=by, action="role.end", community=role.community, subject=role, detail=detail)
    emit(RoleEnded(community_id=role.community_id, user_id=role.user_id, role_id=role.pk))


@verb
def set_active(*, user: User, active: bool, by: User | None = None) -> None:
    """Let a user in, or shut them out at once in every process."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    RightsChange.objects.create(user=user)
    record(by=by, action="user.enable" if active else "user.disable", subject=user)


@verb
def leave(*, user: User) -> None:
    """Somebody signed out: their sockets must notice."""
    RightsChange.objects.create(user=user)


@verb
def issue_token(
    *,
    community: Community,
    kind: str,
    name: str,
    user: User | None = None,
    expires_at: datetime | None = None,
    by: User | None = None,
) -> tuple[Token, str]:
    """A new token and its secret. The secret is shown this once; only its hash is kept."""
    secret, digest = new_secret()
    token = Token.objects.create(
        community=community, kind=kind, name=name, user=user, sha256=digest, expires_at=expires_at
    )
    record(by=by, action="token.issue", community=community, subject=token, detail={"kind": kind})
    return token, secret


@verb
def revoke_token(*, token: Token, by: User | None = None) -> None:
    if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        raise Conflict("This token has been revoked already.")
    if token.user is not None:
        RightsChange.objects.create(user=token.user)
    record(by=by, action="token.revoke", community=token.community, subject=token)
    emit(TokenRevoked(community_id=token.community_id, token_id=token.pk))


@verb
def record(
    *,
    by: User | None,
    action: str,
    community: Community | None = None,
    subject: Model | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
    told_of: ToldOf | None = None,
) -> None:
    """Write into the audit. It can never be changed or deleted. `told_of`: whom a list of many showed."""
    AuditEntry.objects.create(
        by=by,
        action=action,
        community=community,
        subject=subject_of(subject),
        reason=reason,
        detail=detail or {},
        told_of={model._meta.label: sorted(ids) for model, ids in (told_of or {}).items() if ids},
    )


@verb
def record_each(
    *,
    by: User | None,
    action: str,
    community: Community,
    subjects: Sequence[Model],
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one entry for each subject, so that each can be asked who looked at it."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            by=by, action=action, community=community, subject=subject_of(subject), detail=detail or {}
        )
        for subject in subjects
    )


def _comes_in_without_password(user: User) -> bool:
    resident = Role.objects.in_force(timezone.now()).filter(user=user, kind=RoleKind.RESIDENT)
    return not user.has_usable_password() and resident.exists()


def subject_of(row: Model | None) -> str:
    """How the audit names a row: `people.Household:7`."""
    return f"{row._meta.label}:{row.pk}" if row is not None else ""
