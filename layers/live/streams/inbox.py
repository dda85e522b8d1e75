"""What concerns one user alone: that their roles changed, so that an open page asks anew what it may show; and that
somebody has looked at many people, told to whoever audits the community and to who looked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta

from django.db.models import Max, Q
from django.utils import timezone

from layers.layer import Audience
from layers.live.facts import Fact, ManyLookedFact, RightsFact
from layers.live.registry import register
from layers.live.stream import Level, Stream
from twin.access.events import RoleEnded, RoleGranted
from twin.access.gate import visible
from twin.access.models import AuditEntry, RightsChange, Role
from twin.access.roles import RoleKind
from twin.base.scope import Scope
from twin.people.actions.looking import NOTICE
from twin.people.events import ManyViewed

NOTICES_HELD = timedelta(days=7)
"""Older ones are asked of the audit."""
MOST_NOTICES = 100


def _snapshot(users: Collection[int], scope: Scope) -> Iterator[tuple[int, Fact]]:
    yield from _rights(users)
    entries = AuditEntry.objects.filter(action=NOTICE, at__gte=timezone.now() - NOTICES_HELD)
    newest = visible(entries, to=scope).select_related("by").order_by("-pk")[:MOST_NOTICES]
    facts = _noticed(newest)
    yield from ((user_id, fact) for user_id in users for fact in facts)


def _changed(events: Sequence[RoleGranted | RoleEnded]) -> Iterator[tuple[int, Fact]]:
    yield from _rights({event.user_id for event in events})


def _many_viewed(events: Sequence[ManyViewed]) -> Iterator[tuple[int, Fact]]:
    """To the auditors of the whole community, and to who looked."""
    for event in events:
        entries = AuditEntry.objects.filter(action=NOTICE, community=event.community_id, by=event.user_id)
        for fact in _noticed(entries.select_related("by").order_by("-pk")[:1]):
            for user_id in {event.user_id, *_auditors(event.community_id)}:
                yield user_id, fact


def _auditors(community_id: int) -> Iterable[int]:
    whole = Q(grid=None, unit=None) | Q(grid__parent=None, unit=None)
    roles = Role.objects.in_force(timezone.now()).filter(whole, kind=RoleKind.AUDITOR, community=community_id)
    return roles.values_list("user", flat=True)


def _noticed(entries: Iterable[AuditEntry]) -> list[Fact]:
    return [
        ManyLookedFact(
            id=entry.pk,
            community_id=entry.community_id,
            by_id=entry.by_id,
            by_name=str(entry.by),
            views=entry.detail["views"],
            at=entry.at,
        )
        for entry in entries
        if entry.community_id is not None and entry.by_id is not None
    ]


def _rights(users: Collection[int]) -> Iterator[tuple[int, Fact]]:
    changes = RightsChange.objects.filter(user__in=users).values("user").annotate(latest=Max("at"))
    latest = dict(changes.values_list("user", "latest"))
    for user_id in users:
        yield user_id, RightsFact(latest.get(user_id))


register(
    Stream(
        name="inbox",
        level=Level.USER,
        audience=Audience.GRANTED,
        snapshot=_snapshot,
        facts={RoleGranted: _changed, RoleEnded: _changed, ManyViewed: _many_viewed},
    )
)
