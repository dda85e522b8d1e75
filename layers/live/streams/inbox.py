"""What concerns one user alone. So far: that their roles changed, so that an open page asks anew what it may show."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.db.models import Max

from layers.layer import Audience
from layers.live.facts import Fact, RightsFact
from layers.live.registry import register
from layers.live.stream import Level, Stream
from twin.access.events import RoleEnded, RoleGranted
from twin.access.models import RightsChange
from twin.base.scope import Scope


def _snapshot(users: Collection[int], scope: Scope) -> Iterator[tuple[int, Fact]]:
    yield from _rights(users)


def _changed(events: Sequence[RoleGranted | RoleEnded]) -> Iterator[tuple[int, Fact]]:
    yield from _rights({event.user_id for event in events})


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
        facts={RoleGranted: _changed, RoleEnded: _changed},
    )
)
