"""Scopes from roles. A scope is resolved once per request and held in memory by a socket until rights change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from twin.access.models import Role, Token
from twin.access.roles import OPENS
from twin.accounts.models import User
from twin.base.scope import NOBODY, Grant, Scope
from twin.places.models import Grid


def scope_of(user: User, *, at: datetime | None = None) -> Scope:
    """What this user may see at that moment (UTC, default now). A disabled user sees nothing."""
    if not user.is_active:
        return NOBODY
    moment = at or timezone.now()
    roles = list(_roles_from(user, moment))
    held = [role for role in roles if role.starts_at <= moment]
    return Scope(
        user_id=user.pk,
        staff_of=frozenset(role.community_id for role in held if OPENS[role.kind].shapes),
        grants=tuple(_grant(role) for role in held),
        until=min(_changes(roles, moment), default=None),
    )


def scope_of_token(token: Token) -> Scope:
    """A device token sees nothing, it only brings; the others act for their user, in the community that issued them: its
    admin must not come by rights that the user has elsewhere."""
    if token.user is None:
        return Scope(token_id=token.pk)
    return scope_of(token.user).in_community(token.community_id)


def _roles_from(user: User, moment: datetime) -> QuerySet[Role]:
    """Those in force and those to come, each with the path of its grid, or of the whole community. One query: every
    request begins with it."""
    root = Grid.objects.filter(community=OuterRef("community"), parent=None).order_by().values("path")
    not_over = Role.objects.filter(Q(ends_at=None) | Q(ends_at__gt=moment), user=user)
    return not_over.annotate(path=Coalesce("grid__path", Subquery(root[:1]))).order_by("pk")


def _grant(role: Any) -> Grant:
    opens = OPENS[role.kind]
    return Grant(
        role.community_id,
        role.kind,
        role.path if role.unit_id is None else "",
        role.unit_id,
        facts=opens.facts,
        tag_level=opens.tag_level,
        people=opens.people,
        reveals=opens.reveals,
        gives=opens.gives,
    )


def _changes(roles: list[Role], moment: datetime) -> Iterator[datetime]:
    """When this answer stops being right by itself: a role ends, or begins."""
    for role in roles:
        if role.starts_at > moment:
            yield role.starts_at
        elif role.ends_at is not None:
            yield role.ends_at
