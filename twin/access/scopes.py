"""Scopes from roles. A scope is resolved once per request and held in memory by a socket until rights change."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
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
    roles = list(Role.objects.in_force(moment).filter(user=user).select_related("grid"))
    roots = _root_paths({r.community_id for r in roles})
    return Scope(
        user_id=user.pk,
        staff_of=frozenset(r.community_id for r in roles if OPENS[r.kind].shapes),
        grants=tuple(_grant(r, roots) for r in roles),
        until=_next_change(user, roles, moment),
    )


def scope_of_token(token: Token) -> Scope:
    """A device token sees nothing, it only brings; the others act for their user, in the community that issued them: its
    admin must not come by rights that the user has elsewhere."""
    if token.user is None:
        return Scope(token_id=token.pk)
    return scope_of(token.user).in_community(token.community_id)


def _root_paths(community_ids: set[int]) -> dict[int, str]:
    roots = Grid.objects.filter(community__in=community_ids, parent=None)
    return dict(roots.values_list("community", "path"))


def _grant(role: Role, roots: dict[int, str]) -> Grant:
    path = ""
    if role.unit_id is None:
        path = role.grid.path if role.grid else roots[role.community_id]
    opens = OPENS[role.kind]
    return Grant(
        role.community_id,
        role.kind,
        path,
        role.unit_id,
        facts=opens.facts,
        tag_level=opens.tag_level,
        people=opens.people,
        reveals=opens.reveals,
        gives=opens.gives,
    )


def _next_change(user: User, roles: list[Role], moment: datetime) -> datetime | None:
    """When this answer stops being right by itself: the first role that ends or begins."""
    begins = Role.objects.filter(Q(ends_at=None) | Q(ends_at__gt=moment), user=user, starts_at__gt=moment)
    times = [r.ends_at for r in roles if r.ends_at] + list(begins.values_list("starts_at", flat=True))
    return min(times, default=None)
